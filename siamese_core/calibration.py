"""From a distance to the probability that a pair is genuine.

Logistic regression on the distance and its logarithm (Platt scaling with a second feature: near 0 the odds of
embeddings of length 1 follow a power of the distance, farther out an exponential). It is fitted with genuine and
impostor pairs weighing the same, so it assumes that half of all pairs are genuine.
"""

from typing import NamedTuple

import numpy as np

SAME_SHARE = 0.5  # of genuine pairs, assumed by the probability
BINS = 2_000  # the fit needs no more than a histogram
SMALLEST = 1e-3  # distances below count as this one


class Calibration(NamedTuple):
    """probability = 1 / (1 + exp(-(intercept + slope * d + log_slope * log(d)))), both slopes at most 0."""

    intercept: float
    slope: float
    log_slope: float

    def probability(self, distances: np.ndarray | float) -> np.ndarray:
        """Return the probability of same for each distance, in [0, 1], never growing with the distance."""
        d = np.maximum(np.asarray(distances, np.float64), SMALLEST)
        odds = self.intercept + self.slope * d + self.log_slope * np.log(d)
        return 1 / (1 + np.exp(-np.clip(odds, -500, 500)))

    def usable(self) -> bool:
        """Tell whether the numbers can be a fitted calibration."""
        return bool(np.isfinite(self).all() and self.slope <= 0 and self.log_slope <= 0)


def fit_calibration(genuine: np.ndarray, impostor: np.ndarray) -> Calibration:
    """Fit the probability of same to distances of genuine pairs (g,) and of impostor pairs (i,).

    Both kinds weigh the same. Raises ValueError if one of them is empty.
    """
    if not len(genuine) or not len(impostor):
        raise ValueError(f"expected pairs of both kinds, got {len(genuine)} genuine, {len(impostor)} impostor")
    top = float(max(genuine.max(), impostor.max(), SMALLEST * 2))
    edges = np.linspace(0, top, BINS + 1)
    d = np.maximum((edges[:-1] + edges[1:]) / 2, SMALLEST)
    weights = [np.histogram(side, edges)[0] / len(side) for side in (genuine, impostor)]
    fits = [_logistic(d, weights, use) for use in ([0, 1], [0], [1])]
    allowed = [fit for fit in fits if fit.usable()]
    return min(allowed, key=lambda fit: log_loss(fit, d, weights))


def log_loss(calibration: Calibration, d: np.ndarray, weights: list[np.ndarray]) -> float:
    """Return the mean log loss in nats at distances d (b,), weighted by the genuine and impostor shares (b,) there."""
    p = np.clip(calibration.probability(d), 1e-12, 1 - 1e-12)
    return float(-(weights[0] @ np.log(p) + weights[1] @ np.log1p(-p)) / 2)


def _logistic(d: np.ndarray, weights: list[np.ndarray], use: list[int]) -> Calibration:
    """Fit with a trace of a penalty, which keeps the slopes finite where the kinds do not overlap."""
    from sklearn.linear_model import LogisticRegression  # takes a second to import, and only a fit needs it

    features = np.tile(np.stack([d, np.log(d)], axis=1)[:, use], (2, 1))  # (2b, 1 or 2): genuine, then impostor
    same = np.repeat([1, 0], len(d))
    model = LogisticRegression(C=1e5, max_iter=1_000).fit(features, same, np.concatenate(weights))
    slopes = np.zeros(2)
    slopes[use] = model.coef_[0]
    return Calibration(float(model.intercept_[0]), *map(float, slopes))
