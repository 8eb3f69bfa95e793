"""Principal components of embeddings, and turning one map onto another."""

from typing import NamedTuple

import numpy as np


class Pca(NamedTuple):
    """The principal components of some embeddings."""

    mean: np.ndarray  # (d,)
    axes: np.ndarray  # (k, d) orthonormal, in descending order of variance
    explained: np.ndarray  # (k,) share of the variance along each, in [0, 1]


def fit_pca(embeddings: np.ndarray, k: int = 2) -> Pca:
    """Fit the first k principal components of embeddings (n, d).

    The largest entry of each axis is positive, so that the same embeddings always give the same map. Without any
    variance the explained shares are 0. Raises ValueError unless 1 <= k <= d and n >= 1.
    """
    embeddings = np.asarray(embeddings, np.float64)
    if embeddings.ndim != 2 or not len(embeddings) or not 1 <= k <= embeddings.shape[1]:
        raise ValueError(f"expected embeddings (n, d) and 1 <= k <= d, got shape {embeddings.shape} and k = {k}")
    mean = embeddings.mean(axis=0)
    centred = embeddings - mean
    variances, vectors = np.linalg.eigh(centred.T @ centred)  # ascending
    axes = vectors[:, ::-1][:, :k].T  # (k, d)
    largest = np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, None], axis=1)
    total = variances.sum()
    shares = np.maximum(variances[::-1][:k], 0) / total if total > 0 else np.zeros(k)
    return Pca(mean, axes * np.where(largest < 0, -1, 1), shares)


def project(pca: Pca, embeddings: np.ndarray) -> np.ndarray:
    """Return the coordinates (n, k) of embeddings (n, d) on the principal components."""
    return (embeddings - pca.mean) @ pca.axes.T


def turn_onto(points: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return the points (n, k), rotated or mirrored about the origin so that they lie nearest to the reference (n, k).

    Solves the orthogonal Procrustes problem: P. H. Schönemann, Psychometrika 31, 1966. Distances between the points
    stay. Raises ValueError for different shapes.
    """
    from scipy.linalg import orthogonal_procrustes  # 10 MB that the app's process does without

    if points.shape != reference.shape:
        raise ValueError(f"expected two arrays of the same shape, got {points.shape} and {reference.shape}")
    turn, _ = orthogonal_procrustes(points, reference)
    turned: np.ndarray = points @ turn
    return turned
