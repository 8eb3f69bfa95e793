"""Data sets (images with labels and class names), pairs of their images, and synthetic digits."""
