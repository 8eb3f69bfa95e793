"""What the Symbols page is made of."""
