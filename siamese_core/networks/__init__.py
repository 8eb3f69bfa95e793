"""Encoders, and the models made of them: saved, loaded, used to compare."""
