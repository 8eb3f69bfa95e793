"""Count all pairs of some images at many thresholds, and find the hardest ones, in blocks of rows. NumPy only."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from siamese_core.metrics.curves import Curves
from siamese_core.metrics.hardest import Hardest


class Counted(NamedTuple):
    """What one pass over all pairs finds."""

    curves: Curves
    hardest: Hardest


def count_pairs(embeddings: np.ndarray, labels: np.ndarray, classes: int, thresholds: Sequence[float] = ()) -> Counted:
    """Count all pairs of embeddings (n, d) with labels (n,) from 0 to classes - 1.

    thresholds: distances at which the counts must be exact, beside an even grid from 0 to beyond the largest distance.
    Raises ValueError for embeddings or thresholds that are not numbers, for labels out of range, or unless there are
    pairs of both kinds.
    """
    raise NotImplementedError
