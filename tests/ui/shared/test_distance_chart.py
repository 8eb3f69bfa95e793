"""The chart of distances shows the numbers that it is given."""

import numpy as np
import pytest

from siamese_core.metrics.report import Spread
from ui.shared.colours import DIFFERENT, SAME
from ui.shared.distance_chart import distance_scale, needle

SPREAD = Spread(np.array([0.25, 0.75, 1.25]), np.array([2.0, 0.5, 0.0]), np.array([0.0, 0.5, 1.5]))


def test_the_scale_shows_both_spreads_and_the_threshold() -> None:
    figure = distance_scale(SPREAD, 0.8)
    assert [list(trace.y) for trace in figure.data] == [list(SPREAD.genuine), list(SPREAD.impostor)]
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [(0.8, 0.8)]


@pytest.mark.parametrize(("distance", "colour"), [(0.3, SAME), (0.8, SAME), (0.81, DIFFERENT)])
def test_the_needle_stands_at_the_pair_in_the_colour_of_its_verdict(distance: float, colour: str) -> None:
    found = needle(SPREAD, 0.8, distance)
    _, end = distance_scale(SPREAD, 0.8).layout.xaxis.range
    assert found["share"] * end == pytest.approx(distance)
    assert found["colour"] == colour
    assert found["text"] == f"your pair {distance:.2f}"


@pytest.mark.parametrize("threshold", [0.0, 1.25, 7.0])
def test_threshold_and_needle_lie_within_the_axis(threshold: float) -> None:
    low, high = distance_scale(SPREAD, threshold).layout.xaxis.range
    assert low <= threshold <= high
    assert [needle(SPREAD, threshold, d)["share"] for d in (0.0, 99.0)] == [0, 1]
