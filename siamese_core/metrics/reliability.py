"""How far the probability of same can be trusted: reliability, Brier score, and other shares of same pairs."""

from typing import NamedTuple

import numpy as np

from siamese_core.metrics.calibration import SAME_SHARE, Calibration
from siamese_core.metrics.curves import Curves


class Reliability(NamedTuple):
    """Pairs in bins of their predicted probability of same; bins without pairs are left out."""

    predicted: np.ndarray  # (m,) mean predicted probability
    observed: np.ndarray  # (m,) share of same
    weight: np.ndarray  # (m,) share of all pairs, the sum is 1


def shifted_probability(p: np.ndarray | float, share: float) -> np.ndarray:
    """Return the probability of same where a share of all pairs is same, from one fitted to as many of both kinds."""
    raise NotImplementedError


def reliability(curves: Curves, calibration: Calibration, share: float = SAME_SHARE, bins: int = 10) -> Reliability:
    """Return how often pairs are same, in equally wide bins of the probability that the calibration gives them."""
    raise NotImplementedError


def brier(curves: Curves, calibration: Calibration, share: float = SAME_SHARE) -> float:
    """Return the mean squared difference between the probability of same and same, 1 or 0."""
    raise NotImplementedError
