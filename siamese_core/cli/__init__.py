"""The command line: its parser, its commands, and what it shows on a terminal."""
