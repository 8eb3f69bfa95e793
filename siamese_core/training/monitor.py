"""What is recorded of a network during training: points of the curves, and frames with a map and the distances."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from siamese_core.config import TrainingConfig
from siamese_core.datasets.article import watched_pairs
from siamese_core.datasets.dataset import Dataset, to_float
from siamese_core.metrics import verification
from siamese_core.metrics.calibration import fit_threshold
from siamese_core.metrics.distances import distance
from siamese_core.metrics.report import Spread, article_threshold, has_both_kinds, pair_accuracy, spread
from siamese_core.projection.pca import fit_pca, project, turn_onto

TRAINED_IMAGES = 1_000  # of those trained on, for the training loss
MAP_IMAGES = 1_000  # of the watched images
SPREAD_IMAGES = 500  # of them, at most half: 124,750 pairs
BINS = 50


class Point(NamedTuple):
    """One point of the curves.

    Both losses are one quantity on two sets of images, `losses.resting_loss` of the network as it is at this point: the
    loss that is trained, over pairs formed as the training's, but without dropout or changes to the images.
    """

    seconds: float  # since the run began
    epoch: float  # epochs passed, with a fraction; 0 is the untrained network
    step: int
    steps: int  # in all
    loss: float | None  # on the first TRAINED_IMAGES trained on; None only in older runs, before the first step
    pairs_per_second: float
    validation_loss: float  # on the watched images, which are never trained on
    validation_accuracy: float  # on their pairs, at the article's threshold of half the margin
    threshold: float  # fitted to the first SPREAD_IMAGES watched images
    validation_accuracy_at_threshold: float  # on the pairs of the others


class Frame(NamedTuple):
    """One frame: a map of the watched images and the spread of their distances."""

    epoch: float
    xy: np.ndarray  # (MAP_IMAGES, 2) float32, in units of the embedding
    spread: Spread
    threshold: float


class Position(NamedTuple):
    """How far a training has come."""

    epoch: float
    step: int
    steps: int
    pairs_per_second: float


class Monitor:
    """Measures one network during training. Each map is turned onto the one before."""

    def __init__(
        self, config: TrainingConfig, watched: Dataset, trained: Dataset, mapped: Dataset | None = None
    ) -> None:
        """watched: the images to measure on, those of `article.watched_part`; trained: those of `training_part`.

        mapped: the images of the map, where they are others than those watched, such as some of unseen classes.
        """
        self._config = config
        few = trained.subset(slice(TRAINED_IMAGES))
        self._trained, self._trained_labels = to_float(few.images), few.labels
        self._images = to_float(watched.images)
        self._labels = watched.labels
        self._pairs = watched_pairs(watched.labels)
        self._fitted = min(SPREAD_IMAGES, len(watched.labels) // 2)  # images to which the threshold is fitted
        self._others = np.minimum(self._pairs.left, self._pairs.right) >= self._fitted
        if not (has_both_kinds(self._labels[: self._fitted]) and self._others.any()):  # of a few images
            self._fitted, self._others = len(self._labels), np.ones(len(self._pairs.same), bool)
        self._mapped = None if mapped is None else to_float(mapped.images[:MAP_IMAGES])
        self._last: np.ndarray | None = None

    def look(
        self, embed: Callable[[np.ndarray], np.ndarray], seconds: float, progress: Position
    ) -> tuple[Point, Frame]:
        """Return a point and a frame of the network; embed: (n, side, side) -> (n, d).

        Raises FloatingPointError if embeddings are not finite.
        """
        from siamese_core.training.losses import resting_loss  # Keras; the app reads points and frames without it

        embeddings, trained = (_finite(embed(images)) for images in (self._images, self._trained))
        some = verification.all_pairs(embeddings[: self._fitted], self._labels[: self._fitted])
        threshold = fit_threshold(some).threshold
        pairs = self._pairs
        d = distance(embeddings[pairs.left], embeddings[pairs.right])
        point = Point(
            **progress._asdict(),
            seconds=seconds,
            loss=resting_loss(trained, self._trained_labels, self._config),
            validation_loss=resting_loss(embeddings, self._labels, self._config),
            validation_accuracy=pair_accuracy(d, pairs.same, article_threshold(self._config.margin)),
            threshold=threshold,
            validation_accuracy_at_threshold=pair_accuracy(d[self._others], pairs.same[self._others], threshold),
        )
        return point, Frame(
            progress.epoch,
            self._map(embeddings[:MAP_IMAGES] if self._mapped is None else _finite(embed(self._mapped))),
            spread(some, BINS),
            threshold,
        )

    def _map(self, embeddings: np.ndarray) -> np.ndarray:
        """Return two coordinates of each embedding: its own if it has no more, else its principal components."""
        size = embeddings.shape[1]
        if size <= 2:
            return np.pad(embeddings, ((0, 0), (0, 2 - size))).astype(np.float32)
        xy = project(fit_pca(embeddings), embeddings)
        if self._last is not None:
            xy = turn_onto(xy, self._last)
        self._last = xy
        return xy.astype(np.float32)


def _finite(embeddings: np.ndarray) -> np.ndarray:
    """Return embeddings as float64, so that squares of large ones do not overflow. Raises FloatingPointError."""
    if not np.isfinite(embeddings).all():
        raise FloatingPointError("The embeddings are no longer numbers; a smaller learning rate or margin may help.")
    return embeddings.astype(np.float64)
