"""Compare two digits: their distance, the probability of same, and the test digits nearest to each."""

from typing import NamedTuple

import numpy as np

from siamese_core import evaluation
from siamese_core.model import SiameseModel


class Nearest(NamedTuple):
    """The test digits nearest to one digit, nearest first."""

    indices: np.ndarray  # (k,) int64, in the order of the test digits
    distances: np.ndarray  # (k,) float32


class Comparison(NamedTuple):
    """What a model says of two digits."""

    distance: float
    probability_same: float  # in [0, 1], if half of all pairs were genuine
    left: Nearest
    right: Nearest


def compare(
    model: SiameseModel, left: np.ndarray, right: np.ndarray, test_embeddings: np.ndarray, k: int
) -> Comparison:
    """Compare two digits (28, 28) float32 in [0, 1]; test_embeddings: (n, d), of which the k nearest are found."""
    embeddings = model.embed(np.stack([left, right]))  # (2, d), both in one call
    distance = 0.0 if np.array_equal(left, right) else float(evaluation.distance(embeddings[:1], embeddings[1:])[0])
    nearest = evaluation.nearest(embeddings, test_embeddings, k)
    sides = [Nearest(nearest.indices[i], nearest.distances[i]) for i in range(2)]
    return Comparison(distance, float(model.probability_same(distance)), *sides)
