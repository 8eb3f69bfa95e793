"""What the pages call the images of a data set: digits where its classes are digits, else pictures."""

from collections.abc import Collection
from typing import NamedTuple

from siamese_core.datasets.mnist import CLASS_NAMES

NAMED = 4  # classes that a sentence lists


class Words(NamedTuple):
    """The nouns for a data set."""

    one: str  # of its images
    many: str
    kind: str  # what two images are the same of: "the same digit"
    kinds: str
    same: str  # what a pair of the same kind is


DIGITS = Words("digit", "digits", "digit", "digits", "the same digit")
SYMBOLS = Words("symbol", "symbols", "symbol", "symbols", "the same symbol")  # for a pair that is judged as such
PICTURES = Words("picture", "pictures", "class", "classes", "of the same class")


def words_of(class_names: Collection[str]) -> Words:
    """Return the nouns for a data set with these classes."""
    return DIGITS if set(class_names) <= set(CLASS_NAMES) else PICTURES


def listed(names: Collection[str], most: int = NAMED) -> str:
    """Return names as a text lists them, "4 and 9", the last of many as a number."""
    shown = list(names)
    if len(shown) > most:
        shown = [*shown[: most - 1], f"{len(shown) - most + 1} more"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
