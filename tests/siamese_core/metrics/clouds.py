"""Embeddings for tests: classes as clouds around the corners of a simplex, some of their images far from them."""

import numpy as np


def cloud(n: int, classes: int = 4, noise: float = 0.3, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return embeddings (n, classes) float32 and labels (n,) of random classes."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, n)
    spread = noise * rng.gamma(2.0, 0.5, (n, 1))
    return (np.eye(classes)[labels] + spread * rng.normal(size=(n, classes))).astype(np.float32), labels
