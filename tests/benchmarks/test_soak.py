"""The soak's reckoning: how fast something grows, its interval, and what is a complaint."""

import numpy as np
import pytest

from benchmarks.soak import NAMES, Soaked, complaints
from benchmarks.watching import Look, Slope, slope


def looks(*megabytes: float) -> list[Look]:
    return [Look(36.0 * i, each, 2 * each, 2, 8, 20, {}, 0) for i, each in enumerate(megabytes)]


def test_the_first_third_in_which_all_is_loaded_does_not_count() -> None:
    line = slope(looks(0, 90, 180, 200, 201, 202, 203, 204, 205), lambda each: each.app)
    assert line.per_hour == pytest.approx(100), "1 MB in each hundredth of an hour"
    assert line.low == pytest.approx(line.high)


def test_what_goes_up_and_down_is_level() -> None:
    line = slope(looks(*[300, 302] * 40), lambda each: each.worker)
    assert line.low < 0 < line.high


def test_looks_that_are_alike_in_turn_do_not_make_the_interval_narrow() -> None:
    """A walk without a direction seems to have one, if each of its steps is taken for a look of its own."""
    rng, wrong = np.random.default_rng(0), 0
    for _ in range(100):
        line = slope(looks(*rng.normal(size=90).repeat(10)), lambda each: each.app)  # ten looks alike
        wrong += not line.low <= 0 <= line.high
    assert wrong <= 12, "about 5 of 100"


LEVEL = dict.fromkeys(NAMES, Slope(0.0, -1.0, 1.0))


def test_a_clean_hour_has_no_complaint() -> None:
    log = "  You can now view your Streamlit app in your browser.\n"
    assert complaints(Soaked(answers=[20.0]), LEVEL, [], log) == []


@pytest.mark.parametrize(
    ("tally", "grows", "left", "log", "said"),
    [
        (Soaked(wrong=2), {}, [], "", "2 wrong distances"),
        (Soaked(unanswered=1), {}, [], "", "1 strokes not answered"),
        (Soaked(errors=["KeyError: x"]), {}, [], "", "KeyError: x"),
        (Soaked(late=["map", "map"]), {}, [], "", "not in time: map"),
        (Soaked(), {"app": Slope(40.0, 30.0, 50.0)}, [], "", "memory of app, MB grows"),
        (Soaked(), {"files": Slope(40.0, 30.0, 50.0)}, [], "", "open files grows"),
        (Soaked(), {}, [7], "", "left over: 7"),
        (Soaked(), {}, [], "2026 WARNING a thing", "2026 WARNING a thing"),
        (Soaked(), {}, [], "x\nKeyError: 'y'\n", "KeyError: 'y'"),
    ],
)
def test_what_should_not_be_is_a_complaint(
    tally: Soaked, grows: dict[str, Slope], left: list[int], log: str, said: str
) -> None:
    assert complaints(tally, LEVEL | grows, left, log) == [said]
