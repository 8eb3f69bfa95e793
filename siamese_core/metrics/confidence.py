"""95 % confidence intervals of rates."""

from typing import NamedTuple

import numpy as np

from siamese_core.metrics.verification import PairDistances, equal_error_rate

CONFIDENCE = 0.95
RESAMPLES = 200


class Interval(NamedTuple):
    """A rate in [0, 1] with its 95 % confidence interval."""

    rate: float
    low: float
    high: float


def share_interval(hits: int, n: int) -> Interval:
    """Return the share hits / n of independent trials with Wilson's score interval.

    E. B. Wilson, Journal of the American Statistical Association 22, 1927. Raises ValueError unless 0 <= hits <= n > 0.
    """
    if not 0 <= hits <= n or n == 0:
        raise ValueError(f"expected 0 <= hits <= n and n > 0, got {hits} of {n}")
    from scipy.stats import binomtest  # takes half a second to import and is needed only here

    low, high = binomtest(hits, n).proportion_ci(CONFIDENCE, "wilson")
    return Interval(hits / n, float(low), float(high))


def eer_interval(pairs: PairDistances, rng: np.random.Generator) -> Interval:
    """Return the EER of independent pairs with its percentile bootstrap interval.

    Genuine and impostor pairs are resampled separately. B. Efron, Annals of Statistics 7, 1979. Where every resample
    has one rate, as without any error, the bootstrap knows nothing: then it is Wilson's interval for that share of the
    rarer kind of pairs. Raises ValueError unless there are pairs of both kinds.
    """
    rates = [equal_error_rate(PairDistances(*(_again(side, rng) for side in pairs))).rate for _ in range(RESAMPLES)]
    low, high = np.quantile(rates, [0.025, 0.975])
    rate = equal_error_rate(pairs).rate
    if low == high:
        n = min(map(len, pairs))
        _, low, high = share_interval(round(rate * n), n)
    return Interval(rate, float(min(low, rate)), float(max(high, rate)))


def _again(ordered: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw as many distances as there are, with replacement, in ascending order."""
    return ordered[np.sort(rng.integers(0, len(ordered), len(ordered)))]
