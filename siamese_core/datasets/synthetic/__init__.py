"""Drawings that the project makes itself: digits in many hands, and what is no digit."""
