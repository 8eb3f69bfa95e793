"""Without genuine or without impostor pairs there are no rates: one sentence says so, and no NaN goes on."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from siamese_core.metrics import calibration, confidence, report, verification
from siamese_core.metrics.verification import PairDistances

SOME, NONE = np.array([0.1, 0.2]), np.zeros(0)
GENUINE, IMPOSTOR, NEITHER = PairDistances(SOME, NONE), PairDistances(NONE, SOME), PairDistances(NONE, NONE)
RATES: dict[str, Callable[[PairDistances], Any]] = {
    "EER": verification.equal_error_rate,
    "AUC": verification.area_under_curve,
    "balanced accuracy": lambda pairs: verification.balanced_accuracy(pairs, 0.5),
    "even threshold": lambda pairs: verification.even_threshold(pairs, 0.5),
    "fit": calibration.fit_threshold,
    "calibration": lambda pairs: calibration.fit_calibration(*pairs),
    "interval": lambda pairs: confidence.eer_interval(pairs, np.random.default_rng(0)),
    "spread": report.spread,
}
LABELS = {"one class": np.zeros(30, np.int64), "a class each": np.arange(30), "one": np.zeros(1, np.int64)}


@pytest.mark.parametrize("pairs", [GENUINE, IMPOSTOR, NEITHER], ids=["genuine", "impostor", "neither"])
@pytest.mark.parametrize("name", RATES)
def test_pairs_of_one_kind_have_no_figures(name: str, pairs: PairDistances) -> None:
    with pytest.raises(ValueError, match=r"^expected (pairs of both kinds|genuine pairs|impostor pairs), got [^\n]*$"):
        RATES[name](pairs)


def test_each_rate_needs_its_own_kind_alone() -> None:
    assert verification.false_reject_rate(GENUINE, 0.15) == verification.false_accept_rate(IMPOSTOR, 0.15) == 0.5
    with pytest.raises(ValueError, match=r"^expected impostor pairs, got 2 genuine ones alone$"):
        verification.false_accept_rate(GENUINE, 0.15)
    with pytest.raises(ValueError, match=r"^expected genuine pairs, got 2 impostor ones alone$"):
        verification.false_reject_rate(IMPOSTOR, 0.15)


@pytest.mark.parametrize("labels", LABELS)
def test_images_without_both_kinds_have_no_figures(labels: str) -> None:
    of, embeddings = LABELS[labels], np.random.default_rng(0).normal(size=(len(LABELS[labels]), 4)).astype(np.float32)
    assert not report.has_both_kinds(of)
    with pytest.raises(ValueError, match=r"^expected pairs of both kinds, got "):
        report.measure(embeddings, of, 0.5)
    with pytest.raises(ValueError, match=rf"^expected images with pairs of both kinds, got {len(of)} images without$"):
        report.measure_frozen(embeddings, of, 0.5)
    assert report.measure_thirds(embeddings, of, 0.5, np.arange(len(of))) == []


def test_no_images_have_no_pairs() -> None:
    assert [len(side) for side in verification.all_pairs(np.zeros((0, 4), np.float32), np.zeros(0, np.int64))] == [0, 0]
    with pytest.raises(ValueError, match=r"^expected pairs to judge, got none$"):
        report.pair_accuracy(NONE, NONE, 0.5)


def test_both_kinds_are_two_of_one_class_and_one_of_another() -> None:
    assert report.has_both_kinds(np.array([3, 7, 3]))
