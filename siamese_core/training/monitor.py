"""What is seen of a network while it learns: a point of the curves, a map of digits, the spread of the distances."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from siamese_core.config import TrainingConfig
from siamese_core.datasets.dataset import Digits, to_float
from siamese_core.metrics import verification
from siamese_core.metrics.calibration import fit_calibration
from siamese_core.metrics.distances import distance
from siamese_core.metrics.report import Spread, article_limit, article_validation_pairs, pair_accuracy, spread
from siamese_core.projection.pca import fit_pca, project, turn_onto

MAP_DIGITS = 1_000  # of the article's 2,000 validation digits
SPREAD_DIGITS = 500  # of them: 124,750 pairs
BINS = 50


class Point(NamedTuple):
    """One point of the curves."""

    seconds: float  # since the run was begun
    epoch: float  # passed, with its fraction; 0 is the untrained network
    step: int
    steps: int  # in all
    loss: float | None  # of training, mean since the last point; None before the first step
    pairs_per_second: float
    validation_loss: float  # on the article's validation pairs, as are the accuracies
    validation_accuracy: float  # at the article's limit of half the margin
    threshold: float  # where same and different are equally probable now
    validation_accuracy_at_threshold: float


class Frame(NamedTuple):
    """One picture of the space."""

    epoch: float
    xy: np.ndarray  # (MAP_DIGITS, 2) float32, in units of the embedding
    spread: Spread
    threshold: float


class Position(NamedTuple):
    """How far a training has come."""

    epoch: float
    step: int
    steps: int
    pairs_per_second: float


class Camera:
    """Takes pictures of one network, each turned so that it follows on the last."""

    def __init__(self, config: TrainingConfig, validation: Digits) -> None:
        """validation: the article's 2,000 validation digits."""
        self._margin = config.margin
        self._images = to_float(validation.images)
        self._labels = validation.labels
        self._pairs = article_validation_pairs(validation)
        self._last: np.ndarray | None = None

    def take(
        self, embed: Callable[[np.ndarray], np.ndarray], seconds: float, loss: float | None, progress: Position
    ) -> tuple[Point, Frame]:
        """Look at the network; embed: (n, 28, 28) -> (n, d). Raises FloatingPointError if it gives no numbers."""
        embeddings = embed(self._images).astype(np.float64)  # large ones may not overflow in a square
        if not np.isfinite(embeddings).all():
            raise FloatingPointError("the embeddings are no longer numbers; a smaller learning rate or margin may help")
        some = verification.all_pairs(embeddings[:SPREAD_DIGITS], self._labels[:SPREAD_DIGITS])
        threshold = verification.even_threshold(some, fit_calibration(*some).threshold())
        pairs = self._pairs
        d = distance(embeddings[pairs.left], embeddings[pairs.right])
        losses = pairs.same * d**2 + (1 - pairs.same) * np.maximum(self._margin - d, 0) ** 2
        point = Point(
            **progress._asdict(),
            seconds=seconds,
            loss=loss,
            validation_loss=float(losses.mean()),
            validation_accuracy=pair_accuracy(d, pairs.same, article_limit(self._margin)),
            threshold=threshold,
            validation_accuracy_at_threshold=pair_accuracy(d, pairs.same, threshold),
        )
        return point, Frame(progress.epoch, self._map(embeddings[:MAP_DIGITS]), spread(some, BINS), threshold)

    def _map(self, embeddings: np.ndarray) -> np.ndarray:
        """Return two coordinates of each: the embedding itself if it has two, else its principal components."""
        if embeddings.shape[1] == 2:
            return embeddings.astype(np.float32)
        xy = project(fit_pca(embeddings, min(2, embeddings.shape[1])), embeddings)
        if self._last is not None:
            xy = turn_onto(xy, self._last)
        self._last = xy
        return xy.astype(np.float32)
