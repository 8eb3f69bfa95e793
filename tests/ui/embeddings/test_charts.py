"""The charts of the Embeddings page show the numbers that they are given."""

import numpy as np
import pytest

from ui.embeddings.charts import EYE, class_table, space_map
from ui.shared.colours import CLASSES, NEUTRAL

LABELS = np.array([0, 0, 3, 3, 9])
NAMES = tuple("0123456789")
XY = np.arange(10.0).reshape(5, 2)
XYZ = np.arange(15.0).reshape(5, 3)


def named(figure: object, name: str) -> list[tuple[float, ...]]:
    """Return the points of the trace with this name."""
    (trace,) = [trace for trace in figure.data if trace.name == name]  # type: ignore[attr-defined]
    axes = [axis for axis in (trace.x, trace.y, getattr(trace, "z", None)) if axis is not None]
    return [tuple(map(float, point)) for point in zip(*axes, strict=True)]


@pytest.mark.parametrize("xy", [XY, XYZ])
def test_each_class_is_a_trace_whose_points_tell_their_places(xy: np.ndarray) -> None:
    figure = space_map(xy, LABELS, NAMES, (), "one")
    digits = {trace.name: list(trace.customdata) for trace in figure.data if trace.customdata is not None}
    assert digits == {"0": [0, 1], "3": [2, 3], "9": [4]}
    assert named(figure, "3") == [tuple(xy[2]), tuple(xy[3])]


def test_the_axes_of_a_pca_say_what_they_explain() -> None:
    flat = space_map(XY, LABELS, NAMES, (0.5, 0.25), "one")
    assert "50%" in flat.layout.xaxis.title.text
    assert "25%" in flat.layout.yaxis.title.text
    assert "5%" in space_map(XYZ, LABELS, NAMES, (0.5, 0.25, 0.05), "one").layout.scene.zaxis.title.text
    assert not space_map(XY, LABELS, NAMES, (), "one").layout.xaxis.title.text


def test_a_map_tells_which_it_is() -> None:
    assert space_map(XY, LABELS, NAMES, (), "one").layout.meta == "one"


def test_a_step_on_the_map_is_as_long_in_both_directions() -> None:
    assert space_map(XY, LABELS, NAMES, (), "one").layout.yaxis.scaleanchor == "x"
    assert space_map(XYZ, LABELS, NAMES, (), "one").layout.scene.aspectmode == "data"


def test_the_longer_the_box_the_farther_the_camera() -> None:
    cube = np.array([[0, 0, 0], [1, 1, 1], [0, 1, 0], [1, 0, 1], [0, 0, 1]], np.float32)

    def eye(xyz: np.ndarray) -> float:
        return float(space_map(xyz, LABELS, NAMES, ()).layout.scene.camera.eye.x)

    assert [eye(cube), eye(5 * cube)] == pytest.approx([EYE, EYE])
    assert eye(cube * (4, 1, 1)) > 1.5 * EYE
    assert np.isfinite(eye(np.zeros((5, 3))))


@pytest.mark.parametrize("k", [2, 3])
def test_where_all_images_are_one_point_no_names_hide_each_other(k: int) -> None:
    names = [trace.text for trace in space_map(np.zeros((5, k)), LABELS, NAMES, ()).data if trace.mode == "text"]
    assert not names


def test_the_table_holds_the_distances() -> None:
    distances = np.arange(100.0).reshape(10, 10)
    np.testing.assert_array_equal(class_table(distances, NAMES).data[0].z, distances)


@pytest.mark.parametrize("k", [2, 3])
def test_a_map_of_many_classes_has_the_chosen_ones_alone_in_its_legend_and_above_the_others(k: int) -> None:
    names = tuple(f"symbol {i}" for i in range(200))
    labels, xy = np.repeat(np.arange(200), 2), np.arange(400.0 * k).reshape(400, k)
    assert space_map(xy, labels, names, ()).layout.showlegend is False
    figure = space_map(xy, labels, names, (), chosen=("symbol 7", "symbol 150"))
    assert figure.layout.showlegend
    dots = [trace for trace in figure.data if trace.mode == "markers"]
    assert [(trace.name, trace.marker.color) for trace in dots if trace.showlegend] == [
        ("symbol 7", CLASSES[0]), ("symbol 150", CLASSES[1])
    ]  # fmt: skip
    assert [trace.name for trace in dots[-2:]] == ["symbol 7", "symbol 150"]
    assert {trace.marker.color for trace in dots[:-2]} == {NEUTRAL}
    assert all(trace.hovertemplate for trace in dots)
