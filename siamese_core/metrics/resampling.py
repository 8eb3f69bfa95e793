"""How sure the rates of all pairs are: resamples of the images, intervals, differences between networks, ranks.

Pairs that share an image depend on each other, so the images are resampled, not the pairs. A rate over all pairs is a
U-statistic of degree 2. To first order it changes with the images' weights as its Hajek projection does: with A_i of
the N_i pairs of image i accepted and w_i copies of it in a resample,

    FAR* = FAR + 2 (sum_i w_i A_i / sum_i w_i N_i - FAR),

where 2 stands for the two images of a pair. Sources: W. Hoeffding, Annals of Mathematical Statistics 19, 1948;
B. Efron, Annals of Statistics 7, 1979; A. W. van der Vaart, Asymptotic Statistics, 1998, chapters 11 and 12. The
intervals say how much other test images would change the rates of this network; another training seed would give
another network.
"""

from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from siamese_core.metrics.confidence import CONFIDENCE, RESAMPLES, Interval
from siamese_core.metrics.curves import Curves, far, frr, position

SEED = 0  # of the resamples: the same for every network, so that two can be compared resample by resample
TAIL = (1 - CONFIDENCE) / 2  # of a distribution on either side of an interval


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


def projected(accepted: np.ndarray, pairs: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """Return the rate of each resample by its projection, (b, k) float32; to first order, so it may lie below 0.

    accepted: (b, k) sums of w_i A_i; pairs: (b,) sums of w_i N_i, where none a resample has the rate (k,) of all.
    """
    weighted = accepted / np.maximum(pairs, 1)[:, None]
    samples = np.where(pairs[:, None] > 0, rate + 2 * (weighted - rate), rate)
    return samples.astype(np.float32)


def far_band(curves: Curves) -> tuple[np.ndarray, np.ndarray]:
    """Return the low and high ends of the FAR's 95 % interval at each threshold, (k,) each."""
    return band(far(curves), curves.far_samples, int(curves.class_sizes.sum()) // 2)


def frr_band(curves: Curves) -> tuple[np.ndarray, np.ndarray]:
    """Return the low and high ends of the FRR's 95 % interval at each threshold, (k,) each."""
    return band(frr(curves), curves.frr_samples, _genuine_apart(curves))


def far_interval(curves: Curves, threshold: float) -> Interval:
    """Return the FAR at the counted threshold nearest to the given one, with its 95 % interval."""
    at = position(curves, threshold)
    return interval(float(far(curves)[at]), curves.far_samples[:, at], int(curves.class_sizes.sum()) // 2)


def frr_interval(curves: Curves, threshold: float) -> Interval:
    """Return the FRR at the counted threshold nearest to the given one, with its 95 % interval."""
    at = position(curves, threshold)
    return interval(float(frr(curves)[at]), curves.frr_samples[:, at], _genuine_apart(curves))


def interval(rate: float, samples: np.ndarray, apart: int) -> Interval:
    """Return a rate with its 95 % interval, see `band`; samples: (b,) of its resamples."""
    low, high = band(np.array([rate]), samples[:, None], apart)
    return Interval(rate, float(low[0]), float(high[0]))


def band(rates: np.ndarray, samples: np.ndarray, apart: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the low and high ends of the 95 % intervals of rates (k,), given their resamples (b, k): (k,) each.

    They lie even around the log odds of a rate (A. Agresti, Categorical Data Analysis, 2002, section 3.1), with the
    standard error of the resamples times Student's quantile. Its degrees of freedom are the images that make the errors
    if each of them made as many (L. Kish, Survey Sampling, 1965): few bad images tell little of how many others are
    bad, and the percentiles of the resamples then cover too seldom. Without any error, or with nothing else, the
    resamples know nothing: then it is the interval of C. Clopper and E. Pearson, Biometrika 26, 1934, for `apart`
    pairs, those that share no image.
    """
    reach = 1 - (TAIL ** (1 / max(apart, 1)))
    known = (rates > 0) & (rates < 1)
    p = np.where(known, rates, 0.5)
    error = np.maximum(samples.std(axis=0, dtype=np.float64, ddof=1), 1e-12)
    images = np.square(2 * np.minimum(p, 1 - p) / error)  # 2, as a pair has two images
    odds, wide = np.log(p / (1 - p)), _student(np.maximum(images, 1)) * error / (p * (1 - p))
    low, high = (1 / (1 + np.exp(-(odds + each))) for each in (-wide, wide))
    outside = np.clip(rates - reach, 0, 1), np.clip(rates + reach, 0, 1)
    return np.where(known, low, outside[0]), np.where(known, high, outside[1])


def eer(curves: Curves) -> EerInterval:
    """Return where FAR and FRR meet, linear between the thresholds, with the 95 % interval of the resampled curves.

    Where they are equal at several thresholds, as at 0 in a gap between genuine and impostor pairs, it is the middle.
    """
    fars, frrs = far(curves), frr(curves)
    rate, place = (float(each[0]) for each in _crossings(fars[None], frrs[None]))
    equal = np.flatnonzero(fars == frrs)
    place = float(equal[[0, -1]].mean()) if len(equal) else place
    threshold = float(np.interp(place, np.arange(len(fars)), curves.thresholds))
    return EerInterval(*interval(rate, eer_samples(curves), _genuine_apart(curves)), threshold)


def eer_samples(curves: Curves) -> np.ndarray:
    """Return the EER of each resample, (b,)."""
    return _crossings(curves.far_samples, curves.frr_samples)[0]


def eer_difference(curves: Curves, other: Curves) -> Interval:
    """Return the EER less that of another network on the same images, with the interval of the paired resamples.

    Its rate lies in [-1, 1]; below 0 the first network is better. Raises ValueError for other images.
    """
    _check_images(curves, other)
    return _difference(eer(curves).rate - eer(other).rate, eer_samples(curves) - eer_samples(other))


def accuracy_difference(curves: Curves, other: Curves, thresholds: tuple[float, float]) -> Interval:
    """Return the balanced accuracy less that of another network, each at its own threshold, as `eer_difference`.

    Above 0 the first network is better.
    """
    _check_images(curves, other)
    rates, samples = zip(*map(_wrong, (curves, other), thresholds), strict=True)
    return _difference(rates[1] - rates[0], samples[1] - samples[0])


def is_more_than_noise(difference: Interval) -> bool:
    """Return whether a difference's 95 % interval leaves out 0."""
    return difference.low > 0 or difference.high < 0


def rank(networks: Sequence[tuple[str, Curves]]) -> list[Ranked]:
    """Rank networks by their EER, the best first. Raises ValueError as `eer_difference`.

    A network whose difference from the best of the group before is not more than noise joins that group.
    """
    found = sorted(((eer(curves), name, curves) for name, curves in networks), key=lambda each: each[0].rate)
    places: list[int] = []
    for i, (_, _, curves) in enumerate(found):
        best = places[-1] - 1 if places else 0  # the first of the last group
        new = i == 0 or is_more_than_noise(eer_difference(curves, found[best][2]))
        places.append(i + 1 if new else places[-1])
    return [
        Ranked(name, place, rate, places.count(place) > 1) for place, (rate, name, _) in zip(places, found, strict=True)
    ]


def _student(freedom: np.ndarray) -> np.ndarray:
    """Return the quantile of Student's distribution for a 95 % interval, (k,) degrees of freedom of at least 1.

    R. A. Fisher and E. A. Cornish, Technometrics 2, 1960, to second order; it spares the import of `scipy.stats`.
    """
    z = NormalDist().inv_cdf(1 - TAIL)
    quantiles: np.ndarray = z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
    return quantiles


def _genuine_apart(curves: Curves) -> int:
    """Return how many genuine pairs there can be of which no two share an image."""
    return int((curves.class_sizes // 2).sum())


def _crossings(fars: np.ndarray, frrs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where rates (b, k) meet, and at which place among the thresholds, a fraction of an index: (b,) each.

    Before the first threshold nothing is accepted; at the last one everything is.
    """
    fars = np.pad(fars.astype(np.float64), ((0, 0), (1, 0)))
    frrs = np.pad(frrs.astype(np.float64), ((0, 0), (1, 0)), constant_values=1)
    after, rows = (fars >= frrs).argmax(axis=1), np.arange(len(fars))
    far0, far1, frr0, frr1 = (each[rows, at] for each in (fars, frrs) for at in (after - 1, after))
    share = (frr0 - far0) / ((frr0 - far0) + (far1 - frr1))
    return far0 + share * (far1 - far0), np.maximum(after - 2 + share, 0)


def _wrong(curves: Curves, threshold: float) -> tuple[float, np.ndarray]:
    """Return the mean of FAR and FRR at the counted threshold nearest to the given one, and that of the resamples."""
    at = position(curves, threshold)
    samples = (curves.far_samples[:, at].astype(np.float64) + curves.frr_samples[:, at]) / 2
    return float(far(curves)[at] + frr(curves)[at]) / 2, samples


def _difference(rate: float, samples: np.ndarray) -> Interval:
    low, high = np.quantile(samples, [TAIL, 1 - TAIL]).tolist()
    return Interval(rate, min(low, rate), max(high, rate))


def _check_images(curves: Curves, other: Curves) -> None:
    if not np.array_equal(curves.class_sizes, other.class_sizes):
        raise ValueError(
            "expected two networks on the same images, got "
            f"{curves.class_sizes.sum()} and {other.class_sizes.sum()} images of other classes"
        )
