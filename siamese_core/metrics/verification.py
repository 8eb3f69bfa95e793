"""Verification metrics over pairs: FAR, FRR, EER, AUC, balanced accuracy, and thresholds. NumPy only.

A pair is accepted as same iff `distance <= threshold`. FAR: accepted impostors / impostors. FRR: rejected
genuines / genuines. All rates lie in [0, 1]. Without pairs of the kinds they need they raise ValueError.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple, overload

import numpy as np

from siamese_core.metrics.distances import distances_to_all

MOST_UNEVEN = 1.25  # largest ratio between FAR and FRR at an even threshold


class EqualErrorRate(NamedTuple):
    """The rate at which FAR and FRR meet, and its threshold."""

    rate: float  # in [0, 1]
    threshold: float  # a distance


class PairDistances(NamedTuple):
    """The distances of genuine and of impostor pairs, each in ascending order."""

    genuine: np.ndarray  # (g,)
    impostor: np.ndarray  # (i,)


def split_by_same(distances: np.ndarray, same: np.ndarray) -> PairDistances:
    """Split distances (m,) into genuine and impostor pairs by same (m,), 1 or 0.

    Raises ValueError unless both are vectors of the same length without NaN, with at least one pair of each kind.
    """
    distances, same = np.asarray(distances), np.asarray(same)
    if distances.ndim != 1 or distances.shape != same.shape:
        raise ValueError(f"expected two vectors of the same length, got shapes {distances.shape} and {same.shape}")
    if np.isnan(distances).any():
        raise ValueError(f"expected distances that are numbers, got {np.isnan(distances).sum()} NaN")
    if not np.isin(same, (0, 1)).all():
        raise ValueError(f"expected same to hold only 0 and 1, got {same[~np.isin(same, (0, 1))][0]}")
    pairs = PairDistances(np.sort(distances[same == 1]), np.sort(distances[same == 0]))
    check_kinds(*pairs)
    return pairs


def check_kinds(genuine: np.ndarray, impostor: np.ndarray) -> None:
    """Raise ValueError unless there are distances of genuine pairs (g,) and of impostor pairs (i,)."""
    if not len(genuine) or not len(impostor):
        raise ValueError(f"expected pairs of both kinds, got {len(genuine)} genuine, {len(impostor)} impostor")


def all_pairs(embeddings: np.ndarray, labels: np.ndarray) -> PairDistances:
    """Return the distances of all n * (n - 1) / 2 pairs of the embeddings (n, d), float32.

    Works in blocks: 10,000 embeddings (49,995,000 pairs) take a few hundred megabytes and seconds. A single class gives
    no impostor pairs, and then no rates.
    """
    blocks = list(_pair_blocks(embeddings, labels))
    genuine, impostor = (np.concatenate([block[side] for block in blocks]) for side in (0, 1))
    del blocks
    genuine.sort()
    impostor.sort()
    return PairDistances(genuine, impostor)


def _pair_blocks(embeddings: np.ndarray, labels: np.ndarray, rows: int = 512) -> Iterator[PairDistances]:
    """Yield the pairs of each block of rows with all later rows, unsorted."""
    for start in range(0, max(1, len(labels)), rows):  # without labels one empty block
        block = slice(start, start + rows)
        distances = distances_to_all(embeddings[block], embeddings[start:])  # (rows, n - start)
        same = labels[block][:, None] == labels[None, start:]
        later = np.arange(distances.shape[1])[None, :] > np.arange(len(distances))[:, None]
        yield PairDistances(distances[same & later], distances[~same & later])


def is_same(distances: np.ndarray | float, threshold: float) -> np.ndarray:
    """Return which pairs are accepted as same: those with distance <= threshold.

    Both are compared as float32, the precision of distances. Every decision about same is made here.
    """
    accepted: np.ndarray = np.asarray(distances, np.float32) <= np.float32(threshold)
    return accepted


def false_accept_rate(pairs: PairDistances, threshold: np.ndarray | float) -> np.ndarray:
    """Return the share of impostor pairs accepted at each threshold."""
    if not len(pairs.impostor):
        raise ValueError(f"expected impostor pairs, got {len(pairs.genuine)} genuine ones alone")
    return _rank(pairs.impostor, threshold, "right") / len(pairs.impostor)


def false_reject_rate(pairs: PairDistances, threshold: np.ndarray | float) -> np.ndarray:
    """Return the share of genuine pairs rejected at each threshold."""
    if not len(pairs.genuine):
        raise ValueError(f"expected genuine pairs, got {len(pairs.impostor)} impostor ones alone")
    accepted = _rank(pairs.genuine, threshold, "right")
    return (len(pairs.genuine) - accepted) / len(pairs.genuine)  # one division, so that equal shares are equal floats


def _rank(ordered: np.ndarray, value: np.ndarray | float, side: Literal["left", "right"]) -> np.ndarray:
    """Count the distances below value ("left") or up to it ("right").

    The value is cast to the precision of the distances; for a wider one NumPy would copy all distances first.
    """
    return np.searchsorted(ordered, np.asarray(value, np.result_type(ordered, np.float32)), side=side)


@overload
def equal_error_rate(distances: PairDistances) -> EqualErrorRate: ...
@overload
def equal_error_rate(distances: np.ndarray, same: np.ndarray) -> EqualErrorRate: ...
def equal_error_rate(distances: PairDistances | np.ndarray, same: np.ndarray | None = None) -> EqualErrorRate:
    """Return where FAR and FRR meet, given distances (m,) with same (m,), 1 genuine and 0 impostor, or sorted pairs.

    The two rates are step functions and rarely meet exactly: they are interpolated linearly between the two thresholds
    around the crossing, as in a ROC curve. Where they are equal over a whole gap, the threshold is its middle.
    Raises ValueError as `split_by_same`.
    """
    pairs = distances if isinstance(distances, PairDistances) else split_by_same(distances, np.asarray(same))
    check_kinds(*pairs)
    after = _crossing(pairs)
    far, frr = float(false_accept_rate(pairs, after)), float(false_reject_rate(pairs, after))
    if far == frr:
        return EqualErrorRate(far, (after + _next(pairs, after)) / 2)
    before = _previous(pairs, after)
    far0, frr0 = float(false_accept_rate(pairs, before)), float(false_reject_rate(pairs, before))
    share = (frr0 - far0) / ((frr0 - far0) + (far - frr))
    rate = min(max(far0 + share * (far - far0), far0, frr), far, frr0)  # rounding may lead out of the range
    return EqualErrorRate(rate, before + share * (after - before) if np.isfinite(before) else after)


def _crossing(pairs: PairDistances) -> float:
    """Return the smallest distance at which FAR >= FRR, by binary search: FAR - FRR never falls with the threshold."""
    found = np.inf
    for side in pairs:
        low, high = 0, len(side)
        while low < high:
            middle = (low + high) // 2
            if false_accept_rate(pairs, side[middle]) >= false_reject_rate(pairs, side[middle]):
                high = middle
            else:
                low = middle + 1
        if low < len(side):
            found = min(found, float(side[low]))
    return found


def _previous(pairs: PairDistances, value: float) -> float:
    """Return the largest distance below value, or -inf."""
    below = [side[i - 1] for side in pairs if (i := _rank(side, value, "left"))]
    return float(max(below, default=-np.inf))


def _next(pairs: PairDistances, value: float) -> float:
    """Return the smallest distance above value, or value itself."""
    above = [side[i] for side in pairs if (i := _rank(side, value, "right")) < len(side)]
    return float(min(above, default=value))


def even_threshold(pairs: PairDistances, start: float) -> float:
    """Return the threshold nearest to `start` at which neither FAR nor FRR is more than MOST_UNEVEN times the other.

    Searched in small steps from `start` to the EER's threshold, which is the last resort. If that is 0, the distances
    separate nothing, and `start` is returned.
    """
    meet = equal_error_rate(pairs).threshold
    if meet <= 0:
        return start
    steps = np.linspace(start, meet, 1_001)
    far, frr = false_accept_rate(pairs, steps), false_reject_rate(pairs, steps)
    even = np.maximum(far, frr) <= MOST_UNEVEN * np.minimum(far, frr)
    return float(steps[even.argmax() if even.any() else -1])


def area_under_curve(pairs: PairDistances) -> float:
    """Return the area under the ROC curve: how often a genuine pair is nearer than an impostor pair, ties half."""
    check_kinds(*pairs)
    nearer = np.searchsorted(pairs.impostor, pairs.genuine, side="left").sum(dtype=np.float64)
    not_farther = np.searchsorted(pairs.impostor, pairs.genuine, side="right").sum(dtype=np.float64)
    return float(1 - (nearer + not_farther) / 2 / len(pairs.genuine) / len(pairs.impostor))


def balanced_accuracy(pairs: PairDistances, threshold: float) -> float:
    """Return the accuracy at the threshold with equal weight for genuine and impostor pairs."""
    return float(1 - (false_accept_rate(pairs, threshold) + false_reject_rate(pairs, threshold)) / 2)
