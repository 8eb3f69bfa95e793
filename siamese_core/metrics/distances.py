"""Distances between embeddings, and nearest neighbours. NumPy only."""

from typing import NamedTuple

import numpy as np

ROWS = 512  # queries searched at once, to bound the memory
SPARE = 16  # references looked at beside those asked for, see `References`


class Neighbours(NamedTuple):
    """The nearest references of each query, nearest first."""

    indices: np.ndarray  # (n, k) int64
    distances: np.ndarray  # (n, k) float32


def distance(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the Euclidean distance of each row of a to the same row of b, (n, d) and (n, d) -> (n,).

    Raises ValueError unless both have the same shape (n, d).
    """
    a, b = np.asarray(a), np.asarray(b)
    if a.ndim != 2 or a.shape != b.shape:
        raise ValueError(f"expected two arrays of the same shape (n, d), got {a.shape} and {b.shape}")
    return np.sqrt(np.square(a - b).sum(axis=1))


def distances_to_all(queries: np.ndarray, references: np.ndarray) -> np.ndarray:
    """Return the distance of every query to every reference, (q, d) and (r, d) -> (q, r) float32.

    Computed from inner products in float64: exact to about 1e-7 for embeddings of length 1.
    """
    q, r = queries.astype(np.float64, copy=False), references.astype(np.float64, copy=False)
    squares = (q * q).sum(1)[:, None] + (r * r).sum(1)[None, :] - 2 * (q @ r.T)
    return np.sqrt(np.maximum(squares, 0, out=squares), out=squares).astype(np.float32)


def nearest(queries: np.ndarray, references: np.ndarray, k: int, *, leave_out_self: bool = False) -> Neighbours:
    """Return the k nearest references (r, d) of each query (q, d), nearest first.

    leave_out_self: queries and references are the same array, and no row counts as its own neighbour.
    Raises ValueError unless 1 <= k <= the number of references to choose from.
    """
    most = len(references) - leave_out_self
    if not 1 <= k <= most:
        raise ValueError(f"expected k from 1 to {most}, got {k}")
    parts = []
    for start in range(0, len(queries), ROWS):
        distances = distances_to_all(queries[start : start + ROWS], references)
        if leave_out_self:
            distances[np.arange(len(distances)), start + np.arange(len(distances))] = np.inf
        near = np.argpartition(distances, k - 1, axis=1)[:, :k]
        parts.append(_in_order(near, np.take_along_axis(distances, near, 1), k))
    return _joined(parts)


class References:
    """References (r, d) prepared for many searches by a few queries each: a search costs one product in float32."""

    def __init__(self, references: np.ndarray) -> None:
        """Prepare float32 references (r, d)."""
        self.vectors = references
        self._half_squares = np.einsum("rd,rd->r", references, references) / 2

    def nearest(self, queries: np.ndarray, k: int) -> Neighbours:
        """Return the k nearest references of each query (q, d) float32, nearest first, or all if there are fewer.

        The product finds SPARE more than k; their distances, which decide, are exact. The rounding of float32 matters
        only where more than SPARE references lie within about 1e-6 of the k-th.
        """
        k = min(k, len(self.vectors))
        return _joined(
            [self._nearest(queries[start : start + ROWS], k) for start in range(0, max(1, len(queries)), ROWS)]
        )

    def _nearest(self, queries: np.ndarray, k: int) -> Neighbours:
        few = min(k + SPARE, len(self.vectors))
        scores = self._half_squares - queries @ self.vectors.T  # (q, r), in the order of the distances
        found = np.argpartition(scores, few - 1, axis=1)[:, :few]
        exact = np.linalg.norm(self.vectors[found].astype(np.float64) - queries[:, None, :], axis=2)
        return _in_order(found, exact, k)


def _in_order(indices: np.ndarray, distances: np.ndarray, k: int) -> Neighbours:
    """Return the k nearest of the references found for each query, (q, n) each, nearest first."""
    order = np.argsort(distances, axis=1, kind="stable")[:, :k]
    ordered = np.take_along_axis(distances, order, 1).astype(np.float32)
    return Neighbours(np.take_along_axis(indices, order, 1), ordered)


def _joined(parts: list[Neighbours]) -> Neighbours:
    return Neighbours(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def knn_accuracy(neighbour_labels: np.ndarray, labels: np.ndarray) -> float:
    """Return how often the majority of the k neighbours' labels (n, k) is the label (n,); the nearest breaks ties."""
    votes = (neighbour_labels[:, :, None] == neighbour_labels[:, None, :]).sum(axis=2)  # (n, k)
    winner = np.argmax(votes, axis=1)  # of the most frequent labels the first, so the nearest
    return float(np.mean(neighbour_labels[np.arange(len(labels)), winner] == labels))
