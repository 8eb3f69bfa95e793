"""The article's split, for any data set: the images a run trains on, and those watched meanwhile.

The article takes 42,000 images: the first 2,000 for validation, the other 40,000 for training. Every run on a training
split of at least 42,000 images follows it: it watches the first 2,000 and never trains on them. On a smaller data set a
run may train on the whole training split, and it watches the validation split.
"""

import numpy as np

from siamese_core.datasets.dataset import Dataset, Splits
from siamese_core.datasets.pairs import Pairs, create_pairs

SIZE, VALIDATION_SIZE = 42_000, 2_000  # images
VALIDATION_MIN_EQUALS = 800  # of the 2,000 validation images


def training_slice(train: int, images: int) -> slice:
    """Return the slice of a training split of `train` images that holds the `images` a run trains on.

    Raises ValueError if the split is too small.
    """
    first = _set_aside(train)
    if not 0 < images <= train - first:
        raise ValueError(f"expected from 1 to {train - first:,} images to train on, got {images:,}")
    return slice(first, first + images)


def available(splits: Splits) -> int:
    """Return how many images of a data set a run can train on."""
    return trainable(len(splits.train))


def trainable(train: int) -> int:
    """Return how many images of a training split of `train` a run can train on."""
    return train - _set_aside(train)


def training_part(splits: Splits, images: int) -> Dataset:
    """Return the images that a run trains on. Raises ValueError as `training_slice`."""
    return splits.train.subset(training_slice(len(splits.train), images))


def watched_part(splits: Splits) -> Dataset:
    """Return the images watched during training: the article's 2,000, or the validation split."""
    first = _set_aside(len(splits.train))
    return splits.train.subset(slice(first)) if first else splits.validation


def watched_pairs(labels: np.ndarray) -> Pairs:
    """Return the article's pairs of the watched images with labels (n,); they are the same for every run."""
    equals = round(VALIDATION_MIN_EQUALS / VALIDATION_SIZE * len(labels))
    return create_pairs(labels, min_equals=equals, rng=np.random.default_rng(0))


def _set_aside(train: int) -> int:
    """Return how many images at the start of a training split are never trained on."""
    return VALIDATION_SIZE if train >= SIZE else 0
