"""Name a drawing by a few examples of each class: rank the classes, and find the limit beyond which none is meant.

The distance to a class is that to its nearest example. On Lake's background characters, with 2 to 5 examples of 6 and
of 20 classes, it names up to 13 of 100 more rightly than the mean of a class's embeddings does, and never 2 fewer.
NumPy only.
"""

from typing import NamedTuple

import numpy as np

from siamese_core.metrics.distances import distances_to_all
from siamese_core.metrics.verification import equal_error_rate

ENOUGH = 6  # examples with another one of their class: fewer say too little about how far apart those lie


class Limit(NamedTuple):
    """The distance up to which a drawing is of the nearest class."""

    distance: float
    examples: int  # that it was fitted to; 0: it is the network's threshold


class Pair(NamedTuple):
    """Two classes and how far apart their nearest examples lie."""

    first: int
    second: int
    distance: float


def class_distances(distances: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """Return the distance to the nearest example of each class, (q, n) and labels (n,) -> (q, classes).

    A class without examples is infinitely far.
    """
    found = np.full((len(distances), classes), np.inf, np.float32)
    np.minimum.at(found.T, labels, distances.T)
    return found


def between_classes(embeddings: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return how far apart the nearest examples of each two of the c classes lie, (c, c) float32.

    On the diagonal how far apart the farthest two of a class lie, 0 for a single example.
    """
    classes = int(labels.max()) + 1 if len(labels) else 0
    apart = distances_to_all(embeddings, embeddings)
    rows = class_distances(apart, labels, classes)  # (n, c)
    table = np.full((classes, classes), np.inf, np.float32)
    np.minimum.at(table, labels, rows)
    for label in range(classes):
        own = labels == label
        table[label, label] = apart[np.ix_(own, own)][~np.eye(own.sum(), dtype=bool)].max(initial=0)
    return table


def fit_limit(embeddings: np.ndarray, labels: np.ndarray, threshold: float) -> Limit:
    """Return the limit that examples (n, d) with labels (n,) ask for: by leaving each of them out in turn.

    Its distance to the others of its class is that of a known drawing; its distance to the nearest other class is that
    of an unknown one, as if its own class were not there. The limit is where as many known drawings would be refused as
    unknown ones taken. Without ENOUGH examples that have another one of their class, or with a single class, the
    network's threshold holds.
    """
    classes = int(labels.max()) + 1 if len(labels) else 0
    apart = distances_to_all(embeddings, embeddings)
    np.fill_diagonal(apart, np.inf)
    to_class = class_distances(apart, labels, classes)  # (n, c)
    own = np.arange(classes) == labels[:, None]
    known = to_class[own]
    known = known[np.isfinite(known)]
    if classes < 2 or len(known) < ENOUGH:
        return Limit(threshold, 0)
    unknown = np.where(own, np.inf, to_class).min(axis=1)
    unknown = unknown[np.isfinite(unknown)]
    same = np.arange(len(known) + len(unknown)) < len(known)
    return Limit(equal_error_rate(np.concatenate([known, unknown]), same).threshold, len(known))


def confusable(table: np.ndarray, limit: float) -> list[Pair]:
    """Return the pairs of classes within the limit of each other by `between_classes`, the nearest first."""
    pairs = [Pair(int(i), int(j), float(table[i, j])) for i, j in zip(*np.triu_indices(len(table), 1), strict=True)]
    return sorted((pair for pair in pairs if pair.distance <= limit), key=lambda pair: pair.distance)
