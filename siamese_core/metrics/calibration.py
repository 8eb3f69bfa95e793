"""From a distance to the probability that a pair is genuine, and the threshold where that probability is one half.

Isotonic regression (Zadrozny and Elkan, KDD 2002) over bins of the distance, so that nothing is assumed of the curve
but that it never rises. Genuine and impostor pairs weigh the same: it assumes that half of all pairs are genuine.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

SAME_SHARE = 0.5  # of genuine pairs, assumed by the probability
BINS = 60
CERTAIN = 1e-3  # no probability below this or above 1 - this is claimed


class Calibration(NamedTuple):
    """The curve: log odds of same at some distances, straight lines between them, constant beyond the ends."""

    distances: Sequence[float]  # (k,) growing
    log_odds: Sequence[float]  # (k,) never growing

    def probability(self, distances: np.ndarray | float) -> np.ndarray:
        """Return the probability of same for each distance, in [0, 1], never growing with the distance."""
        return 1 / (1 + np.exp(-np.interp(distances, self.distances, self.log_odds)))

    def threshold(self) -> float:
        """Return the distance at which same and different are equally probable; of several the middle one."""
        falling = -np.asarray(self.log_odds)
        first, last = (int(np.searchsorted(falling, 0.0, side=side)) for side in ("left", "right"))
        return (self._crossing(first) + self._crossing(last)) / 2

    def usable(self) -> bool:
        """Tell whether the numbers can be a fitted calibration."""
        d, odds = np.asarray(self.distances, np.float64), np.asarray(self.log_odds, np.float64)
        shaped = d.ndim == 1 and d.shape == odds.shape and len(d) > 0
        return bool(shaped and np.isfinite([d, odds]).all() and (np.diff(d) > 0).all() and (np.diff(odds) <= 0).all())

    def _crossing(self, i: int) -> float:
        """Return where the line from knot i - 1 to knot i reaches log odds 0."""
        d, odds = np.asarray(self.distances), np.asarray(self.log_odds)
        if i == 0 or i == len(d):
            return float(d[min(i, len(d) - 1)])
        return float(d[i - 1] + (d[i] - d[i - 1]) * odds[i - 1] / (odds[i - 1] - odds[i]))


def fit_calibration(genuine: np.ndarray, impostor: np.ndarray) -> Calibration:
    """Fit the probability of same to distances of genuine pairs (g,) and of impostor pairs (i,).

    Both kinds weigh the same. Raises ValueError if one of them is empty.
    """
    if not len(genuine) or not len(impostor):
        raise ValueError(f"expected pairs of both kinds, got {len(genuine)} genuine, {len(impostor)} impostor")
    from sklearn.isotonic import IsotonicRegression  # takes a second to import, and only a fit needs it

    top = max(float(np.quantile(side, 0.999)) for side in (genuine, impostor))
    edges = np.linspace(0, top or 1.0, BINS + 1)
    g, i = (np.histogram(np.minimum(side, edges[-1]), edges)[0] / len(side) for side in (genuine, impostor))
    held = g + i > 0  # bins with pairs in them
    centres, weight = ((edges[:-1] + edges[1:]) / 2)[held], (g + i)[held]
    curve = IsotonicRegression(increasing=False, y_min=CERTAIN, y_max=1 - CERTAIN)
    p = curve.fit_transform(centres, g[held] / weight, sample_weight=weight)
    return Calibration(centres.tolist(), np.log(p / (1 - p)).tolist())
