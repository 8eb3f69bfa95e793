"""How far a map can be trusted: how well it separates the classes, doubtful images, misleading distances."""

from typing import Literal, NamedTuple

import numpy as np

from siamese_core.metrics.distances import distances_to_all, knn_accuracy, nearest
from siamese_core.metrics.verification import all_pairs, equal_error_rate

TRUST_NEIGHBOURS = 10  # of an image: for doubt, trustworthiness and 10-NN
LEAST = 20  # images; more are needed to measure a map
BOUNDS_IMAGES = 1_000  # images, whose pairs give the bounds
ONE_POINT = 1e-5  # of the longest embedding; embeddings that differ by less differ by rounding only
SLACK = 1.25  # factor by which a distance must lie below or above a bound to be clearly near or clearly far

Misleading = Literal["near here", "far here", ""]


class Measures(NamedTuple):
    """How well classes are separated in full space and in a map of it, all in [-1, 1]."""

    silhouette: float  # in full space
    silhouette_map: float
    one_nn: float  # share of images whose nearest neighbour is of their class, in full space
    ten_nn: float  # the same for the majority of the ten nearest
    trustworthiness: float  # of the map: 1 if neighbours in the map are neighbours in full space


class Near(NamedTuple):
    """Pairs of images of two classes, nearest first."""

    left: np.ndarray  # (m,)
    right: np.ndarray  # (m,)
    distances: np.ndarray  # (m,)


class Bounds(NamedTuple):
    """Two distances in one space: up to `same` images are likely of one class, from `far` on they are clearly apart."""

    same: float
    far: float  # larger than `same`, unless both are 0: then most images lie at one point


class MisleadingBounds(NamedTuple):
    """The bounds in a map and in full space, by which `misleading` tells where the map misleads."""

    map: Bounds
    full: Bounds


def measure(embeddings: np.ndarray, xy: np.ndarray, labels: np.ndarray) -> Measures:
    """Measure embeddings (n, d) with labels (n,) and their map xy (n, k); takes a second for 2,000 images.

    Silhouette: P. J. Rousseeuw, J. Comput. Appl. Math. 20, 1987. Trustworthiness: J. Venna and S. Kaski, ICANN 2001.
    Both are scikit-learn's. Raises ValueError for fewer than two classes, for LEAST images or fewer, or if each image
    has a class of its own.
    """
    n, classes = len(labels), len(np.unique(labels))
    if n <= LEAST or not 2 <= classes < n:
        raise ValueError(f"expected more than {LEAST} images of two classes or more, some alike, got {n} of {classes}")
    from sklearn.manifold import trustworthiness
    from sklearn.metrics import silhouette_score

    near = labels[nearest(embeddings, embeddings, TRUST_NEIGHBOURS, leave_out_self=True).indices]
    return Measures(
        silhouette=float(silhouette_score(embeddings, labels)),
        silhouette_map=float(silhouette_score(xy, labels)),
        one_nn=knn_accuracy(near[:, :1], labels),
        ten_nn=knn_accuracy(near, labels),
        trustworthiness=float(trustworthiness(embeddings, xy, n_neighbors=TRUST_NEIGHBOURS)),
    )


def one_point(embeddings: np.ndarray) -> bool:
    """Return whether all embeddings (n, d) are the same point, up to rounding: the network has collapsed."""
    if not len(embeddings):
        return False
    points = embeddings.astype(np.float64)
    return bool(np.ptp(points, axis=0).max() <= ONE_POINT * np.linalg.norm(points, axis=1).max())


def doubtful(embeddings: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return which images are doubtful, (n,) bool: most of their ten nearest in full space are of other classes.

    None is if all embeddings are the same point, as then no image is nearer than another.
    """
    if one_point(embeddings):
        return np.zeros(len(labels), bool)
    near = nearest(embeddings, embeddings, min(TRUST_NEIGHBOURS, len(labels) - 1), leave_out_self=True)
    other: np.ndarray = (labels[near.indices] != labels[:, None]).mean(axis=1) > 0.5
    return other


def class_distances(embeddings: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """Return the mean distance (classes, classes) between images of every two classes; no image is paired with itself.

    NaN for a class without images, and on the diagonal for a class of one image.
    """
    if one_point(embeddings):
        embeddings = np.zeros_like(embeddings)  # their distances are 0, and not what rounding makes of them
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
    """Return the closest pairs of an image of class a and one of class b, at most `most` of them."""
    left, right = np.flatnonzero(labels == a), np.flatnonzero(labels == b)
    distances = distances_to_all(embeddings[left], embeddings[right])  # (l, r)
    if a == b:
        distances[np.tril_indices(len(left))] = np.inf
    flat = distances.ravel()
    order = np.argsort(flat, kind="stable")[:most]
    order = order[np.isfinite(flat[order])]
    i, j = np.unravel_index(order, distances.shape)
    return Near(left[i], right[j], flat[order])


def misleading_bounds(embeddings: np.ndarray, xy: np.ndarray, labels: np.ndarray) -> MisleadingBounds:
    """Return the bounds in a map xy (n, k) and in full space, of embeddings (n, d).

    `same` is where FAR and FRR meet. `far` is 1.25 times that, or halfway to the median impostor pair if that is less:
    embeddings of length 1 are at most 2 apart. Both are 0 if all images are one point. Only the first 1,000 images are
    used. Raises ValueError unless they hold genuine and impostor pairs.
    """
    few = slice(BOUNDS_IMAGES)
    return MisleadingBounds(*(_bounds(points[few], labels[few]) for points in (xy, embeddings)))


def _bounds(points: np.ndarray, labels: np.ndarray) -> Bounds:
    pairs = all_pairs(points, labels)
    if one_point(points):
        return Bounds(0.0, 0.0)  # and not what rounding makes of them
    same = equal_error_rate(pairs).threshold
    middle = float(np.median(pairs.impostor))
    return Bounds(same, min(SLACK * same, (same + middle) / 2) if middle > same else SLACK * same)


def comparable(bounds: MisleadingBounds) -> bool:
    """Return whether near and far mean anything in both spaces: not where most images lie at one point."""
    return bounds.map.far > 0 and bounds.full.far > 0


def misleading(here: float, full: float, bounds: MisleadingBounds) -> Misleading:
    """Return how a distance in the map misleads about the distance in full space, "" if it does not.

    "near here": the two are clearly near in the map, but clearly apart in full space; "far here": the reverse.
    A distance close to a bound is never called misleading, and none is if a bound is 0: see `comparable`.
    """
    if not comparable(bounds):
        return ""
    if here * SLACK <= bounds.map.same and full >= bounds.full.far:
        return "near here"
    if here >= bounds.map.far and full * SLACK <= bounds.full.same:
        return "far here"
    return ""
