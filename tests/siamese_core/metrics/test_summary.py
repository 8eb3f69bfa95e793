"""The report of a model: what JSON can hold, and the figures that were there before."""

import json

import numpy as np
import pytest

from siamese_core.metrics import report as figures
from siamese_core.metrics.calibration import fit_calibration
from siamese_core.metrics.counting import Counted, count_pairs
from siamese_core.metrics.summary import report, special_thresholds
from siamese_core.metrics.verification import all_pairs
from tests.siamese_core.metrics.clouds import cloud


@pytest.fixture(scope="module")
def counted() -> Counted:
    return count_pairs(*cloud(200), 5, (0.8,))


def test_it_is_json_and_the_same_each_time(counted: Counted) -> None:
    calibration = fit_calibration(*all_pairs(*cloud(200)))
    found = report(counted, 0.8, calibration)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert report(count_pairs(*cloud(200), 5, (0.8,)), 0.8, calibration) == found
    assert found["errors_by_class"][4] == [None] * 5
    assert found["threshold_at_far_0.001"] <= found["threshold_at_far_0.01"]
    assert found["far_interval"][0] < found["far"] < found["far_interval"][1]
    assert found["nearest_impostor_pairs"][0]["distance"] == counted.hardest.impostor.distances[0]
    rare = report(counted, 0.8, calibration, 0.01)
    assert rare["best_threshold"] < found["best_threshold"]
    assert rare["best_accuracy"] > found["best_accuracy"]


def test_it_agrees_with_the_figures_of_all_distances(counted: Counted) -> None:
    embeddings, labels = cloud(200)
    expected = figures.measure(embeddings, labels, 0.8)
    found = report(counted, 0.8, fit_calibration(*all_pairs(embeddings, labels)))
    for name in ("pairs", "threshold", "far", "frr", "balanced_accuracy"):
        assert found[name] == getattr(expected, name), name
    assert found["eer_of_curves"] == pytest.approx(expected.eer, rel=0.02)
    assert found["auc_of_curves"] == pytest.approx(expected.auc, abs=1e-4)


def test_special_thresholds_are_those_the_card_has() -> None:
    card = {"threshold": 1.2, "config": {"margin": 2.0}, "test": {"eer_threshold": 1.1}}
    assert special_thresholds(card) == (1.2, 1.0, 1.1)
    assert special_thresholds({"threshold": np.float32(0.5)}) == (0.5,)
