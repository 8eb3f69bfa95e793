"""One script for each claim in the README. Run one with `python -m benchmarks.NAME`, all with `make bench`."""
