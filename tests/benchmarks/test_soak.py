"""The soak's reckoning: how fast memory grows, and its interval."""

import pytest

from benchmarks.soak import Look, slope


def looks(*megabytes: float) -> list[Look]:
    return [Look(36.0 * i, each, each, 2, 8, 20) for i, each in enumerate(megabytes)]


def test_the_first_half_in_which_all_is_loaded_does_not_count() -> None:
    line = slope(looks(0, 50, 100, 150, 200, 201, 202, 203), lambda each: each.app)
    assert line["per_hour"] == pytest.approx(100), "1 MB in each hundredth of an hour"
    assert line["low"] == pytest.approx(line["high"])


def test_what_goes_up_and_down_is_level() -> None:
    line = slope(looks(*[300, 302] * 20), lambda each: each.family)
    assert line["low"] < 0 < line["high"]
