"""Pairs of images, as index arrays.

A pair is genuine (same = 1) when both images show the same class, an impostor pair (same = 0) otherwise.
"""

from typing import NamedTuple

import numpy as np


class Pairs(NamedTuple):
    """Pairs as indices into one array of images."""

    left: np.ndarray  # (m,) int64
    right: np.ndarray  # (m,) int64
    same: np.ndarray  # (m,) float32, 1 genuine, 0 impostor


def create_pairs(labels: np.ndarray, *, min_equals: int, rng: np.random.Generator, per_image: int = 1) -> Pairs:
    """Match every image with a partner, as the article does.

    In each of the `per_image` rounds the first `min_equals` images get a random partner of their own class,
    the rest a random partner from all images. An image may be its own partner, as in the article. The share of
    genuine pairs is therefore about `(min_equals + (n - min_equals) / classes) / n`.

    labels: (n,) integers. Returns m = n * per_image pairs, round by round; in each round left is 0..n-1.
    Raises ValueError for labels that are not a non-empty vector of integers, or for counts out of range.
    """
    labels = _checked_labels(labels)
    n = len(labels)
    if not 0 <= min_equals <= n:
        raise ValueError(f"expected min_equals from 0 to the number of images, {n}, got {min_equals}")
    if per_image < 1:
        raise ValueError(f"expected per_image of at least 1, got {per_image}")
    left = np.tile(np.arange(n), per_image)  # (m,)
    own = left < min_equals
    right = np.where(own, _partners_of_own_class(labels, left, rng), rng.integers(0, n, len(left)))
    return Pairs(left, right, (labels[left] == labels[right]).astype(np.float32))


def article_pairs(labels: np.ndarray, *, min_equals: int, seed: int) -> Pairs:
    """Return the article's pairs of a run's training images; they depend on the run's seed alone."""
    return create_pairs(labels, min_equals=min_equals, rng=np.random.default_rng([seed, 1]))


def create_balanced_pairs(labels: np.ndarray, *, per_image: int, rng: np.random.Generator) -> Pairs:
    """Match every image with `per_image` others of its own class and with as many of other classes.

    No image is its own partner. An image that is alone in its class has no genuine pairs; with only one class there are
    no impostor pairs. labels: (n,) integers. Returns at most 2 * n * per_image pairs, the genuine ones first.
    Raises ValueError as `create_pairs`.
    """
    labels = _checked_labels(labels)
    if per_image < 1:
        raise ValueError(f"expected per_image of at least 1, got {per_image}")
    by_class, first, own = _grouped(labels)
    place = np.argsort(by_class)  # (n,) position of each image in by_class

    left = np.repeat(np.flatnonzero(own > 1), per_image)
    step = rng.integers(1, own[left])  # from the image's own position, cyclic within its class
    mates = by_class[first[left] + (place[left] - first[left] + step) % own[left]]
    alien = np.repeat(np.flatnonzero(own < len(labels)), per_image)
    drawn = rng.integers(0, len(labels) - own[alien])  # among the images before and after its class
    strangers = by_class[np.where(drawn < first[alien], drawn, drawn + own[alien])]
    same = np.repeat(np.array([1, 0], np.float32), [len(left), len(alien)])
    return Pairs(np.concatenate([left, alien]), np.concatenate([mates, strangers]), same)


def every_pair(labels: np.ndarray) -> Pairs:
    """Return all n * (n - 1) / 2 pairs of images with labels (n,), those of a batch. Raises as `create_pairs`."""
    labels = _checked_labels(labels)
    left, right = np.triu_indices(len(labels), 1)
    return Pairs(left, right, (labels[left] == labels[right]).astype(np.float32))


def frozen_pairs(labels: np.ndarray) -> Pairs:
    """Return as many genuine as impostor pairs, always the same for the same labels (n,): about 0.9 * n in all."""
    rng = np.random.default_rng(0)
    shuffled = rng.permutation(len(labels))
    by_class = shuffled[np.argsort(labels[shuffled], kind="stable")]
    genuine, impostor = (
        pairs[(labels[pairs[:, 0]] == labels[pairs[:, 1]]) == same]
        for pairs, same in ((_in_twos(by_class), True), (_in_twos(rng.permutation(len(labels))), False))
    )
    if not len(genuine) or not len(impostor):  # of a few images
        return _one_of_each(labels)
    n = min(len(genuine), len(impostor))
    left, right = np.concatenate([rng.permutation(genuine)[:n], impostor[:n]]).T
    return Pairs(left, right, np.repeat(np.array([1, 0], np.float32), n))


def sample_pairs(labels: np.ndarray, n: int, rng: np.random.Generator) -> Pairs:
    """Return n random pairs of images with labels (m,) in random order, half of them genuine if n is even."""
    pairs = create_balanced_pairs(labels, per_image=1, rng=rng)
    kinds = (np.flatnonzero(pairs.same == 1), np.flatnonzero(pairs.same == 0))
    half = (n // 2, n - n // 2)
    chosen = np.concatenate([rng.choice(kind, count, replace=False) for kind, count in zip(kinds, half, strict=True)])
    chosen = rng.permutation(chosen)
    return Pairs(*(column[chosen] for column in pairs))


def _one_of_each(labels: np.ndarray) -> Pairs:
    """Return one genuine and one impostor pair of images with labels (n,), none where there is not one of each."""
    left, right = np.triu_indices(len(labels), 1)
    same = (labels[left] == labels[right]).astype(np.float32)
    if same.all() or not same.any():
        return Pairs(left[:0], right[:0], same[:0])
    chosen = [int(same.argmax()), int(same.argmin())]
    return Pairs(left[chosen], right[chosen], same[chosen])


def _in_twos(indices: np.ndarray) -> np.ndarray:
    """Pair neighbouring indices, (n,) -> (n // 2, 2); if n is odd, the last one is dropped."""
    return indices[: len(indices) // 2 * 2].reshape(-1, 2)


def _checked_labels(labels: np.ndarray) -> np.ndarray:
    labels = np.asarray(labels)
    if labels.ndim != 1 or not len(labels) or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            f"expected labels as a non-empty vector of integers, got {labels.dtype} of shape {labels.shape}"
        )
    return labels


def _partners_of_own_class(labels: np.ndarray, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw a partner of its own class for each image, possibly itself: (m,) indices."""
    by_class, first, own = _grouped(labels)
    return by_class[first[images] + rng.integers(0, own[images])]


def _grouped(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the indices sorted by class, and for each image the start of its class there and its size: (n,) each."""
    _, classes, counts = np.unique(labels, return_inverse=True, return_counts=True)
    return np.argsort(classes, kind="stable"), (np.cumsum(counts) - counts)[classes], counts[classes]
