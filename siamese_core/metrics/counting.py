"""Count all pairs of some images at many thresholds, and find the hardest ones, in one pass. NumPy only.

The images are sorted by class and worked in blocks of rows of one class. Each pair is seen twice, once from each of its
images, as what `resampling` needs is how many pairs of each image are accepted.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from siamese_core.metrics.curves import Curves
from siamese_core.metrics.distances import distances_to_all
from siamese_core.metrics.grid import Lookup, make_grid, make_lookup
from siamese_core.metrics.hardest import Candidates, Hardest
from siamese_core.metrics.resampling import image_weights, projected

ROWS = 128  # images at once, to bound the memory


class Counted(NamedTuple):
    """What one pass over all pairs finds."""

    curves: Curves
    hardest: Hardest


class _Sums(NamedTuple):
    """Pairs by the first threshold that accepts them, summed over the blocks so far."""

    by_class: np.ndarray  # (c, c, k) whole numbers, each pair from both of its images
    genuine: np.ndarray  # (b, k) float64, of each resample
    impostor: np.ndarray  # (b, k) float64


def count_pairs(embeddings: np.ndarray, labels: np.ndarray, classes: int, thresholds: Sequence[float] = ()) -> Counted:
    """Count all pairs of embeddings (n, d) with labels (n,) from 0 to classes - 1.

    thresholds: distances at which the counts must be exact, beside an even grid from 0 to beyond the largest distance.
    10,000 images take a few seconds and about 100 MB. Raises ValueError for embeddings or thresholds that are not
    numbers, for labels out of range, or unless there are pairs of both kinds.
    """
    sizes = _class_sizes(embeddings, labels, classes)
    grid = make_grid(_reach(embeddings), thresholds)
    order = np.argsort(labels, kind="stable")
    weights = image_weights(len(labels))[:, order]
    sums, candidates = _pass(embeddings[order], sizes, weights, make_lookup(grid), len(grid))
    curves = _curves(grid, sizes, sums, weights)
    last_special = max((int(np.searchsorted(grid, each)) for each in thresholds), default=1)
    return Counted(_trimmed(curves, last_special), candidates.hardest(order))


def _class_sizes(embeddings: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """Check the arguments of `count_pairs` and return the number of images of each class, (c,)."""
    if embeddings.ndim != 2 or labels.shape != (len(embeddings),):
        raise ValueError(f"expected embeddings (n, d) and labels (n,), got {embeddings.shape} and {labels.shape}")
    if not np.isfinite(embeddings).all():
        raise ValueError("expected embeddings that are numbers, got some that are not")
    if len(labels) and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(f"expected labels from 0 to {classes - 1}, got {labels.min()} to {labels.max()}")
    sizes = np.bincount(labels, minlength=classes)
    genuine = int((sizes * (sizes - 1)).sum() // 2)
    impostor = len(labels) * (len(labels) - 1) // 2 - genuine
    if not genuine or not impostor:
        raise ValueError(f"expected pairs of both kinds, got {genuine} genuine, {impostor} impostor")
    return sizes


def _reach(embeddings: np.ndarray) -> float:
    """Return a distance that no two embeddings exceed: twice the largest distance from their mean; 1 if that is 0."""
    mean = embeddings.mean(axis=0, dtype=np.float64)
    farthest = np.sqrt(np.square(embeddings - mean).sum(axis=1).max())
    return 2 * float(farthest) * (1 + 1e-6) or 1.0


def _blocks(sizes: np.ndarray, rows: int) -> Iterator[tuple[int, slice]]:
    """Yield the class and the rows of each block of images sorted by class."""
    ends = np.cumsum(sizes).tolist()
    for a, end in enumerate(ends):
        for start in range(end - int(sizes[a]), end, rows):
            yield a, slice(start, min(start + rows, end))


def _pass(
    embeddings: np.ndarray, sizes: np.ndarray, weights: np.ndarray, lookup: Lookup, k: int
) -> tuple[_Sums, Candidates]:
    """Count the pairs of embeddings sorted by class; weights: (b, n) in the same order."""
    c, exact = len(sizes), embeddings.astype(np.float64)
    whole = np.int32 if len(exact) ** 2 < 2**31 else np.int64  # of many classes the table is large
    columns = np.repeat(np.arange(c), sizes) * (k + 1)  # (n,) where the counts of a column's class begin
    ends = np.cumsum(sizes)
    sums = _Sums(np.zeros((c, c, k), whole), *(np.zeros((len(weights), k)) for _ in range(2)))
    candidates = Candidates(sizes)
    for a, rows in _blocks(sizes, ROWS):
        distances = distances_to_all(exact[rows], exact)
        bins = lookup.bins(distances)
        n = len(bins)
        bins[np.arange(n), np.arange(rows.start, rows.stop)] = k  # an image is no pair with itself
        sums.by_class[a] += _counts(bins + columns, (c, k + 1)).astype(whole)
        bins += (np.arange(n) * (k + 1))[:, None]
        own = _counts(bins[:, ends[a] - sizes[a] : ends[a]], (n, k + 1)).astype(np.float64)
        block = weights[:, rows].astype(np.float64)
        sums.genuine[:] += block @ own
        sums.impostor[:] += block @ (_counts(bins, (n, k + 1)) - own)
        candidates.add(distances, a, rows.start)
    return sums, candidates


def _counts(bins: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Count the bins, numbered through all rows of a table; the last of each row is left out."""
    return np.bincount(bins.ravel(), minlength=shape[0] * shape[1]).reshape(shape)[:, :-1]


