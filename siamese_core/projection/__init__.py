"""Embeddings in two or three dimensions, and how far such a map can be trusted."""
