"""What a data set of a person's own may be at most, and what is told of how it was read."""

from collections.abc import Callable
from typing import NamedTuple

from siamese_core.datasets.dataset import Dataset

MOST_TOLD = 50  # files left out that are named; the others are counted
MARKDOWN = "[]<>`$\\*"
LONGEST_NAME = 40  # characters of a class name

OnProgress = Callable[[int, int], None]  # how much is done, and of how much


class Bounds(NamedTuple):
    """The largest data set that is read, and the largest file it may come in."""

    pictures: int = 70_000
    classes: int = 200
    file_mb: int = 2_000
    unpacked_mb: int = 4_000


class Skipped(NamedTuple):
    """A file that was left out."""

    file: str
    why: str  # a sentence


class Reading(NamedTuple):
    """What was understood: all images of a data set, and what was left out."""

    data: Dataset
    skipped: tuple[Skipped, ...] = ()  # the first MOST_TOLD
    skipped_count: int = 0


def clean_name(text: str) -> str:
    """Return a class name in one line of characters that can be printed, at most LONGEST_NAME of them.

    Those by which Markdown makes links and pictures are left out: what others upload is shown as text alone.
    """
    shown = "".join(c if c.isprintable() and c not in MARKDOWN else " " for c in text)
    return " ".join(shown.split())[:LONGEST_NAME].strip()


def in_order(names: set[str]) -> list[str]:
    """Return class names in their order: numbers by value, before words."""
    return sorted(names, key=lambda name: (not name.isdecimal(), int(name) if name.isdecimal() else 0, name))
