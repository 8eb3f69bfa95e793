"""The marks of a map as traces of its chart."""

import numpy as np
import plotly.graph_objects as go
import pytest

from ui.embeddings.charts import space_map
from ui.embeddings.marked_map import marked_map
from ui.embeddings.marks import Marks

LABELS = np.array([0, 0, 3, 3, 9])
NAMES = tuple("0123456789")
NONE = np.zeros(0, np.int64)
MAPS = [np.arange(10.0).reshape(5, 2), np.arange(15.0).reshape(5, 3)]


def marks(xy: np.ndarray, **others: object) -> Marks:
    """Return marks of a map, only those given."""
    return Marks("one", xy, LABELS, NAMES, NONE, NONE, NONE, {}, "")._replace(**others)  # type: ignore[arg-type]


def added(xy: np.ndarray, **others: object) -> list[go.Scatter | go.Scatter3d]:
    """Return the traces that the marks add to a map."""
    figure = space_map(xy, LABELS, NAMES, ())
    return list(marked_map(figure, marks(xy, **others)).data[len(figure.data) :])


def points(trace: go.Scatter | go.Scatter3d) -> list[tuple[float, ...]]:
    """Return the points of a trace."""
    axes = [axis for axis in (trace.x, trace.y, getattr(trace, "z", None)) if axis is not None]
    return [tuple(map(float, point)) for point in zip(*axes, strict=True)]


@pytest.mark.parametrize("xy", MAPS)
def test_the_shared_map_stays_as_it_is_and_its_views_are_kept(xy: np.ndarray) -> None:
    figure = space_map(xy, LABELS, NAMES, ())
    before = figure.to_json()
    assert marked_map(figure, marks(xy, stars={"left": xy[0]})).layout.uirevision == "one"
    assert figure.to_json() == before
    assert not added(xy)


@pytest.mark.parametrize("xy", MAPS)
def test_two_drawings_are_tied_by_a_line_that_tells_their_distance(xy: np.ndarray) -> None:
    line, word, left, right = added(xy, stars={"left": xy[0], "right": xy[4]}, distance="1.40")
    assert points(line) == [tuple(xy[0]), tuple(xy[4])]
    assert (word.text, points(word)) == ("1.40", [tuple(xy[2])])
    assert [(each.name, points(each)) for each in (left, right)] == [
        ("left", [tuple(xy[0])]),
        ("right", [tuple(xy[4])]),
    ]


@pytest.mark.parametrize("xy", MAPS)
def test_digits_are_marked_in_the_groups_of_their_classes(xy: np.ndarray) -> None:
    crosses = added(xy, doubtful=np.array([1, 2, 3]))
    assert [(each.legendgroup, points(each)) for each in crosses] == [
        ("0", [tuple(xy[1])]), ("3", [tuple(xy[2]), tuple(xy[3])])
    ]  # fmt: skip
    ties, near, picked = added(xy, picked=np.array([0]), neighbours=np.array([2, 3]))
    assert points(ties)[:2] + points(ties)[3:5] == [tuple(xy[i]) for i in (0, 2, 0, 3)]
    assert np.isnan(points(ties)[2]).all()
    assert points(near) == [tuple(xy[2]), tuple(xy[3])]
    assert points(picked) == [tuple(xy[0])]


@pytest.mark.parametrize("xy", MAPS)
def test_no_mark_is_taken_for_a_digit(xy: np.ndarray) -> None:
    digits = {"doubtful": np.array([1]), "picked": np.array([0]), "neighbours": np.array([2, 3])}
    all_ = added(xy, stars={"left": xy[0], "right": xy[4]}, **digits)
    assert len(all_) == 8
    for trace in all_:
        assert trace.customdata is None
        assert trace.hoverinfo == "skip"
        assert trace.showlegend is False
