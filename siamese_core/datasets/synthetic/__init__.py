"""Synthetic drawings: digits in many handwritings, and non-digits."""
