"""What the page How it works is made of: a file for each chapter."""
