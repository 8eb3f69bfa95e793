"""Which images a run trains on, and which are watched meanwhile: the article's split, on any data set.

The article takes 42,000 images: the first 2,000 validate, the other 40,000 train. So does every run here whose training
split is that large, and no run trains on those 2,000. A smaller data set trains on all of its training split, and its
validation split is watched.
"""

import numpy as np

from siamese_core.datasets.dataset import Dataset, Splits
from siamese_core.datasets.pairs import Pairs, create_pairs

SIZE, VALIDATION_SIZE = 42_000, 2_000  # images
VALIDATION_MIN_EQUALS = 800  # of the 2,000 validation images


def training_slice(train: int, images: int) -> slice:
    """Return where in a training split of `train` images a run finds the ones it trains on.

    Raises ValueError if there are not so many.
    """
    first = _set_aside(train)
    if not 0 < images <= train - first:
        raise ValueError(f"expected from 1 to {train - first:,} images to train on, got {images:,}")
    return slice(first, first + images)


def training_part(splits: Splits, images: int) -> Dataset:
    """Return the images that a run trains on. Raises ValueError as `training_slice`."""
    return splits.train.subset(training_slice(len(splits.train), images))


def watched_part(splits: Splits) -> Dataset:
    """Return the images that are watched while a run trains: the article's 2,000, or the validation split."""
    first = _set_aside(len(splits.train))
    return splits.train.subset(slice(first)) if first else splits.validation


def watched_pairs(labels: np.ndarray) -> Pairs:
    """Return the article's pairs of the watched images with labels (n,), the same ones for every run."""
    equals = round(VALIDATION_MIN_EQUALS / VALIDATION_SIZE * len(labels))
    return create_pairs(labels, min_equals=equals, rng=np.random.default_rng(0))


def _set_aside(train: int) -> int:
    """Return how many images at the beginning of a training split no run trains on."""
    return VALIDATION_SIZE if train >= SIZE else 0
