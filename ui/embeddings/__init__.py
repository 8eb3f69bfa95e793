"""What the Embeddings page is made of."""
