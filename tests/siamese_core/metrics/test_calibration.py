"""The probability of same never rises with the distance, is right where the truth is known, and gives the threshold."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siamese_core.metrics.calibration import CERTAIN, Calibration, fit_calibration, fit_threshold
from siamese_core.metrics.verification import (
    MOST_UNEVEN,
    PairDistances,
    balanced_accuracy,
    false_accept_rate,
    false_reject_rate,
)

SLOPE = Calibration([1.0, 2.0], [3.0, -1.0])


def some_pairs(n: int = 40_000) -> PairDistances:
    """Draw genuine distances between 0 and 1, the small ones more often, and impostor distances the other way round."""
    rng = np.random.default_rng(5)
    return PairDistances(*(np.sort(rng.beta(a, b, n)) for a, b in ((1, 2), (2, 1))))  # densities 2 - 2 d and 2 d


# --- by hand ---


def test_log_odds_are_straight_between_the_knots_and_constant_beyond() -> None:
    log_odds = [3.0, 3.0, 1.0, 0.0, -1.0, -1.0]
    found = SLOPE.probability(np.array([0.0, 1.0, 1.5, 1.75, 2.0, 9.0]))
    np.testing.assert_allclose(found, 1 / (1 + np.exp(-np.array(log_odds))))


def test_one_distance_gives_one_probability() -> None:
    assert float(SLOPE.probability(1.75)) == 0.5


def test_threshold_is_where_same_and_different_are_equally_probable() -> None:
    assert SLOPE.threshold() == 1.75
    assert Calibration([1.0, 2.0, 3.0], [1.0, 0.0, -1.0]).threshold() == 2.0


def test_threshold_is_the_middle_of_where_nothing_can_be_told() -> None:
    assert Calibration([0.0, 1.0, 2.0, 3.0], [1.0, 0.0, 0.0, -1.0]).threshold() == 1.5
    assert Calibration([1.0, 3.0], [0.0, 0.0]).threshold() == 2.0


def test_threshold_stays_among_the_knots_where_one_answer_always_wins() -> None:
    assert Calibration([1.0, 2.0], [3.0, 1.0]).threshold() == 2.0
    assert Calibration([1.0, 2.0], [-1.0, -3.0]).threshold() == 1.0


def test_two_heaps_far_apart_are_told_apart_with_as_much_certainty_as_is_claimed() -> None:
    calibration = fit_calibration(np.full(50, 0.1), np.full(80, 0.9))
    near, far = calibration.probability(np.array([0.1, 0.9]))
    assert near == pytest.approx(1 - CERTAIN, abs=1e-4)
    assert far == pytest.approx(CERTAIN, abs=1e-4)
    assert calibration.threshold() == pytest.approx(0.5, abs=0.01)  # half a bin is 0.0075


# --- where the truth is known ---


def test_probability_is_right_where_the_densities_are_known() -> None:
    calibration = fit_calibration(*some_pairs())
    d = np.linspace(0.05, 0.95, 91)
    truth = (2 - 2 * d) / ((2 - 2 * d) + 2 * d)  # that is 1 - d
    np.testing.assert_allclose(calibration.probability(d), truth, atol=0.05)
    assert calibration.threshold() == pytest.approx(0.5, abs=0.03)


def test_threshold_has_the_best_balanced_accuracy() -> None:
    pairs = some_pairs()
    best = max(balanced_accuracy(pairs, threshold) for threshold in np.linspace(0, 1, 501))
    assert balanced_accuracy(pairs, fit_calibration(*pairs).threshold()) == pytest.approx(best, abs=1e-3)


def test_where_the_errors_are_uneven_the_fitted_threshold_moves_until_they_are_not() -> None:
    rng = np.random.default_rng(6)
    pairs = PairDistances(np.sort(rng.normal(1, 0.1, 20_000)), np.sort(rng.normal(2, 0.6, 20_000)))

    def ratio(threshold: float) -> float:
        rates = float(false_accept_rate(pairs, threshold)), float(false_reject_rate(pairs, threshold))
        return max(rates) / min(rates)

    fit = fit_threshold(pairs)
    assert fit.calibration == fit_calibration(*pairs)
    assert ratio(fit.calibration.threshold()) > MOST_UNEVEN >= ratio(fit.threshold)


def test_both_kinds_weigh_the_same_however_many_there_are() -> None:
    genuine, impostor = some_pairs(2_000)
    np.testing.assert_allclose(
        fit_calibration(genuine, np.repeat(impostor, 10)).log_odds, fit_calibration(genuine, impostor).log_odds
    )


# --- whatever the distances ---

DISTANCES = st.lists(st.floats(0, 5, width=32), min_size=1, max_size=30).map(
    lambda values: np.array(values, np.float32)
)


@settings(max_examples=50)
@given(DISTANCES, DISTANCES)
def test_a_fit_is_usable_and_never_rises(genuine: np.ndarray, impostor: np.ndarray) -> None:
    calibration = fit_calibration(genuine, impostor)
    assert calibration.usable()
    p = calibration.probability(np.linspace(0, 6, 400))
    assert (np.diff(p) <= 0).all()
    assert p.max() <= 1 - CERTAIN + 1e-9
    assert p.min() >= CERTAIN - 1e-9
    assert 0 < calibration.threshold() <= max(1, genuine.max(), impostor.max())


@settings(max_examples=30)
@given(DISTANCES, DISTANCES)
def test_a_fit_grows_with_the_unit_of_the_distance(genuine: np.ndarray, impostor: np.ndarray) -> None:
    small = np.float32(2**-10)  # a power of two, so that nothing is rounded
    genuine, impostor = genuine + 1, impostor + 1
    there, here = fit_calibration(genuine * small, impostor * small), fit_calibration(genuine, impostor)
    np.testing.assert_array_equal(there.log_odds, here.log_odds)
    assert there.threshold() == pytest.approx(float(small) * here.threshold(), rel=1e-12)


@pytest.mark.parametrize(
    ("genuine", "impostor"),
    [([0.0, 0.0], [0.0]), ([0.7], [0.7]), ([3.0, 4.0], [1.0, 2.0])],
    ids=["all zero", "all equal", "inverted"],
)
def test_distances_that_tell_nothing_give_one_half(genuine: list[float], impostor: list[float]) -> None:
    calibration = fit_calibration(np.array(genuine), np.array(impostor))
    assert calibration.usable()
    assert calibration.threshold() > 0
    np.testing.assert_allclose(calibration.probability(np.linspace(0, 5, 50)), 0.5)


def test_a_fit_survives_json() -> None:
    calibration = fit_calibration(*some_pairs(500))
    assert Calibration(**json.loads(json.dumps(calibration._asdict()))) == calibration


@pytest.mark.parametrize(("genuine", "impostor"), [([], [1.0]), ([1.0], []), ([], [])])
def test_pairs_of_one_kind_are_refused(genuine: list[float], impostor: list[float]) -> None:
    counts = f"got {len(genuine)} genuine, {len(impostor)} impostor"
    with pytest.raises(ValueError, match=f"expected pairs of both kinds, {counts}"):
        fit_calibration(np.array(genuine), np.array(impostor))


@pytest.mark.parametrize(
    ("distances", "log_odds"),
    [
        ([], []),
        ([1.0, 2.0], [1.0]),
        ([1.0, 1.0], [1.0, 0.0]),
        ([2.0, 1.0], [1.0, 0.0]),
        ([1.0, 2.0], [0.0, 1.0]),
        ([1.0, float("nan")], [1.0, 0.0]),
        ([1.0, 2.0], [float("inf"), 0.0]),
        ([[1.0], [2.0]], [[1.0], [0.0]]),
    ],
)
def test_what_no_fit_gives_is_not_usable(distances: list[float], log_odds: list[float]) -> None:
    assert not Calibration(distances, log_odds).usable()
