"""Curves: how many pairs each of some hundred thresholds accepts, and the rates that follow from those counts.

`counting.count_pairs` makes them of all pairs of some images. The counts are exact at every one of the thresholds, with
the rule of `verification.is_same`; between them nothing is known. Every function here takes microseconds to
milliseconds, however many pairs there are. NumPy only.

A share is that of same pairs among all pairs that are expected in use, in [0, 1].
"""

from typing import NamedTuple

import numpy as np

from siamese_core.metrics.report import Spread


class Curves(NamedTuple):
    """The pairs of some images that are accepted at each of k thresholds, and the same rates of b resamples of them."""

    thresholds: np.ndarray  # (k,) float64, ascending; the last accepts every pair
    genuine: np.ndarray  # (k,) int64, accepted genuine pairs
    impostor: np.ndarray  # (k,) int64, accepted impostor pairs
    genuine_pairs: int  # in all
    impostor_pairs: int
    accepted: np.ndarray  # (c, c, k) whole, accepted pairs of each two classes; symmetric, genuine on the diagonal
    pairs: np.ndarray  # (c, c) int64, all pairs of each two classes
    class_sizes: np.ndarray  # (c,) int64, images of each class
    far_samples: np.ndarray  # (b, k) float32, FAR of each resample of the images by `resampling.projected`
    frr_samples: np.ndarray  # (b, k) float32, FRR


def position(curves: Curves, threshold: float) -> int:
    """Return the index of the nearest threshold; for one that the pairs were counted at it is that one itself."""
    return int(np.abs(curves.thresholds - threshold).argmin())


def far(curves: Curves) -> np.ndarray:
    """Return the share of impostor pairs accepted at each threshold, (k,); it never falls."""
    return curves.impostor / curves.impostor_pairs


def frr(curves: Curves) -> np.ndarray:
    """Return the share of genuine pairs rejected at each threshold, (k,); it never rises."""
    return (curves.genuine_pairs - curves.genuine) / curves.genuine_pairs


def recall(curves: Curves) -> np.ndarray:
    """Return the share of genuine pairs accepted at each threshold, (k,): 1 - FRR."""
    return curves.genuine / curves.genuine_pairs


def balanced_accuracy(curves: Curves) -> np.ndarray:
    """Return the accuracy at each threshold, (k,), with equal weight for genuine and impostor pairs."""
    return 1 - (far(curves) + frr(curves)) / 2


def accuracy(curves: Curves, share: float) -> np.ndarray:
    """Return the share of pairs judged rightly at each threshold, (k,), where a share of all pairs is same."""
    check_share(share)
    return 1 - (share * frr(curves) + (1 - share) * far(curves))


def precision(curves: Curves, share: float) -> np.ndarray:
    """Return the share of same among the accepted pairs at each threshold, (k,), where a share of all pairs is same.

    Where nothing is accepted it is 1, as in scikit-learn's curve of precision and recall.
    """
    check_share(share)
    right, wrong = share * recall(curves), (1 - share) * far(curves)
    return np.divide(right, right + wrong, out=np.ones_like(right), where=right + wrong > 0)


def best_threshold(curves: Curves, share: float) -> float:
    """Return the threshold of the best accuracy for a share of same pairs; of several ones that in their middle."""
    found = accuracy(curves, share)
    best = np.flatnonzero(found == found.max())
    return float(curves.thresholds[best[len(best) // 2]])


def threshold_at_far(curves: Curves, most: float) -> float | None:
    """Return the largest threshold whose FAR is at most `most`, None if there is none."""
    allowed = np.flatnonzero(far(curves) <= most)
    return float(curves.thresholds[allowed[-1]]) if len(allowed) else None


def auc(curves: Curves) -> float:
    """Return the area under the ROC curve, linear between the thresholds: pairs between two of them count as ties."""
    return float(np.trapezoid(np.r_[0, recall(curves)], np.r_[0, far(curves)]))


def histogram(curves: Curves, bins: int = 80) -> Spread:
    """Return the densities of the distances over equally wide bins from 0 to the largest threshold.

    Where an edge lies between two thresholds, the pairs between these are shared evenly.
    """
    edges = np.linspace(0, curves.thresholds[-1], bins + 1)
    width = edges[1] - edges[0]
    densities = []
    for accepted, pairs in ((curves.genuine, curves.genuine_pairs), (curves.impostor, curves.impostor_pairs)):
        up_to = np.interp(edges, curves.thresholds, accepted)
        up_to[0] = 0  # the pairs at distance 0 lie in the first bin
        densities.append(np.diff(up_to) / pairs / width)
    return Spread((edges[:-1] + edges[1:]) / 2, *densities)


def errors_by_class(curves: Curves, threshold: float) -> np.ndarray:
    """Return the FAR between each two classes and, on the diagonal, the FRR of each class: (c, c), NaN without pairs.

    At the counted threshold nearest to the given one.
    """
    shares = np.full(curves.pairs.shape, np.nan)
    np.divide(curves.accepted[..., position(curves, threshold)], curves.pairs, out=shares, where=curves.pairs > 0)
    np.fill_diagonal(shares, 1 - shares.diagonal())
    return shares


def check_share(share: float) -> None:
    """Raise ValueError unless a share lies in [0, 1]."""
    if not 0 <= share <= 1:
        raise ValueError(f"expected a share of same pairs from 0 to 1, got {share}")
