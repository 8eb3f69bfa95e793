"""Compare two digits: their distance and the probability of same, from one call of the encoder."""

from typing import NamedTuple

import numpy as np

from siamese_core.metrics.distances import distance
from siamese_core.networks.model import SiameseModel


class Comparison(NamedTuple):
    """What a model says of two digits."""

    distance: float
    probability_same: float  # in [0, 1], if half of all pairs were genuine
    embeddings: np.ndarray  # (2, d) float32, left and right
    unlike: tuple[bool, bool]  # which of them is unlike any known digit, so that the rest means little


def compare(model: SiameseModel, left: np.ndarray, right: np.ndarray) -> Comparison:
    """Compare two digits (28, 28) float32 in [0, 1]; identical ones have distance 0, however they are rounded.

    Which is unlike any known digit is `SiameseModel.is_novel`'s word. Raises ValueError as `embed`.
    """
    embeddings = model.embed(np.stack([left, right]))
    apart = 0.0 if np.array_equal(left, right) else float(distance(embeddings[:1], embeddings[1:])[0])
    left_unlike, right_unlike = map(bool, model.is_novel(embeddings))
    return Comparison(apart, float(model.probability_same(apart)), embeddings, (left_unlike, right_unlike))
