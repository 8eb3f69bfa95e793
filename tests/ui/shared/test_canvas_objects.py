"""Drawings in the canvas's own terms: strokes there and back, and what they look like."""

import numpy as np
import pytest

from siamese_core.config import CANVAS_SIZE
from siamese_core.datasets.synthetic.drawn_symbols import SHARE, symbol_strokes
from siamese_core.datasets.synthetic.rendering import draw
from siamese_core.imaging.canonical import canvas_to_image, ink_to_digit
from ui.shared.canvas_objects import painted, picture_object, stroke_objects, strokes_of


def test_strokes_come_back_and_a_dot_has_a_length() -> None:
    strokes = [np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([[7.0, 8.0]])]
    line, dot = strokes_of(stroke_objects(strokes))
    assert np.array_equal(line, strokes[0])
    assert dot == pytest.approx(np.array([[7, 8], [7.1, 8]]))


def test_curves_of_the_canvas_pass_their_end_points() -> None:
    path = [["M", 1, 2], ["Q", 9, 9, 3, 4], ["L", 5, 6]]
    assert strokes_of([{"type": "Path", "path": path}])[0].tolist() == [[1, 2], [3, 4], [5, 6]]


def test_a_drawing_with_a_picture_has_no_strokes() -> None:
    picture = picture_object(np.ones((4, 4), np.float32), 0.5)
    assert strokes_of([picture, *stroke_objects([np.zeros((2, 2))])]) == []


@pytest.mark.parametrize(
    "path", [None, 7, "x", [], [[]], [["M", 1]], [["M", "x", 2]], [["M", 1e308, 2]], [["M", float("nan"), 2]], [{}]]
)
def test_what_no_canvas_draws_has_no_strokes(path: object) -> None:
    good = {"type": "Path", "path": [["M", 1, 2], ["L", 5, 6]]}
    assert len(strokes_of([good, good])) == 2
    assert strokes_of([good, {"type": "Path", "path": path}]) == []
    assert strokes_of([{"type": "Path"}]) == []


@pytest.mark.parametrize("name", ["heart", "umbrella"])
def test_strokes_are_painted_as_the_project_renders_them(name: str) -> None:
    strokes = symbol_strokes(name)
    seen, expected = canvas_to_image(painted(stroke_objects(strokes))), ink_to_digit(draw(strokes, SHARE * CANVAS_SIZE))
    moved = [np.roll(seen, (y, x), (0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    assert min(np.abs(each - expected).mean() for each in moved) < 0.01


def test_a_picture_is_painted_where_it_lies() -> None:
    rgba = painted([picture_object(np.ones((10, 5), np.float32), 0.5)])
    assert rgba.shape == (CANVAS_SIZE, CANVAS_SIZE, 4)
    rows, columns = np.flatnonzero(rgba[..., 0].any(axis=1)), np.flatnonzero(rgba[..., 0].any(axis=0))
    assert (rows[0], rows[-1], columns[0], columns[-1]) == (70, 209, 105, 174)
