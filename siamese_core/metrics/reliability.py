"""How far the probability of same can be trusted: reliability, Brier score, and other shares of same pairs. NumPy only.

Pairs are counted between thresholds; those between two have the probability of the distance in their middle.
"""

from typing import NamedTuple

import numpy as np

from siamese_core.metrics.calibration import SAME_SHARE, Calibration
from siamese_core.metrics.curves import Curves, check_share


class Reliability(NamedTuple):
    """Pairs in bins of their predicted probability of same; bins without pairs are left out."""

    predicted: np.ndarray  # (m,) mean predicted probability
    observed: np.ndarray  # (m,) share of same
    weight: np.ndarray  # (m,) share of all pairs, the sum is 1


def shifted_probability(p: np.ndarray | float, share: float) -> np.ndarray:
    """Return the probability of same where a share of all pairs is same, from p, fitted to as many of both kinds.

    The odds are multiplied by those of the share: C. Elkan, "The foundations of cost-sensitive learning", IJCAI 2001.
    Raises ValueError unless the share lies in [0, 1]; with 0 or 1 the probability is that, whatever p in (0, 1).
    """
    check_share(share)
    p = np.asarray(p, np.float64)
    same, different = p * share, (1 - p) * (1 - share)
    known = same + different > 0
    return np.divide(same, same + different, out=p.copy(), where=known)


def reliability(curves: Curves, calibration: Calibration, share: float = SAME_SHARE, bins: int = 10) -> Reliability:
    """Return how often pairs are same, in equally wide bins of the probability that the calibration gives them."""
    p, genuine, impostor = _weighted(curves, calibration, share)
    place = np.minimum((p * bins).astype(int), bins - 1)
    same, both, predicted = (
        np.bincount(place, each, minlength=bins) for each in (genuine, genuine + impostor, p * (genuine + impostor))
    )
    held = both > 0
    return Reliability(predicted[held] / both[held], same[held] / both[held], both[held])


def brier(curves: Curves, calibration: Calibration, share: float = SAME_SHARE) -> float:
    """Return the mean squared difference between the probability of same and what is, 1 or 0.

    G. W. Brier, Monthly Weather Review 78, 1950. 0 is best; who always says the share has share (1 - share).
    """
    p, genuine, impostor = _weighted(curves, calibration, share)
    return float((genuine * (1 - p) ** 2 + impostor * p**2).sum())


def _weighted(curves: Curves, calibration: Calibration, share: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the probability between two thresholds, and the shares of all pairs there, same and not: (k,) each."""
    middles = np.r_[curves.thresholds[0], (curves.thresholds[:-1] + curves.thresholds[1:]) / 2]
    p = shifted_probability(calibration.probability(middles), share)
    genuine = share * np.diff(curves.genuine, prepend=0) / curves.genuine_pairs
    return p, genuine, (1 - share) * np.diff(curves.impostor, prepend=0) / curves.impostor_pairs
