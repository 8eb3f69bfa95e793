"""Images with labels and class names, pairs of them, and digits that the project draws itself."""
