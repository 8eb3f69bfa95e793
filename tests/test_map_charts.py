"""The charts of the Embeddings page hold what they are given."""

import numpy as np
import pytest

from ui.map_charts import Marks, as_seen, class_table, space_map

LABELS = np.array([0, 0, 3, 3, 9])
XY = np.arange(10.0).reshape(5, 2)
XYZ = np.arange(15.0).reshape(5, 3)
NONE = np.zeros(0, np.int64)
PLAIN = Marks(NONE, None, NONE, {}, "")


def named(figure: object, name: str) -> list[tuple[float, ...]]:
    """Return the points of the trace with this name."""
    (trace,) = [trace for trace in figure.data if trace.name == name]  # type: ignore[attr-defined]
    axes = [axis for axis in (trace.x, trace.y, getattr(trace, "z", None)) if axis is not None]
    return [tuple(map(float, point)) for point in zip(*axes, strict=True)]


@pytest.mark.parametrize("xy", [XY, XYZ])
def test_each_class_is_a_trace_whose_points_tell_their_places(xy: np.ndarray) -> None:
    figure = space_map(xy, LABELS, (), PLAIN, "zoom")
    digits = {trace.name: list(trace.customdata) for trace in figure.data if trace.customdata is not None}
    assert digits == {"0": [0, 1], "3": [2, 3], "9": [4]}
    assert named(figure, "3") == [tuple(xy[2]), tuple(xy[3])]


@pytest.mark.parametrize("xy", [XY, XYZ])
def test_two_drawings_are_stars_with_a_line_and_its_length_in_full_space(xy: np.ndarray) -> None:
    marks = PLAIN._replace(stars={"left": xy[0] + 1, "right": xy[4]}, distance="1.25")
    figure = space_map(xy, LABELS, (), marks, "zoom")
    assert named(figure, "★ left") == [tuple(xy[0] + 1)]
    assert named(figure, "★ right") == [tuple(xy[4])]
    line = [trace for trace in figure.data if trace.mode == "lines"]
    assert [list(line[0].x)] == [[xy[0, 0] + 1, xy[4, 0]]]
    assert any("1.25" in str(trace.text) for trace in figure.data)


def test_one_drawing_is_a_star_without_a_line() -> None:
    figure = space_map(XY, LABELS, (), PLAIN._replace(stars={"right": XY[1]}), "zoom")
    assert named(figure, "★ right") == [tuple(XY[1])]
    assert not [trace for trace in figure.data if trace.mode == "lines"]


def test_a_digit_clicked_is_tied_to_its_neighbours() -> None:
    figure = space_map(XY, LABELS, (), PLAIN._replace(picked=4, neighbours=np.array([3, 0])), "zoom")
    (lines,) = [trace for trace in figure.data if trace.mode == "lines"]
    np.testing.assert_array_equal(lines.x, [XY[4, 0], XY[3, 0], np.nan, XY[4, 0], XY[0, 0], np.nan])


def test_the_doubtful_are_crossed() -> None:
    figure = space_map(XY, LABELS, (), PLAIN._replace(doubtful=np.array([2])), "zoom")
    assert named(figure, "doubtful") == [tuple(XY[2])]


def test_the_axes_of_a_pca_say_what_they_explain() -> None:
    flat = space_map(XY, LABELS, (0.5, 0.25), PLAIN, "zoom")
    assert "50%" in flat.layout.xaxis.title.text
    assert "25%" in flat.layout.yaxis.title.text
    assert "5%" in space_map(XYZ, LABELS, (0.5, 0.25, 0.05), PLAIN, "zoom").layout.scene.zaxis.title.text
    assert not space_map(XY, LABELS, (), PLAIN, "zoom").layout.xaxis.title.text


def test_a_step_on_the_map_is_as_long_in_both_directions() -> None:
    assert space_map(XY, LABELS, (), PLAIN, "zoom").layout.yaxis.scaleanchor == "x"
    assert space_map(XYZ, LABELS, (), PLAIN, "zoom").layout.scene.aspectmode == "data"


def test_what_was_zoomed_and_isolated_is_seen_again() -> None:
    seen = {"x": [0, 1], "y": [2, 3], "camera": None, "hidden": ["0"]}
    figure = as_seen(space_map(XY, LABELS, (), PLAIN, "zoom"), seen)
    assert (figure.layout.xaxis.range, figure.layout.yaxis.range) == ((0, 1), (2, 3))
    assert {trace.legendgroup for trace in figure.data if trace.visible == "legendonly"} == {"0"}


def test_the_table_holds_the_distances() -> None:
    distances = np.arange(100.0).reshape(10, 10)
    np.testing.assert_array_equal(class_table(distances).data[0].z, distances)
