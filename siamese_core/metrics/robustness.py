"""Robustness: what becomes of distances and errors as images are distorted step by step.

Without the canonical image it says what the encoder makes of a distorted image, with it what the app does, see
`imaging.distort`.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from siamese_core.datasets.pairs import Pairs, frozen_pairs
from siamese_core.imaging.distort import NEUTRAL, Kind, distorted_digits
from siamese_core.metrics.confidence import Interval, share_interval
from siamese_core.metrics.distances import distance
from siamese_core.metrics.verification import is_same

SEED = 0  # of the noise: the same pattern at every amount


class Embeds(Protocol):
    """What embeds images, such as `SiameseModel`."""

    def embed(self, images: np.ndarray) -> np.ndarray:
        """Return the embeddings (n, d) float32 of images (n, side, side) float32 in [0, 1]."""


class Robustness(NamedTuple):
    """What each of m amounts of a distortion does to images."""

    amounts: np.ndarray  # (m,) float64
    distance: np.ndarray  # (m,) mean distance of a distorted image to itself undistorted
    quartiles: np.ndarray  # (m, 3) of that distance: lower, median, upper
    flipped: np.ndarray  # (m,) share of images that are no longer accepted as same as themselves
    errors: list[Interval]  # m: share of fixed pairs, left distorted, judged wrongly; empty if the labels give no pairs
    flip: float | None  # the amount nearest to none at which at least half of the images are flipped; None if none is


class PairRobustness(NamedTuple):
    """What each of m amounts of a distortion of the left image does to a pair."""

    amounts: np.ndarray  # (m,) float64
    distances: np.ndarray  # (m,) of the distorted left image to the undistorted right one
    flip: float | None  # the amount nearest to none at which the verdict is another than without; None if none is


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
    """Distort images (n, side, side) float32 in [0, 1] with labels (n,) by each amount, and measure.

    canonical: make each image canonical after it, distorted or not. The pairs are the frozen ones, so that those of a
    kind are independent. Raises ValueError without images or amounts, and as `distort`.
    """
    if not len(images) or not len(amounts):
        raise ValueError(f"expected images and amounts, got {len(images)} images and {len(amounts)} amounts")
    original = _embed(model, images, kind, NEUTRAL[kind], canonical)
    found = [_embed(model, images, kind, amount, canonical) for amount in amounts]
    apart = np.stack([distance(original, each) for each in found])  # (m, n)
    flipped = 1 - is_same(apart, threshold).mean(axis=1)
    pairs = frozen_pairs(labels)
    return Robustness(
        amounts=np.asarray(amounts, np.float64),
        distance=apart.mean(axis=1),
        quartiles=np.quantile(apart, [0.25, 0.5, 0.75], axis=1).T,
        flipped=flipped,
        errors=[_errors(each, original, pairs, threshold) for each in found] if len(pairs.same) else [],
        flip=_flip(np.asarray(amounts, np.float64), flipped, NEUTRAL[kind]),
    )


def pair_robustness(
    model: Embeds,
    left: np.ndarray,
    right: np.ndarray,
    kind: Kind,
    amounts: Sequence[float],
    threshold: float,
    *,
    canonical: bool = False,
) -> PairRobustness:
    """Distort the left of two images (side, side) float32 in [0, 1] by each amount, as `robustness` does."""
    original = _embed(model, np.stack([left, right]), kind, NEUTRAL[kind], canonical)
    found = np.concatenate([_embed(model, left[None], kind, amount, canonical) for amount in amounts])
    distances = distance(found, np.repeat(original[1:], len(found), axis=0))
    verdict = is_same(distance(original[:1], original[1:]), threshold)
    steps = np.asarray(amounts, np.float64)
    return PairRobustness(steps, distances, _flip(steps, is_same(distances, threshold) != verdict, NEUTRAL[kind]))


def _embed(model: Embeds, images: np.ndarray, kind: Kind, amount: float, canonical: bool) -> np.ndarray:
    rng = np.random.default_rng(SEED)
    return model.embed(distorted_digits(images, kind, amount, rng, canonical=canonical))


def _errors(distorted: np.ndarray, original: np.ndarray, pairs: Pairs, threshold: float) -> Interval:
    """Return the share of pairs of a distorted left and an undistorted right image that are judged wrongly."""
    accepted = is_same(distance(distorted[pairs.left], original[pairs.right]), threshold)
    return share_interval(int((accepted != (pairs.same == 1)).sum()), len(pairs.same))


def _flip(amounts: np.ndarray, flipped: np.ndarray, neutral: float) -> float | None:
    away = np.where(flipped >= 0.5, np.abs(amounts - neutral), np.inf)
    return float(amounts[away.argmin()]) if np.isfinite(away.min()) else None
