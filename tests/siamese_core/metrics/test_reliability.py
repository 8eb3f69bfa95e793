"""Reliability and Brier score: by hand, and against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss

from siamese_core.metrics import verification
from siamese_core.metrics.calibration import Calibration, fit_calibration
from siamese_core.metrics.counting import count_pairs
from siamese_core.metrics.reliability import brier, reliability, shifted_probability
from tests.siamese_core.metrics.clouds import cloud
from tests.siamese_core.metrics.test_curves import counted

EVEN = Calibration([0.0], [0.0])  # one half at every distance


def test_the_odds_are_multiplied() -> None:
    assert shifted_probability(0.5, 0.2) == pytest.approx(0.2)
    assert shifted_probability(0.8, 0.2) == pytest.approx(0.5)  # odds 4 times 1 / 4
    assert shifted_probability(np.array([0.1, 0.9]), 0.5).tolist() == pytest.approx([0.1, 0.9])
    assert shifted_probability(np.array([0.0, 0.3, 1.0]), 0.0).tolist() == [0, 0, 1]
    assert shifted_probability(np.array([0.0, 0.3, 1.0]), 1.0).tolist() == [0, 1, 1]
    with pytest.raises(ValueError, match="share of same pairs from 0 to 1, got 2"):
        shifted_probability(0.5, 2)


@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_a_shift_back_undoes_it(p: float, share: float) -> None:
    assert shifted_probability(shifted_probability(p, share), 1 - share) == pytest.approx(p)


def test_by_hand() -> None:
    curves = counted([0, 1, 2], [0, 3, 4], [0, 0, 5])
    assert brier(curves, EVEN) == pytest.approx(0.25)
    assert brier(curves, EVEN, 0.1) == pytest.approx(0.1 * 0.9)
    found = reliability(curves, EVEN, 0.1)
    assert found.predicted.tolist() == pytest.approx([0.1])
    assert found.observed.tolist() == pytest.approx([0.1])
    assert found.weight.tolist() == pytest.approx([1])
    sharp = Calibration([0.5, 1.5], [np.log(9), -np.log(9)])  # 0.9 between 0 and 1, 0.1 between 1 and 2
    found = reliability(curves, sharp)
    assert found.predicted.tolist() == pytest.approx([0.1, 0.9])
    assert found.observed.tolist() == pytest.approx([0.125 / 0.625, 1])
    assert found.weight.tolist() == pytest.approx([0.625, 0.375])
    assert brier(curves, sharp) == pytest.approx(0.375 * 0.01 + 0.125 * 0.81 + 0.5 * 0.01)


@pytest.mark.parametrize("share", [0.5, 0.46, 0.01])
def test_the_brier_score_is_scikit_learns(share: float) -> None:
    embeddings, labels = cloud(200, noise=0.5)
    pairs = verification.all_pairs(embeddings, labels)
    calibration = fit_calibration(*pairs)
    p = shifted_probability(calibration.probability(np.concatenate(pairs)), share)
    sizes = [len(pairs.genuine), len(pairs.impostor)]
    weight = np.repeat([share / sizes[0], (1 - share) / sizes[1]], sizes)
    expected = brier_score_loss(np.repeat([1, 0], sizes), p, sample_weight=weight)
    curves = count_pairs(embeddings, labels, 4).curves
    assert brier(curves, calibration, share) == pytest.approx(expected, rel=1e-3)
    found = reliability(curves, calibration, share, bins=8)
    assert found.weight.sum() == pytest.approx(1)
    assert (found.weight * found.observed).sum() == pytest.approx(share)
    own = np.bincount(np.minimum((p * 8).astype(int), 7), weight, minlength=8)
    np.testing.assert_allclose(found.weight, own[own > 0], atol=0.01)


def test_a_calibration_of_the_same_pairs_is_reliable() -> None:
    embeddings, labels = cloud(300, noise=0.5)
    calibration = fit_calibration(*verification.all_pairs(embeddings, labels))
    found = reliability(count_pairs(embeddings, labels, 4).curves, calibration)
    np.testing.assert_allclose(found.observed, found.predicted, atol=0.05)
