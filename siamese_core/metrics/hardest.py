"""The hardest pairs of some images: impostor pairs that lie near, genuine pairs that lie far apart.

`counting.count_pairs` finds them. In one list an image comes at most twice, so that one bad image does not fill it.
"""

from typing import NamedTuple

import numpy as np

from siamese_core.metrics.verification import is_same

PER_CLASS = 12  # pairs of each two classes
OVERALL = 300  # pairs of each kind
MOST_TIMES = 2  # that one image comes in a list
SEEN = PER_CLASS + 1  # pairs of each image with each class that are looked at


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


class Candidates:
    """Collects, block by block, the pairs among which the hardest are chosen: the SEEN hardest of each image and class.

    They are enough for the lists of two classes: before a list is full, at most PER_CLASS - 1 images are used up, and a
    pair that is chosen is preceded among its image's only by those with used-up images, and by one chosen before.
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
                columns = distances[:, first:end]
                found = _hardest_of_rows(-columns if a == b else columns, start, first)
                if a == b:  # farthest first; each pair once, and none of an image with itself
                    found = found._replace(distances=-found.distances).take(found.left < found.right)
                self._found.setdefault((a, b), []).append(found)

    def hardest(self, order: np.ndarray) -> Hardest:
        """Return the hardest pairs; order: (n,) the images as they were sorted by class."""
        joined = {
            key: PairList(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
            for key, parts in self._found.items()
        }
        joined = {
            key: PairList(order[left].astype(np.int32), order[right].astype(np.int32), distances)
            for key, (left, right, distances) in joined.items()
        }
        by_class = {(a, b): _choose_hardest([pairs], PER_CLASS, a == b) for (a, b), pairs in joined.items()}
        impostor = _choose_hardest([pairs for (a, b), pairs in joined.items() if a != b], OVERALL, False)
        genuine = _choose_hardest([pairs for (a, b), pairs in joined.items() if a == b], OVERALL, True)
        return Hardest(impostor, genuine, {key: pairs for key, pairs in by_class.items() if len(pairs.left)})


def _hardest_of_rows(keys: np.ndarray, start: int, first: int) -> PairList:
    """Return for each row of keys (r, m) the SEEN smallest; start and first: the indices of its first row and column."""
    r, m = keys.shape
    near = np.argpartition(keys, SEEN - 1, axis=1)[:, :SEEN] if m > SEEN else np.tile(np.arange(m), (r, 1))
    rows = np.repeat(np.arange(r), near.shape[1])
    return PairList(rows + start, near.ravel() + first, keys[rows, near.ravel()])


def _choose_hardest(parts: list[PairList], most: int, farthest: bool) -> PairList:
    """Choose from the joined parts, the nearest first or the farthest first."""
    pairs = PairList(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    order = np.lexsort((pairs.right, pairs.left, -pairs.distances if farthest else pairs.distances))
    return choose(pairs.take(order), most)
