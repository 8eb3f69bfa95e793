"""The report of a network on all pairs, for the command line and for the page's download.

It is one function, so that both give the same figures to the last digit.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from siamese_core.metrics import curves as rates
from siamese_core.metrics.calibration import SAME_SHARE, Calibration
from siamese_core.metrics.counting import Counted
from siamese_core.metrics.hardest import PER_CLASS, PairList
from siamese_core.metrics.reliability import brier
from siamese_core.metrics.report import article_threshold
from siamese_core.metrics.resampling import eer, far_interval, frr_interval

FARS = (0.01, 0.001)  # the rates whose thresholds are reported


def special_thresholds(card: Mapping[str, Any]) -> tuple[float, ...]:
    """Return the thresholds at which pairs are counted exactly, for a report of a model with this card.

    They are its own, the article's at its margin, and that of the EER on its test images, as far as the card has them.
    """
    margin, meet = (
        (card.get(part) or {}).get(name) for part, name in (("config", "margin"), ("test", "eer_threshold"))
    )
    found = (card["threshold"], None if margin is None else article_threshold(margin), meet)
    return tuple(float(each) for each in found if each is not None)


def report(counted: Counted, threshold: float, calibration: Calibration, share: float = SAME_SHARE) -> dict[str, Any]:
    """Return the figures of a model with this threshold and calibration as what JSON can hold.

    Rates are in [0, 1], intervals [low, high] of 95 %. "far", "frr" and "balanced_accuracy" are those at the counted
    threshold nearest to the given one, "best_threshold", "best_accuracy" and "brier" are for a share of same pairs.
    "eer_of_curves" and "auc_of_curves" are interpolated between the counted thresholds. An entry of
    "errors_by_class" is the FAR between two classes or, on the diagonal, the FRR of one, None without pairs.
    """
    curves, hardest = counted
    at = rates.position(curves, threshold)
    best = rates.best_threshold(curves, share)
    far, frr, meet = far_interval(curves, threshold), frr_interval(curves, threshold), eer(curves)
    return {
        "images": int(curves.class_sizes.sum()),
        "pairs": curves.genuine_pairs + curves.impostor_pairs,
        "genuine_pairs": curves.genuine_pairs,
        "impostor_pairs": curves.impostor_pairs,
        "threshold": float(curves.thresholds[at]),
        "far": far.rate,
        "far_interval": list(far[1:]),
        "frr": frr.rate,
        "frr_interval": list(frr[1:]),
        "balanced_accuracy": float(rates.balanced_accuracy(curves)[at]),
        "eer_of_curves": meet.rate,
        "eer_interval": [meet.low, meet.high],
        "eer_threshold_of_curves": meet.threshold,
        "auc_of_curves": rates.auc(curves),
        **{f"threshold_at_far_{most}": rates.threshold_at_far(curves, most) for most in FARS},
        "share": share,
        "best_threshold": best,
        "best_accuracy": float(rates.accuracy(curves, share)[rates.position(curves, best)]),
        "brier": brier(curves, calibration, share),
        "errors_by_class": [[_number(each) for each in row] for row in rates.errors_by_class(curves, threshold)],
        "nearest_impostor_pairs": _listed(hardest.impostor),
        "farthest_genuine_pairs": _listed(hardest.genuine),
    }


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _listed(pairs: PairList) -> list[dict[str, float]]:
    """Return the first pairs of a list, each with the indices of its images and their distance."""
    rows = zip(*(column[:PER_CLASS].tolist() for column in pairs), strict=True)
    return [dict(zip(("left", "right", "distance"), row, strict=True)) for row in rows]
