"""One script for each claim of the README. Run one with `python -m benchmarks.NAME`, all with `make bench`."""
