"""The entry point of `python -m siamese_core`; see `cli.main`."""

import sys

from siamese_core.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
