"""Data sets from a person's own files: a folder or a zip with a folder of pictures a class, or a table of pixels."""
