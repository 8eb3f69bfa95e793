"""The figures of a model, as `evaluate` and the card report them.

The article's accuracy (on its pairs, at its fixed threshold) stands beside figures that can be compared between runs:
over all pairs of the validation or test images, with equal weight for genuine and impostor pairs.
"""

from typing import NamedTuple

import numpy as np

from siamese_core.config import ARTICLE_THRESHOLD
from siamese_core.datasets.pairs import frozen_pairs
from siamese_core.metrics import verification
from siamese_core.metrics.confidence import Interval, eer_interval, share_interval
from siamese_core.metrics.distances import distance, distances_to_all, knn_accuracy, nearest
from siamese_core.metrics.verification import PairDistances


class Figures(NamedTuple):
    """What `evaluate` reports of a model, all rates in [0, 1]."""

    pairs: int  # number of all pairs of the images
    threshold: float  # the model's own
    balanced_accuracy: float  # at that threshold, as are FAR and FRR
    far: float
    frr: float
    eer: float
    eer_threshold: float  # where FAR and FRR meet on these images
    auc: float
    one_nn: float  # share of images whose nearest neighbour is of their class


class FrozenFigures(NamedTuple):
    """Figures on balanced pairs of test images, the same pairs for every run, with 95 % confidence intervals."""

    pairs: int
    accuracy: Interval  # at the model's own threshold
    eer: Interval


class Spread(NamedTuple):
    """The densities of the distances of genuine and of impostor pairs; each integrates to 1."""

    centres: np.ndarray  # (bins,) distances
    genuine: np.ndarray  # (bins,)
    impostor: np.ndarray  # (bins,)


def measure(embeddings: np.ndarray, labels: np.ndarray, threshold: float) -> Figures:
    """Measure embeddings (n, d) with labels (n,) on all their pairs and by nearest neighbours.

    Raises ValueError unless there are genuine and impostor pairs among them.
    """
    pairs = verification.all_pairs(embeddings, labels)
    eer = verification.equal_error_rate(pairs)
    near = nearest(embeddings, embeddings, 1, leave_out_self=True)
    return Figures(
        pairs=len(pairs.genuine) + len(pairs.impostor),
        threshold=threshold,
        balanced_accuracy=verification.balanced_accuracy(pairs, threshold),
        far=float(verification.false_accept_rate(pairs, threshold)),
        frr=float(verification.false_reject_rate(pairs, threshold)),
        eer=eer.rate,
        eer_threshold=eer.threshold,
        auc=verification.area_under_curve(pairs),
        one_nn=knn_accuracy(labels[near.indices], labels),
    )


def measure_thirds(
    embeddings: np.ndarray, labels: np.ndarray, threshold: float, values: np.ndarray
) -> list[dict[str, float]]:
    """Measure each third of the images by itself: those with the smallest, the middle and the largest values (n,).

    Returns for each the fields of `Figures` and, as "from" and "to", the range of its values. A third without pairs of
    both kinds is left out.
    """
    found = []
    for part in np.array_split(np.argsort(values, kind="stable"), 3):
        if not has_both_kinds(labels[part]):
            continue
        ends = {"from": float(values[part].min()), "to": float(values[part].max())}
        found.append(ends | measure(embeddings[part], labels[part], threshold)._asdict())
    return found


def accepted_by_class(embeddings: np.ndarray, labels: np.ndarray, threshold: float, classes: int) -> np.ndarray:
    """Return the share of pairs accepted as same between every two classes, (classes, classes) in [0, 1].

    embeddings: (n, d); labels: (n,). No image is paired with itself: the diagonal holds 1 - FRR of each class, the
    other entries hold the FAR between two classes. Where there are no pairs the share is 0.
    """
    members = np.eye(classes, dtype=np.float32)[labels]  # (n, classes)
    accepted = np.zeros((classes, classes))
    for start in range(0, len(labels), 512):
        rows = slice(start, start + 512)
        distances = distances_to_all(embeddings[rows], embeddings)
        near = verification.is_same(distances, threshold).astype(np.float32)
        near[np.arange(len(near)), start + np.arange(len(near))] = 0
        accepted += members[rows].T @ (near @ members)
    counts = members.sum(axis=0, dtype=np.float64)
    pairs = np.outer(counts, counts) - np.diag(counts)
    return accepted / np.maximum(pairs, 1)


def measure_frozen(embeddings: np.ndarray, labels: np.ndarray, threshold: float) -> FrozenFigures:
    """Measure embeddings (n, d) of the test images on the frozen pairs: quickly, and with confidence intervals.

    Every image is in at most one genuine and one impostor pair, so that the pairs of a kind are independent. Raises
    ValueError if the labels give no such pairs.
    """
    pairs = frozen_pairs(labels)
    if not len(pairs.same):
        raise ValueError(f"expected images with pairs of both kinds, got {len(labels)} images without")
    distances = distance(embeddings[pairs.left], embeddings[pairs.right])
    right = int(_judged_rightly(distances, pairs.same, threshold).sum())
    return FrozenFigures(
        pairs=len(pairs.same),
        accuracy=share_interval(right, len(pairs.same)),
        eer=eer_interval(verification.split_by_same(distances, pairs.same), np.random.default_rng(0)),
    )


def pair_accuracy(distances: np.ndarray, same: np.ndarray, threshold: float) -> float:
    """Return the share of pairs (m,) that the threshold judges rightly. Raises ValueError if there are no pairs."""
    if not len(same):
        raise ValueError("expected pairs to judge, got none")
    return float(_judged_rightly(distances, same, threshold).mean())


def has_both_kinds(labels: np.ndarray) -> bool:
    """Return whether images with labels (n,) have genuine and impostor pairs: two of one class, and two classes."""
    counts = np.unique(labels, return_counts=True)[1]
    return len(counts) > 1 and bool((counts > 1).any())


def article_threshold(margin: float) -> float:
    """Return the article's fixed threshold: 0.5 at its margin of 1, in proportion at other margins."""
    return ARTICLE_THRESHOLD * margin


def spread(pairs: PairDistances, bins: int = 80) -> Spread:
    """Return the densities of genuine and impostor distances over equally wide bins from 0 to the largest distance.

    Raises ValueError unless there are pairs of both kinds.
    """
    verification.check_kinds(*pairs)
    edges = np.linspace(0, max(pairs.genuine[-1], pairs.impostor[-1]) or 1.0, bins + 1)
    densities = [np.histogram(side, edges, density=True)[0] for side in pairs]
    return Spread((edges[:-1] + edges[1:]) / 2, *densities)


def _judged_rightly(distances: np.ndarray, same: np.ndarray, threshold: float) -> np.ndarray:
    judged: np.ndarray = verification.is_same(distances, threshold) == (same == 1)
    return judged
