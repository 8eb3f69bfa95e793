"""Compare two images: distance, probability of same and nearest neighbours, from one call of the encoder."""

from typing import NamedTuple

import numpy as np

from siamese_core.metrics.distances import Neighbours
from siamese_core.metrics.novelty import NOVELTY_NEIGHBOURS
from siamese_core.networks.model import SiameseModel, distance_of

SHOWN = NOVELTY_NEIGHBOURS + 1  # nearest test images; one of them may be the image itself


class Comparison(NamedTuple):
    """What a model says about two images."""

    distance: float
    probability_same: float  # in [0, 1], if half of all pairs were genuine
    threshold: float  # of the fit that judges this pair
    neighbours: Neighbours | None  # (2, SHOWN) test images, of left and right; None without test embeddings
    unlike: tuple[bool, bool]  # whether left and right are unlike all known images
    symbols: bool  # whether the pair is judged as symbols; if not and one is unlike all known, the rest means little


def compare(model: SiameseModel, left: np.ndarray, right: np.ndarray) -> Comparison:
    """Compare two images (28, 28) float32 in [0, 1].

    `SiameseModel.is_novel` decides which is unlike all known images. A pair with such a one is judged as symbols, by
    `SiameseModel.symbols`, if the model was fitted to any. Raises ValueError as `SiameseModel.embed`.
    """
    images = np.stack([left, right])
    embeddings = model.embed(images)
    apart = float(distance_of(images[:1], images[1:], embeddings[:1], embeddings[1:])[0])
    near = model.nearest_known(embeddings, SHOWN)
    left_unlike, right_unlike = map(bool, model.is_novel(embeddings, near))
    symbols = model.symbols is not None and (left_unlike or right_unlike)
    fit = model.fit_for(symbols)
    probability = float(fit.calibration.probability(apart))
    return Comparison(apart, probability, fit.threshold, near, (left_unlike, right_unlike), symbols)
