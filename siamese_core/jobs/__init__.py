"""Trainings and maps in a worker process."""
