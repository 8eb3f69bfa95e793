"""Robustness: what becomes of distances and errors as images are distorted step by step."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from siamese_core.imaging.distort import Kind
from siamese_core.metrics.confidence import Interval


class Embeds(Protocol):
    """What embeds images, such as `SiameseModel`."""

    def embed(self, images: np.ndarray) -> np.ndarray:
        """Return the embeddings (n, d) float32 of images (n, 28, 28) float32 in [0, 1]."""


class Robustness(NamedTuple):
    """What each of m amounts of a distortion does to images, without and with the canonical image after it."""

    amounts: np.ndarray  # (m,)
    distance: np.ndarray  # (m,) mean distance of a distorted image to itself undistorted
    quartiles: np.ndarray  # (m, 3) of that distance
    errors: list[Interval]  # m: share of fixed pairs, one image of each distorted, that are judged wrongly
    flips: float | None  # the smallest amount, by its size, from which the mean image is no longer same as itself


def robustness(
    model: Embeds,
    images: np.ndarray,
    labels: np.ndarray,
    kind: Kind,
    amounts: Sequence[float],
    threshold: float,
    *,
    canonical: bool = False,
) -> Robustness:
    """Distort images (n, 28, 28) with labels (n,) by each amount."""
    raise NotImplementedError
