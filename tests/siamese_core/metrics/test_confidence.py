"""Confidence intervals: known values, and the rate always inside."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siamese_core.metrics.confidence import eer_interval, share_interval
from siamese_core.metrics.verification import split_by_same


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
    assert eer_interval(pairs, np.random.default_rng(0)) == (0, 0, 0)
