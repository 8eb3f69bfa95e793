"""The hardest pairs of some images: impostor pairs that lie near, genuine pairs that lie far apart.

`counting.count_pairs` finds them. In one list an image comes at most twice, so that one bad image does not fill it.
"""

from typing import NamedTuple

import numpy as np

from siamese_core.metrics.verification import is_same

PER_CLASS = 12  # pairs of each two classes
OVERALL = 300  # pairs of each kind
MOST_TIMES = 2  # that one image comes in a list


class PairList(NamedTuple):
    """Pairs of images, the hardest first, as indices into the images."""

    left: np.ndarray  # (m,) int32
    right: np.ndarray  # (m,) int32
    distances: np.ndarray  # (m,) float32

    def take(self, chosen: np.ndarray) -> "PairList":
        """Return the pairs that a mask or indices choose."""
        return PairList(*(column[chosen] for column in self))


class Hardest(NamedTuple):
    """The hardest pairs of some images, nearest impostors first, farthest genuine ones first."""

    impostor: PairList  # the nearest OVERALL impostor pairs
    genuine: PairList  # the farthest OVERALL genuine pairs
    by_class: dict[tuple[int, int], PairList]  # (a, b), a <= b: PER_CLASS each; (a, a) genuine, others impostor


class Mistakes(NamedTuple):
    """What a threshold makes of the hardest pairs."""

    false_accepts: PairList  # impostor pairs that are accepted, the nearest first
    false_rejects: PairList  # genuine pairs that are rejected, the farthest first
    narrow_accepts: PairList  # genuine pairs that are just accepted, the nearest to the threshold first
    narrow_rejects: PairList  # impostor pairs that are just rejected, the nearest to the threshold first


def mistakes(hardest: Hardest, threshold: float) -> Mistakes:
    """Return the hardest pairs overall by what the threshold makes of them, all known ones: at most OVERALL a list."""
    genuine, impostor = hardest.genuine, hardest.impostor
    right, wrong = is_same(genuine.distances, threshold), is_same(impostor.distances, threshold)
    return Mistakes(impostor.take(wrong), genuine.take(~right), genuine.take(right), impostor.take(~wrong))


def of_classes(hardest: Hardest, a: int, b: int) -> PairList:
    """Return the hardest pairs of two classes, of one class if a == b: at most PER_CLASS, none if there are none."""
    nothing = PairList(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.float32))
    return hardest.by_class.get((min(a, b), max(a, b)), nothing)


def choose(pairs: PairList, most: int) -> PairList:
    """Return the first `most` of the pairs, in their order, in which no image comes more than MOST_TIMES."""
    times: dict[int, int] = {}
    chosen: list[int] = []
    for i, (a, b) in enumerate(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)):
        if len(chosen) == most:
            break
        if max(times.get(a, 0), times.get(b, 0)) < MOST_TIMES:
            times[a], times[b] = times.get(a, 0) + 1, times.get(b, 0) + 1
            chosen.append(i)
    return pairs.take(np.array(chosen, np.intp))
