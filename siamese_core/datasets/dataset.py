"""A data set, its splits, and its pixels as an encoder takes them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class DataError(ValueError):
    """The data file is missing or damaged."""


class Digits(NamedTuple):
    """Images (n, 28, 28) uint8, ink bright on a dark ground, and their labels (n,) int64 from 0 to 9."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]


class Splits(NamedTuple):
    """The official training images, 55,000 to train and the last 5,000 to validate, and the 10,000 test images."""

    train: Digits
    validation: Digits
    test: Digits


def to_float(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Scale pixels from 0..255 to [0, 1], the encoder's input. Raises ValueError for anything but uint8."""
    if images.dtype != np.uint8:
        raise ValueError(f"expected uint8 pixels, got {images.dtype}")
    return images.astype(np.float32) / np.float32(255)
