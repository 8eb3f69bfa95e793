"""A distance as the sum it is: which numbers of two embeddings it comes from."""

from typing import NamedTuple

import numpy as np


class Terms(NamedTuple):
    """The squared differences under the root of a distance."""

    largest: np.ndarray  # (k,) the largest ones, largest first
    others: float  # the sum of the others
    distance: float  # the root of the sum of all


def terms(a: np.ndarray, b: np.ndarray, k: int) -> Terms:
    """Return the k largest squared differences of two embeddings (d,), or all if there are fewer, and their rest."""
    squares = np.square(np.asarray(a, np.float64) - np.asarray(b, np.float64))
    ordered = np.sort(squares)[::-1]
    return Terms(ordered[:k], float(ordered[k:].sum()), float(np.sqrt(squares.sum())))
