"""The rates that follow from counts: by hand, and against scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import auc, precision_recall_curve, roc_curve

from siamese_core.metrics import curves as rates
from siamese_core.metrics import verification
from siamese_core.metrics.counting import count_pairs
from siamese_core.metrics.curves import Curves
from tests.siamese_core.metrics.clouds import cloud


def counted(thresholds: list[float], genuine: list[int], impostor: list[int]) -> Curves:
    """Return curves of two classes with these counts; the last are those of all pairs."""
    g, i = np.array(genuine), np.array(impostor)
    none = np.zeros((2, len(g)), np.float32)
    accepted = np.array([[g, i], [i, 0 * g]], np.int32)
    return Curves(np.array(thresholds), g, i, g[-1], i[-1], accepted, accepted[..., -1], np.array([9, 9]), none, none)


CURVES = counted([0, 0.5, 1.0, 1.5, 2.0], [0, 3, 3, 4, 4], [0, 0, 1, 5, 10])


def test_rates_by_hand() -> None:
    assert rates.far(CURVES).tolist() == [0, 0, 0.1, 0.5, 1]
    assert rates.frr(CURVES).tolist() == [1, 0.25, 0.25, 0, 0]
    assert rates.recall(CURVES).tolist() == [0, 0.75, 0.75, 1, 1]
    assert rates.balanced_accuracy(CURVES).tolist() == [0.5, 0.875, 0.825, 0.75, 0.5]


def test_accuracy_by_hand() -> None:
    np.testing.assert_allclose(rates.accuracy(CURVES, 0.1), 1 - np.array([0.1, 0.025, 0.115, 0.45, 0.9]))
    assert rates.accuracy(CURVES, 1).tolist() == rates.recall(CURVES).tolist()
    assert rates.accuracy(CURVES, 0).tolist() == (1 - rates.far(CURVES)).tolist()
    assert rates.accuracy(CURVES, 0.5).tolist() == rates.balanced_accuracy(CURVES).tolist()


def test_precision_by_hand() -> None:
    np.testing.assert_allclose(rates.precision(CURVES, 0.5), [1, 1, 0.75 / 0.85, 1 / 1.5, 0.5])
    assert rates.precision(CURVES, 0).tolist() == [1, 1, 0, 0, 0]


def test_best_threshold_is_in_the_middle_of_several() -> None:
    assert rates.best_threshold(CURVES, 0.5) == 0.5
    even = counted([0, 1, 2, 3, 4], [0, 2, 2, 2, 2], [0, 0, 0, 0, 2])
    assert rates.best_threshold(even, 0.5) == 2
    assert rates.best_threshold(even, 0.01) == 2


def test_threshold_at_far() -> None:
    assert rates.threshold_at_far(CURVES, 0.1) == 1.0
    assert rates.threshold_at_far(CURVES, 0.09) == 0.5
    assert rates.threshold_at_far(CURVES, 1) == 2.0
    assert rates.threshold_at_far(counted([0, 1], [1, 2], [1, 2]), 0.4) is None


def test_position_is_the_nearest_threshold() -> None:
    assert [rates.position(CURVES, each) for each in (-1, 0.2, 0.3, 1.5, 99)] == [0, 0, 1, 3, 4]


def test_histogram_by_hand() -> None:
    found = rates.histogram(CURVES, 2)
    assert found.centres.tolist() == [0.5, 1.5]
    assert found.genuine.tolist() == [0.75, 0.25]
    assert found.impostor.tolist() == [0.1, 0.9]
    assert rates.histogram(counted([0, 1], [2, 2], [1, 4]), 1).genuine.tolist() == [1], "distance 0 is in the first bin"


def test_histograms_integrate_to_1() -> None:
    found = rates.histogram(count_pairs(*cloud(100), 4, (0.123,)).curves, 77)
    width = found.centres[1] - found.centres[0]
    assert found.genuine.sum() * width == pytest.approx(1)
    assert found.impostor.sum() * width == pytest.approx(1)


@pytest.mark.parametrize("share", [-0.1, 1.1, np.nan])
def test_a_share_lies_in_0_to_1(share: float) -> None:
    with pytest.raises(ValueError, match="share of same pairs from 0 to 1"):
        rates.accuracy(CURVES, share)
    with pytest.raises(ValueError, match="share of same pairs from 0 to 1"):
        rates.precision(CURVES, share)


# --- against scikit-learn, on the distances rounded up to the thresholds that accept them ---


@pytest.fixture(scope="module")
def found() -> tuple[Curves, np.ndarray, np.ndarray]:
    embeddings, labels = cloud(150, noise=0.5)
    curves = count_pairs(embeddings, labels, 4, (0.77,)).curves
    pairs = verification.all_pairs(embeddings, labels)
    exact = np.concatenate(pairs)
    rounded = curves.thresholds[np.searchsorted(curves.thresholds.astype(np.float32), exact)]
    return curves, rounded, np.repeat([1, 0], [len(pairs.genuine), len(pairs.impostor)])


def test_roc_and_auc_are_scikit_learns(found: tuple[Curves, np.ndarray, np.ndarray]) -> None:
    curves, rounded, same = found
    fars, recalls, thresholds = roc_curve(same, -rounded, drop_intermediate=False)
    at = [rates.position(curves, -each) for each in thresholds[1:]]
    np.testing.assert_allclose(rates.far(curves)[at], fars[1:], atol=1e-12)
    np.testing.assert_allclose(rates.recall(curves)[at], recalls[1:], atol=1e-12)
    assert rates.auc(curves) == pytest.approx(auc(fars, recalls), abs=1e-12)


def test_precision_is_scikit_learns(found: tuple[Curves, np.ndarray, np.ndarray]) -> None:
    curves, rounded, same = found
    precisions, _, thresholds = precision_recall_curve(same, -rounded)
    at = [rates.position(curves, -each) for each in thresholds]
    np.testing.assert_allclose(rates.precision(curves, same.mean())[at], precisions[:-1], atol=1e-12)


def test_auc_is_near_that_of_all_distances() -> None:
    embeddings, labels = cloud(200, noise=0.5)
    exact = verification.area_under_curve(verification.all_pairs(embeddings, labels))
    assert rates.auc(count_pairs(embeddings, labels, 4).curves) == pytest.approx(exact, abs=1e-4)
