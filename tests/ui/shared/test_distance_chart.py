"""The chart of distances shows the numbers that it is given."""

import numpy as np
import pytest

from siamese_core.metrics.report import Spread
from ui.shared.colours import DIFFERENT, SAME
from ui.shared.distance_chart import distance_scale

SPREAD = Spread(np.array([0.25, 0.75, 1.25]), np.array([2.0, 0.5, 0.0]), np.array([0.0, 0.5, 1.5]))


def test_the_scale_shows_both_spreads_and_the_threshold() -> None:
    figure = distance_scale(SPREAD, 0.8, None)
    assert [list(trace.y) for trace in figure.data] == [list(SPREAD.genuine), list(SPREAD.impostor)]
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [(0.8, 0.8)]


@pytest.mark.parametrize(("distance", "colour"), [(0.3, SAME), (0.8, SAME), (0.81, DIFFERENT)])
def test_the_pair_is_marked_in_the_colour_of_its_verdict(distance: float, colour: str) -> None:
    pair = distance_scale(SPREAD, 0.8, distance).layout.shapes[1]
    assert pair.x0 == distance
    assert pair.line.color == colour


@pytest.mark.parametrize("distance", [0.0, 1.25, 7.0])
def test_every_mark_lies_within_the_axis(distance: float) -> None:
    figure = distance_scale(SPREAD, 0.8, distance)
    low, high = figure.layout.xaxis.range
    assert all(low <= shape.x0 <= high for shape in figure.layout.shapes)
