"""How sure the rates of all pairs are: resamples of the images, intervals, differences between networks, ranks.

Pairs that share an image depend on each other, so the images are resampled, not the pairs. A rate over all pairs is a
U-statistic of degree 2. To first order it changes with the images' weights as its Hajek projection does: with A_i of the
N_i pairs of image i accepted and w_i copies of it in a resample,

    FAR* = FAR + 2 (sum_i w_i A_i / sum_i w_i N_i - FAR),

where 2 stands for the two images of a pair. Sources: W. Hoeffding, Annals of Mathematical Statistics 19, 1948; B. Efron,
Annals of Statistics 7, 1979; A. W. van der Vaart, Asymptotic Statistics, 1998, chapters 11 and 12. The intervals say how
much other test images would change the rates of this network; another training seed would give another network.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from siamese_core.metrics.confidence import RESAMPLES, Interval
from siamese_core.metrics.curves import Curves

SEED = 0  # of the resamples: the same for every network, so that two can be compared resample by resample
QUANTILES = 0.025, 0.975  # the ends of a 95 % interval


class EerInterval(NamedTuple):
    """The EER with its 95 % interval and the threshold at which FAR and FRR meet."""

    rate: float
    low: float
    high: float
    threshold: float


class Ranked(NamedTuple):
    """A network's place among others; those whose difference is not more than noise share a place."""

    name: str
    place: int  # from 1
    eer: EerInterval
    tied: bool  # whether another one has the same place


def image_weights(images: int) -> np.ndarray:
    """Return how often each image comes in each resample, (RESAMPLES, images) uint8: the same for the same number."""
    rng = np.random.default_rng(SEED)
    weights = rng.multinomial(images, np.full(images, 1 / images), size=RESAMPLES)
    return weights.astype(np.uint8)  # a count over 255 has no chance


def far_interval(curves: Curves, threshold: float) -> Interval:
    """Return the FAR at the counted threshold nearest to the given one, with its 95 % interval."""
    raise NotImplementedError


def frr_interval(curves: Curves, threshold: float) -> Interval:
    """Return the FRR at the counted threshold nearest to the given one, with its 95 % interval."""
    raise NotImplementedError


def eer(curves: Curves) -> EerInterval:
    """Return where FAR and FRR meet, linear between the thresholds, with the 95 % interval of the resampled curves."""
    raise NotImplementedError


def eer_difference(curves: Curves, other: Curves) -> Interval:
    """Return the EER less that of another network on the same images, with the interval of the paired resamples.

    Its rate lies in [-1, 1]; below 0 the first network is better. Raises ValueError for other images.
    """
    raise NotImplementedError


def accuracy_difference(curves: Curves, other: Curves, thresholds: tuple[float, float]) -> Interval:
    """Return the balanced accuracy less that of another network, each at its own threshold, as `eer_difference`.

    Above 0 the first network is better.
    """
    raise NotImplementedError


def is_more_than_noise(difference: Interval) -> bool:
    """Return whether a difference's 95 % interval leaves out 0."""
    return difference.low > 0 or difference.high < 0


def rank(networks: Sequence[tuple[str, Curves]]) -> list[Ranked]:
    """Rank networks by their EER, the best first. Raises ValueError as `eer_difference`.

    A network whose difference from the best of the group before is not more than noise joins that group.
    """
    raise NotImplementedError
