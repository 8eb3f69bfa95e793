"""What a map shows of the space and what it hides: how well the classes part, doubtful digits, misleading distances."""

from typing import Literal, NamedTuple

import numpy as np

from siamese_core.metrics.distances import distances_to_all, knn_accuracy, nearest
from siamese_core.metrics.verification import PairDistances, all_pairs, equal_error_rate

NEIGHBOURS = 10  # of a digit: for doubt, trustworthiness and 10-NN
LIMIT_DIGITS = 1_000  # whose pairs say how near the same digits lie
SLACK = 1.25  # how many times a distance must lie on one side of the limit to be clearly near or clearly far

Misleading = Literal["near here", "far here", ""]


class Measures(NamedTuple):
    """How well classes part in full space and in a map of it; all but the distances in [-1, 1]."""

    silhouette: float  # in full space
    silhouette_map: float
    one_nn: float  # share of digits whose nearest other digit is of their class, in full space
    ten_nn: float  # the same for the majority of the ten nearest
    trustworthiness: float  # of the map: 1 if what is near in it is near in full space


class Near(NamedTuple):
    """Pairs of digits of two classes, nearest first."""

    left: np.ndarray  # (m,)
    right: np.ndarray  # (m,)
    distances: np.ndarray  # (m,)


class Limit(NamedTuple):
    """Up to which distance two digits of one space are rather the same, and from which they lie clearly farther."""

    same: float
    far: float  # larger than the other


class Limits(NamedTuple):
    """Those of a map and of full space."""

    map: Limit
    full: Limit


def measure(embeddings: np.ndarray, xy: np.ndarray, labels: np.ndarray) -> Measures:
    """Measure embeddings (n, d) of digits with labels (n,) and their map xy (n, k); takes a second for 2,000.

    Silhouette: P. J. Rousseeuw, J. Comput. Appl. Math. 20, 1987. Trustworthiness: J. Venna and S. Kaski, ICANN 2001.
    Both are scikit-learn's. Raises ValueError for less than two classes or not more than 20 digits.
    """
    from sklearn.manifold import trustworthiness
    from sklearn.metrics import silhouette_score

    near = labels[nearest(embeddings, embeddings, NEIGHBOURS, leave_out_self=True).indices]
    return Measures(
        silhouette=float(silhouette_score(embeddings, labels)),
        silhouette_map=float(silhouette_score(xy, labels)),
        one_nn=knn_accuracy(near[:, :1], labels),
        ten_nn=knn_accuracy(near, labels),
        trustworthiness=float(trustworthiness(embeddings, xy, n_neighbors=NEIGHBOURS)),
    )


def doubtful(embeddings: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Tell which digits (n,) bool have mostly digits of other classes as their ten nearest in full space."""
    near = nearest(embeddings, embeddings, min(NEIGHBOURS, len(labels) - 1), leave_out_self=True)
    other: np.ndarray = (labels[near.indices] != labels[:, None]).mean(axis=1) > 0.5
    return other


def class_distances(embeddings: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """Return the mean distance (classes, classes) between images of each two classes, none with itself.

    NaN for a class that is missing, and on the diagonal for a class of one.
    """
    table = np.full((classes, classes), np.nan)
    members = [embeddings[labels == c] for c in range(classes)]
    for a in range(classes):
        for b in range(a, classes):
            pairs = len(members[a]) * (len(members[b]) - (a == b))
            if pairs:
                distances = distances_to_all(members[a], members[b])
                if a == b:
                    np.fill_diagonal(distances, 0)
                table[a, b] = table[b, a] = distances.sum(dtype=np.float64) / pairs
    return table


def closest_pairs(embeddings: np.ndarray, labels: np.ndarray, a: int, b: int, most: int) -> Near:
    """Return the pairs of a digit of class a and one of class b that lie closest, at most so many."""
    left, right = np.flatnonzero(labels == a), np.flatnonzero(labels == b)
    distances = distances_to_all(embeddings[left], embeddings[right])  # (l, r)
    if a == b:
        distances[np.tril_indices(len(left))] = np.inf
    flat = distances.ravel()
    order = np.argsort(flat, kind="stable")[:most]
    order = order[np.isfinite(flat[order])]
    i, j = np.unravel_index(order, distances.shape)
    return Near(left[i], right[j], flat[order])


def same_limits(embeddings: np.ndarray, xy: np.ndarray, labels: np.ndarray) -> Limits:
    """Return the limits in a map xy (n, k) and in full space, of embeddings (n, d).

    Two digits are rather the same up to where FAR and FRR meet, and clearly farther apart at 1.25 times that, or from
    midway to the median impostor pair on if that is less: embeddings of length 1 lie no farther apart than 2. The first
    1,000 digits count. Raises ValueError if they hold no two of one class or no two classes.
    """
    few = slice(LIMIT_DIGITS)
    return Limits(*(_limit(all_pairs(points[few], labels[few])) for points in (xy, embeddings)))


def _limit(pairs: PairDistances) -> Limit:
    same = equal_error_rate(pairs).threshold
    middle = float(np.median(pairs.impostor))
    return Limit(same, min(SLACK * same, (same + middle) / 2) if middle > same else SLACK * same)


def misleading(here: float, full: float, limits: Limits) -> Misleading:
    """Tell whether a distance in the map misleads about the distance in full space, and how.

    "near here": in the map the two lie as near as the same digits do, in full space clearly farther than they do;
    "far here": the reverse. What lies close to a limit on either side misleads nobody.
    """
    if here * SLACK <= limits.map.same and full >= limits.full.far:
        return "near here"
    if here >= limits.map.far and full * SLACK <= limits.full.same:
        return "far here"
    return ""