def _curves(grid: np.ndarray, sizes: np.ndarray, sums: _Sums, weights: np.ndarray) -> Curves:
    """Sum up over the thresholds."""
    accepted = np.cumsum(sums.by_class, axis=2, out=sums.by_class)
    accepted = accepted + accepted.transpose(1, 0, 2)
    accepted //= 2  # the two sides of a pair may differ by rounding
    diagonal = np.arange(len(sizes))
    accepted[diagonal, diagonal] //= 2
    pairs = np.outer(sizes, sizes)
    pairs[diagonal, diagonal] = sizes * (sizes - 1) // 2
    genuine = accepted[diagonal, diagonal].sum(axis=0, dtype=np.int64)
    impostor = (accepted.sum(axis=(0, 1), dtype=np.int64) - genuine) // 2
    own = np.repeat(sizes - 1, sizes)  # (n,) genuine pairs of each image
    others = len(own) - 1 - own
    totals = int(np.trace(pairs)), int(np.triu(pairs, 1).sum())
    return Curves(
        thresholds=grid,
        genuine=genuine,
        impostor=impostor,
        genuine_pairs=totals[0],
        impostor_pairs=totals[1],
        accepted=accepted.astype(np.min_scalar_type(pairs.max())),
        pairs=pairs,
        class_sizes=sizes,
        far_samples=projected(sums.impostor.cumsum(axis=1), weights @ others, impostor / totals[1]),
        frr_samples=1 - projected(sums.genuine.cumsum(axis=1), weights @ own, genuine / totals[0]),
    )


def _trimmed(curves: Curves, least: int) -> Curves:
    """Drop the thresholds beyond the first that accepts all pairs, but none up to the index `least`."""
    all_accepted = int((curves.genuine + curves.impostor).searchsorted(curves.genuine_pairs + curves.impostor_pairs))
    kept = slice(max(all_accepted, least, 1) + 1)
    return curves._replace(
        thresholds=curves.thresholds[kept],
        genuine=curves.genuine[kept],
        impostor=curves.impostor[kept],
        accepted=curves.accepted[..., kept].copy(),
        far_samples=curves.far_samples[:, kept].copy(),
        frr_samples=curves.frr_samples[:, kept].copy(),
    )
