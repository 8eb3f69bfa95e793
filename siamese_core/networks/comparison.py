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


def compare(
    model: SiameseModel, left: np.ndarray, right: np.ndarray, anything: SiameseModel | None = None
) -> Comparison:
    """Compare two images (28, 28) float32 in [0, 1].

    anything: a model that was fitted to symbols as well; without it `model` itself if it was. It decides which image is
    unlike all known ones (`SiameseModel.is_novel`), and judges a pair with such a one as symbols. Raises ValueError as
    `SiameseModel.embed`.
    """
    images = np.stack([left, right])
    embeddings = model.embed(images)
    near = model.nearest_known(embeddings, SHOWN)
    judge, judged = (model, embeddings) if anything is None else (anything, anything.embed(images))
    left_unlike, right_unlike = map(bool, judge.is_novel(judged, near if judge is model else None))
    symbols = judge.symbols is not None and (left_unlike or right_unlike)
    pair, fit = (judged, judge.fit_for(symbols=True)) if symbols else (embeddings, model.fit_for(symbols=False))
    apart = float(distance_of(images[:1], images[1:], pair[:1], pair[1:])[0])
    probability = float(fit.calibration.probability(apart))
    return Comparison(apart, probability, fit.threshold, near, (left_unlike, right_unlike), symbols)
