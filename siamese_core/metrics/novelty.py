"""Novelty: whether an image is unlike all images a model knows, such as a letter, a scribble or two digits at once.

The measure is the distance to the k-th nearest of many known images, here the test images; their labels are not used.
Source: Ramaswamy, Rastogi, Shim, "Efficient Algorithms for Mining Outliers from Large Data Sets", SIGMOD 2000. NumPy
only.
"""

import numpy as np

from siamese_core.metrics.distances import nearest

NOVELTY_NEIGHBOURS = 5  # the distance to the fifth nearest known image is the measure
SHARE = 0.005  # of the images the limit is fitted to, those that lie beyond it


def distance_to_known(embeddings: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return the distance of each embedding (n, d) to its fifth nearest known embedding (m, d): (n,) float32.

    Raises ValueError for fewer than five known embeddings.
    """
    return nearest(embeddings, known, NOVELTY_NEIGHBOURS).distances[:, -1]


def fit_limit(embeddings: np.ndarray, known: np.ndarray) -> float:
    """Return the distance to the known embeddings that at most SHARE of the embeddings (n, d) exceed.

    Raises ValueError if there are no embeddings, or as `distance_to_known`.
    """
    if not len(embeddings):
        raise ValueError("expected embeddings to fit the limit to, got none")
    return float(np.quantile(distance_to_known(embeddings, known), 1 - SHARE, method="higher"))


def is_novel(distances: np.ndarray, limit: float) -> np.ndarray:
    """Return which embeddings are novel, (n,) bool, by the distances (n, k) to their nearest known ones, k >= 5."""
    return distances[:, NOVELTY_NEIGHBOURS - 1] > np.float32(limit)
