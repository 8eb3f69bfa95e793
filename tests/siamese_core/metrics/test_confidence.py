"""Confidence intervals: known values, and the rate always inside."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siamese_core.metrics.confidence import eer_interval, share_interval
from siamese_core.metrics.verification import PairDistances, split_by_same


def test_a_published_value() -> None:
    """Newcombe, Statistics in Medicine 17, 1998, table I: 81 of 263 gives 0.2553 to 0.3662."""
    assert share_interval(81, 263) == pytest.approx((81 / 263, 0.2553, 0.3662), abs=5e-5)


def test_none_of_many_is_not_surely_none() -> None:
    rate, low, high = share_interval(0, 100)
    assert (rate, low) == (0, 0)
    assert 0.03 < high < 0.04


@given(st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_share_lies_inside(case: tuple[int, int]) -> None:
    rate, low, high = share_interval(*case)
    assert 0 <= low <= rate <= high <= 1


@pytest.mark.parametrize(("hits", "n"), [(-1, 5), (6, 5), (0, 0)])
def test_impossible_counts_are_refused(hits: int, n: int) -> None:
    with pytest.raises(ValueError, match="expected 0 <= hits"):
        share_interval(hits, n)


def test_eer_of_overlapping_distances_lies_inside_its_interval() -> None:
    rng = np.random.default_rng(3)
    same = np.repeat([1.0, 0.0], 1_000)
    pairs = split_by_same(rng.normal(size=2_000) + 2 * (same == 0), same)
    rate, low, high = eer_interval(pairs, np.random.default_rng(0))
    assert low < rate < high
    assert low < 0.1587 < high, "two normal distributions two deviations apart meet at 15.87 %"
    assert high - low < 0.05
    assert eer_interval(pairs, np.random.default_rng(0)) == (rate, low, high)


def test_distances_that_never_overlap_have_no_error() -> None:
    pairs = split_by_same(np.array([0.1, 0.2, 0.8, 0.9]), np.array([1, 1, 0, 0]))
    rate, low, high = eer_interval(pairs, np.random.default_rng(0))
    assert (rate, low) == (0, 0)
    z = 1.959964
    assert high == pytest.approx(z**2 / (2 + z**2), abs=1e-6), "Wilson's for none of 2: two pairs prove little"


def test_none_of_many_pairs_says_more_than_none_of_few() -> None:
    def high(genuine: int, impostor: int) -> float:
        same = np.repeat([1.0, 0.0], [genuine, impostor])
        return eer_interval(split_by_same(1 - same, same), np.random.default_rng(0)).high

    assert high(1_000, 1_000) == pytest.approx(share_interval(0, 1_000).high)
    assert high(10, 5_000) == high(5_000, 10) == pytest.approx(share_interval(0, 10).high), "the rarer kind decides"


def test_distances_that_are_all_one_have_a_wide_interval_around_a_half() -> None:
    same = np.repeat([1.0, 0.0], 10)
    assert eer_interval(split_by_same(np.zeros(20), same), np.random.default_rng(0)) == share_interval(5, 10)


def test_pairs_of_one_kind_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^expected pairs of both kinds, got 2 genuine, 0 impostor$"):
        eer_interval(PairDistances(np.array([0.1, 0.2]), np.zeros(0)), np.random.default_rng(0))
