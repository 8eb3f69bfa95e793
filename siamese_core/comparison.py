"""Compare two digits: their distance and the probability of same, from one call of the encoder."""

from typing import NamedTuple

import numpy as np

from siamese_core import evaluation, novelty
from siamese_core.model import SiameseModel


class Comparison(NamedTuple):
    """What a model says of two digits."""

    distance: float
    probability_same: float  # in [0, 1], if half of all pairs were genuine
    embeddings: np.ndarray  # (2, d) float32, left and right
    unlike: tuple[bool, bool]  # which of them is unlike any known digit, so that the rest means little


def compare(model: SiameseModel, left: np.ndarray, right: np.ndarray) -> Comparison:
    """Compare two digits (28, 28) float32 in [0, 1]; identical ones have distance 0, however they are rounded.

    A model without a limit for it (`SiameseModel.novelty_limit`) calls none unlike. Raises ValueError as `embed`.
    """
    embeddings = model.embed(np.stack([left, right]))
    distance = 0.0 if np.array_equal(left, right) else float(evaluation.distance(embeddings[:1], embeddings[1:])[0])
    known, limit = model.test_embeddings, model.novelty_limit
    if known is None or limit is None:
        unlike = (False, False)
    else:
        first, second = map(bool, novelty.is_novel(embeddings, known, limit))
        unlike = (first, second)
    return Comparison(distance, float(model.probability_same(distance)), embeddings, unlike)
