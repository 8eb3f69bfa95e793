"""Maps of embeddings in two or three dimensions, and how far a map can be trusted."""
