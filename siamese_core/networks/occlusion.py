"""Occlusion: which strokes of two images their distance rests on, found by removing the ink in a small window.

Source: M. D. Zeiler and R. Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014.
"""

from typing import Literal, NamedTuple

import numpy as np

from siamese_core.networks.model import SiameseModel


class Window(NamedTuple):
    """A square window of an image, the smallest whose removal flips the verdict."""

    side: Literal["left", "right"]  # the image
    top: int  # pixels
    left: int
    size: int
    distance: float  # of the two images without the ink in the window


class Occlusion(NamedTuple):
    """What the ink of two images does to their distance."""

    distance: float  # of the whole images
    left: np.ndarray  # (28, 28) float32: change of the distance without the ink around a pixel; 0 where no ink is
    right: np.ndarray  # (28, 28)
    flip: Window | None  # None if no window up to half the image's side flips the verdict


def occlude(model: SiameseModel, left: np.ndarray, right: np.ndarray) -> Occlusion:
    """Find what the ink of two images (28, 28) float32 in [0, 1] does to their distance."""
    raise NotImplementedError
