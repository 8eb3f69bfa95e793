"""Split a data set into training, validation and test images: by class, stratified, seeded.

Of a class with many images a tenth is for validation and a seventh for the test. From four images on a class has some
on each side, from six on at least two on each, so that it has pairs of its own there; of three the third is for the
test, and fewer are all trained on.
"""

import numpy as np

from siamese_core.datasets.article import SIZE, VALIDATION_SIZE
from siamese_core.datasets.dataset import Dataset, Splits

VALIDATION_SHARE, TEST_SHARE = 0.1, 0.15
LEAST_FOR_TEST, LEAST_FOR_BOTH, LEAST_FOR_TWO = 3, 4, 6  # images of a class


def counts(images: int) -> tuple[int, int, int]:
    """Return how many of a class's images are for training, for validation and for the test."""
    two = 2 if images >= LEAST_FOR_TWO else 1
    test = max(two, round(TEST_SHARE * images)) if images >= LEAST_FOR_TEST else 0
    validation = max(two, round(VALIDATION_SHARE * images)) if images >= LEAST_FOR_BOTH else 0
    return images - validation - test, validation, test


def split(data: Dataset, seed: int = 0) -> Splits:
    """Split a data set: no image is on two sides. The same data set and seed give the same splits."""
    rng = np.random.default_rng(seed)
    parts: tuple[list[np.ndarray], ...] = ([], [], [])
    for label in range(data.classes):
        members = rng.permutation(np.flatnonzero(data.labels == label))
        ends = np.cumsum(counts(len(members)))
        for part, chosen in zip(parts, np.split(members, ends[:2]), strict=True):
            part.append(chosen)
    return Splits(*(data.subset(rng.permutation(np.concatenate(part))) for part in parts))


def split_as_the_article(data: Dataset) -> Splits:
    """Split the article's 42,000 images as it does: the first 2,000 are watched, the other 40,000 trained on.

    The training split holds all of them, in their order, as `article.training_slice` expects. The 2,000, on which
    nothing trains, are in equal parts for validation and for the test, which the article does without.
    """
    half = VALIDATION_SIZE // 2
    return Splits(data, data.subset(slice(half)), data.subset(slice(half, VALIDATION_SIZE)))


def is_the_articles(data: Dataset) -> bool:
    """Return whether a data set has as many images as the article's, of MNIST's size."""
    return data.images.shape == (SIZE, 28, 28)
