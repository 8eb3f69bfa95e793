"""Whether a drawing lies far from every digit a model knows: a letter, a scribble, two digits at once.

What counts is the distance to the k-th nearest of many known digits, here those of MNIST's test set, whose labels
play no part. Source of the measure: Ramaswamy, Rastogi, Shim, "Efficient Algorithms for Mining Outliers from Large
Data Sets", SIGMOD 2000. NumPy only.
"""

import numpy as np

from siamese_core.metrics.distances import nearest

NEIGHBOURS = 5
SHARE = 0.01  # of real digits that lie beyond the limit


def distance_to_known(embeddings: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return the distance of each embedding (n, d) to the fifth nearest of the known ones (m, d): (n,) float32.

    Raises ValueError for fewer than five known ones.
    """
    return nearest(embeddings, known, NEIGHBOURS).distances[:, -1]


def fit_limit(embeddings: np.ndarray, known: np.ndarray) -> float:
    """Return the distance to the known ones that at most SHARE of these real digits' embeddings (n, d) exceed.

    Raises ValueError if there are none, or as `distance_to_known`.
    """
    if not len(embeddings):
        raise ValueError("expected embeddings to fit the limit to, got none")
    return float(np.quantile(distance_to_known(embeddings, known), 1 - SHARE, method="higher"))


def is_novel(distances: np.ndarray, limit: float) -> np.ndarray:
    """Tell of embeddings at distances (n, k) to their nearest known ones, k >= 5, whether they lie beyond the limit."""
    return distances[:, NEIGHBOURS - 1] > np.float32(limit)
