"""Calibration: the probability that a pair at a distance is genuine, and the threshold where it is one half.

Isotonic regression (Zadrozny and Elkan, KDD 2002) over bins of the distance: the only assumption is that the
probability never rises with the distance. Genuine and impostor pairs have equal weight, as if half of all were genuine.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from siamese_core.metrics.verification import PairDistances, check_kinds, even_threshold

SAME_SHARE = 0.5  # share of genuine pairs that the probability assumes
BINS = 60
CERTAIN = 1e-3  # probabilities are kept between this and 1 - this


class Calibration(NamedTuple):
    """The fitted curve: log odds of same at some distances, linear between them, constant beyond the ends."""

    distances: Sequence[float]  # (k,) increasing
    log_odds: Sequence[float]  # (k,) never increasing

    def probability(self, distances: np.ndarray | float) -> np.ndarray:
        """Return the probability of same at each distance, in [0, 1]; it never increases with the distance."""
        return 1 / (1 + np.exp(-np.interp(distances, self.distances, self.log_odds)))

    def threshold(self) -> float:
        """Return the distance at which same and different are equally probable; the middle one if there are several."""
        falling = -np.asarray(self.log_odds)
        first, last = (int(np.searchsorted(falling, 0.0, side=side)) for side in ("left", "right"))
        return (self._crossing(first) + self._crossing(last)) / 2

    def usable(self) -> bool:
        """Return whether the numbers form a valid calibration."""
        d, odds = np.asarray(self.distances, np.float64), np.asarray(self.log_odds, np.float64)
        shaped = d.ndim == 1 and d.shape == odds.shape and len(d) > 0
        return bool(shaped and np.isfinite([d, odds]).all() and (np.diff(d) > 0).all() and (np.diff(odds) <= 0).all())

    def _crossing(self, i: int) -> float:
        """Return where the line from knot i - 1 to knot i reaches log odds 0."""
        d, odds = np.asarray(self.distances), np.asarray(self.log_odds)
        if i == 0 or i == len(d):
            return float(d[min(i, len(d) - 1)])
        return float(d[i - 1] + (d[i] - d[i - 1]) * odds[i - 1] / (odds[i - 1] - odds[i]))


class Fit(NamedTuple):
    """What is fitted to pairs: the threshold and the probability of same."""

    threshold: float
    calibration: Calibration


def fit_threshold(pairs: PairDistances) -> Fit:
    """Fit the threshold, and the calibration from which it starts, to the distances of pairs.

    The threshold is where same and different are equally probable, as the balanced accuracy is best there, or the
    nearest distance at which neither FAR nor FRR is more than a quarter above the other: where few distances lie, the
    best threshold varies much from one set of images to another. Raises ValueError as `fit_calibration`.
    """
    calibration = fit_calibration(*pairs)
    return Fit(even_threshold(pairs, calibration.threshold()), calibration)


def fit_calibration(genuine: np.ndarray, impostor: np.ndarray) -> Calibration:
    """Fit the probability of same to distances of genuine pairs (g,) and of impostor pairs (i,).

    Both kinds have equal weight. Raises ValueError if one of them is empty.
    """
    check_kinds(genuine, impostor)
    from scipy.optimize import isotonic_regression  # takes a fifth of a second to import and is needed only here

    top = max(float(np.quantile(side, 0.999)) for side in (genuine, impostor))
    edges = np.linspace(0, top or 1.0, BINS + 1)
    g, i = (np.histogram(np.minimum(side, edges[-1]), edges)[0] / len(side) for side in (genuine, impostor))
    held = g + i > 0  # bins with pairs in them
    centres, weight = ((edges[:-1] + edges[1:]) / 2)[held], (g + i)[held]
    falling = isotonic_regression(g[held] / weight, weights=weight, increasing=False).x
    p = np.clip(falling, CERTAIN, 1 - CERTAIN)
    return Calibration(centres.tolist(), np.log(p / (1 - p)).tolist())
