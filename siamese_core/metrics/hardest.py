"""The hardest pairs of some images: impostor pairs that lie near, genuine pairs that lie far apart.

`counting.count_pairs` finds them. In one list an image comes at most twice, so that one bad image does not fill it.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from siamese_core.metrics.verification import is_same

PER_CLASS = 12  # pairs of each two classes
OVERALL = 300  # pairs of each kind
MOST_TIMES = 2  # that one image comes in a list
AT_ONCE = 1_000  # pairs turned into numbers
SEEN = 40  # hardest pairs of each image with each class that are looked at


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
    for i, (a, b) in enumerate(_numbers(pairs)):
        if len(chosen) == most:
            break
        if max(times.get(a, 0), times.get(b, 0)) < MOST_TIMES:
            times[a], times[b] = times.get(a, 0) + 1, times.get(b, 0) + 1
            chosen.append(i)
    return pairs.take(np.array(chosen, np.intp))


def _numbers(pairs: PairList) -> Iterator[tuple[int, int]]:
    """Yield the images of each pair as Python's numbers, a few at a time: most lists are full soon."""
    for start in range(0, len(pairs.left), AT_ONCE):
        few = slice(start, start + AT_ONCE)
        yield from zip(pairs.left[few].tolist(), pairs.right[few].tolist(), strict=True)


class Candidates:
    """Collects, block by block, the pairs among which the hardest are chosen: SEEN of each image and class.

    That is enough for the lists of two classes: before a list is full, at most PER_CLASS - 1 images are used up, and an
    image's own harder pairs are those with one of them, and one chosen before. The lists overall are exact up to where
    more than that of a class are used up: of the shipped model's 300 impostor pairs the first 226.
    """

    def __init__(self, sizes: np.ndarray) -> None:
        """sizes: (c,) images of each class; the images are sorted by class."""
        self._ends = np.cumsum(sizes)
        self._sizes = sizes
        self._found: dict[tuple[int, int], list[PairList]] = {}

    def add(self, distances: np.ndarray, a: int, start: int) -> None:
        """Add the distances (r, n) of r images of class a, the first of index start, to all n images."""
        for b in range(a, len(self._sizes)):
            first, end = int(self._ends[b] - self._sizes[b]), int(self._ends[b])
            if end > first:
                found = _hardest_of_block(distances[:, first:end], start, first, farthest=a == b)
                self._found.setdefault((a, b), []).append(found)

    def hardest(self, order: np.ndarray) -> Hardest:
        """Return the hardest pairs; order: (n,) the images as they were sorted by class."""
        found = {key: _renamed(_joined(parts), order.astype(np.int32)) for key, parts in self._found.items()}
        by_class = {(a, b): _choose_hardest(pairs, PER_CLASS, a == b) for (a, b), pairs in found.items()}
        impostor, genuine = (
            _choose_hardest(_joined([pairs for (a, b), pairs in found.items() if (a == b) == own]), OVERALL, own)
            for own in (False, True)
        )
        return Hardest(impostor, genuine, {key: pairs for key, pairs in by_class.items() if len(pairs.left)})


def _hardest_of_block(distances: np.ndarray, start: int, first: int, farthest: bool) -> PairList:
    """Return the hardest of the distances (r, m); start and first: the indices of its first row and column.

    farthest: rows and columns are of one class. Each pair then counts once, and no image is a pair with itself.
    """
    sign = np.float32(-1 if farthest else 1)
    keys = sign * distances
    r, m = keys.shape
    near = np.argpartition(keys, SEEN - 1, axis=1)[:, :SEEN] if m > SEEN else np.tile(np.arange(m), (r, 1))
    rows, columns = np.repeat(np.arange(r), near.shape[1]), near.ravel()
    found = PairList((rows + start).astype(np.int32), (columns + first).astype(np.int32), keys[rows, columns])
    if farthest:
        found = found.take(found.left < found.right)
    return found._replace(distances=sign * found.distances)


def _choose_hardest(pairs: PairList, most: int, farthest: bool) -> PairList:
    order = np.lexsort((pairs.right, pairs.left, -pairs.distances if farthest else pairs.distances))
    return choose(pairs.take(order), most)


def _joined(parts: list[PairList]) -> PairList:
    return PairList(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _renamed(pairs: PairList, names: np.ndarray) -> PairList:
    return PairList(names[pairs.left], names[pairs.right], pairs.distances)
