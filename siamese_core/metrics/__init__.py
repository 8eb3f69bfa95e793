"""Rates over pairs, and what is derived from them: thresholds, probabilities, confidence intervals."""
