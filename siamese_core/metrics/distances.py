"""Distances between embeddings, and nearest neighbours. NumPy only."""

from typing import NamedTuple

import numpy as np


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
    q, r = queries.astype(np.float64), references.astype(np.float64)
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
    for start in range(0, len(queries), 512):
        distances = distances_to_all(queries[start : start + 512], references)
        if leave_out_self:
            distances[np.arange(len(distances)), start + np.arange(len(distances))] = np.inf
        near = np.argpartition(distances, k - 1, axis=1)[:, :k]
        order = np.argsort(np.take_along_axis(distances, near, 1), axis=1, kind="stable")
        near = np.take_along_axis(near, order, 1)
        parts.append((near, np.take_along_axis(distances, near, 1)))
    return Neighbours(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def knn_accuracy(neighbour_labels: np.ndarray, labels: np.ndarray) -> float:
    """Return how often the majority of the k neighbours' labels (n, k) is the label (n,); the nearest breaks ties."""
    votes = (neighbour_labels[:, :, None] == neighbour_labels[:, None, :]).sum(axis=2)  # (n, k)
    winner = np.argmax(votes, axis=1)  # of the most frequent labels the first, so the nearest
    return float(np.mean(neighbour_labels[np.arange(len(labels)), winner] == labels))
