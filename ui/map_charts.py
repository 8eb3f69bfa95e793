"""The charts of the Embeddings page: arrays in, Plotly figures out."""

from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from ui.charts import DIFFERENT_COLOUR, NEUTRAL, SAME_COLOUR
from ui.training_charts import CLASS_COLOURS

MAP_HEIGHT, MAP_HEIGHT_OF_TWO, TABLE_HEIGHT = 540, 460, 400
STARS = {"left": "#f2b01e", "right": "#e0457b"}
STAR_EDGE = "#1f2a2e"


class Marks(NamedTuple):
    """What is marked on a map beside the digits."""

    doubtful: np.ndarray  # which digits, by their places among those shown
    picked: int | None  # the digit clicked
    neighbours: np.ndarray  # its nearest in full space
    stars: dict[str, np.ndarray]  # a drawing's name -> its coordinates (k,)
    distance: str  # what the line between two stars says


def space_map(xy: np.ndarray, labels: np.ndarray, explained: tuple[float, ...], marks: Marks, drag: str) -> go.Figure:
    """Draw digits with labels (n,) at xy (n, k), k = 2 or 3, coloured by class, with the marks.

    explained: shares of the variance along the axes, none for a map that is no PCA. A digit's `customdata` is its place
    among the n.
    """
    figure = go.Figure()
    for digit, colour in enumerate(CLASS_COLOURS):
        members = np.flatnonzero(labels == digit)
        if len(members):
            _digits(figure, xy, members, str(digit), colour)
    _marks(figure, xy, marks)
    _stars(figure, marks)
    figure.update_layout(
        height=MAP_HEIGHT,
        margin={"l": 8, "r": 8, "t": 56, "b": 8},
        legend={
            "itemclick": "toggleothers", "itemdoubleclick": "toggle", "itemsizing": "constant", "itemwidth": 30,
            "orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom",
        },
        hovermode="closest",
        modebar={"orientation": "v"},
        dragmode=drag if xy.shape[1] == 2 else "orbit",
    )  # fmt: skip
    of = " of the variance" if xy.shape[1] == 2 else ""  # there is less room in space
    titles = [f"component {i + 1}: {share:.0%}{of}" for i, share in enumerate(explained)]
    return _axes_2d(figure, titles) if xy.shape[1] == 2 else _axes_3d(figure, titles)


def as_seen(figure: go.Figure, seen: dict[str, Any] | None) -> go.Figure:
    """Give a map the ranges "x" and "y" or the "camera" that a visitor has chosen, and hide the traces "hidden"."""
    if seen is None:
        return figure
    if seen["x"] and seen["y"]:
        figure.update_xaxes(range=seen["x"]).update_yaxes(range=seen["y"])
    if seen["camera"]:
        figure.update_layout(scene_camera=seen["camera"])
    for trace in figure.data:
        if (trace.legendgroup or trace.name) in seen["hidden"]:
            trace.visible = "legendonly"
    return figure


def class_table(distances: np.ndarray) -> go.Figure:
    """Draw the mean distances (10, 10) between the classes as a heat map, each number in its cell."""
    names = [str(digit) for digit in range(len(distances))]
    heat = go.Heatmap(
        z=distances, x=names, y=names, texttemplate="%{z:.2f}", textfont={"size": 10}, colorscale="Teal",
        reversescale=True,
        showscale=False, xgap=1, ygap=1, hovertemplate="%{y} and %{x}: %{z:.3f}<extra></extra>",
    )  # fmt: skip
    figure = go.Figure(heat).update_layout(height=TABLE_HEIGHT, margin={"l": 8, "r": 8, "t": 8, "b": 8})
    figure.update_xaxes(type="category", fixedrange=True, side="top", ticks="", constrain="domain")
    return figure.update_yaxes(type="category", fixedrange=True, autorange="reversed", ticks="", scaleanchor="x")


def _digits(figure: go.Figure, xy: np.ndarray, members: np.ndarray, name: str, colour: str) -> None:
    """Add the digits of one class, and its name at their middle."""
    size, opacity = (5, 0.75) if xy.shape[1] == 2 else (2.5, 0.8)
    marker = {"color": colour, "size": size, "opacity": opacity}
    _scatter(
        figure, xy[members], mode="markers", name=name, legendgroup=name, marker=marker, customdata=members,
        hovertemplate=f"a {name}<extra></extra>",
    )  # fmt: skip
    over = np.median(xy[members], axis=0, keepdims=True)
    if xy.shape[1] == 2:
        over[0, 1] = np.percentile(xy[members, 1], 97)  # above, not upon its digits
    _scatter(
        figure, over, mode="text", text=f"<b>{name}</b>", textfont={"size": 17}, textposition="top center",
        legendgroup=name, showlegend=False, hoverinfo="skip",
    )  # fmt: skip


def _marks(figure: go.Figure, xy: np.ndarray, marks: Marks) -> None:
    flat = xy.shape[1] == 2
    if len(marks.doubtful):
        cross: dict[str, Any] = {
            "symbol": "x-thin" if flat else "x",
            "size": 8 if flat else 3,
            "color": DIFFERENT_COLOUR,
        }
        cross["line"] = {"width": 2 if flat else 0, "color": DIFFERENT_COLOUR}
        _scatter(figure, xy[marks.doubtful], mode="markers", name="doubtful", marker=cross, hoverinfo="skip")
    if marks.picked is None:
        return
    ring: dict[str, Any] = {"symbol": "circle-open", "size": 13 if flat else 7, "color": SAME_COLOUR}
    ring["line"] = {"width": 2, "color": SAME_COLOUR}
    ends = np.full((3 * len(marks.neighbours), xy.shape[1]), np.nan, np.float32)  # lines with gaps between them
    ends[0::3], ends[1::3] = xy[marks.picked], xy[marks.neighbours]
    line = {"color": SAME_COLOUR, "width": 1}
    _scatter(figure, ends, mode="lines", line=line, showlegend=False, hoverinfo="skip")
    _scatter(figure, xy[marks.neighbours], mode="markers", showlegend=False, marker=ring, hoverinfo="skip")
    chosen = {**ring, "size": 19 if flat else 11, "line": {"width": 4, "color": SAME_COLOUR}}
    _scatter(figure, xy[[marks.picked]], mode="markers", showlegend=False, marker=chosen, hoverinfo="skip")


def _stars(figure: go.Figure, marks: Marks) -> None:
    if len(marks.stars) == 2:
        ends = np.stack(list(marks.stars.values()))
        line = {"color": NEUTRAL, "width": 3 if ends.shape[1] == 2 else 5}
        _scatter(figure, ends, mode="lines", line=line, showlegend=False, hoverinfo="skip")
        _scatter(
            figure, ends.mean(axis=0, keepdims=True), mode="text", text=f"<b>{marks.distance}</b>", showlegend=False,
            textposition="top center", textfont={"size": 14}, hoverinfo="skip",
        )  # fmt: skip
    for name, at in marks.stars.items():
        hover = f"your drawing, {name}<extra></extra>"
        if len(at) == 2:
            star = {"symbol": "star", "size": 22, "color": STARS[name], "line": {"width": 1.5, "color": STAR_EDGE}}
            _scatter(figure, at[None], mode="markers", name=f"★ {name}", marker=star, hovertemplate=hover)
        else:  # of the symbols in space none is a star
            _scatter(
                figure, at[None], mode="text", name=f"★ {name}", text="★", hovertemplate=hover,
                textfont={"size": 46, "color": STARS[name]}, textposition="middle center",
            )  # fmt: skip


def _scatter(figure: go.Figure, points: np.ndarray, **style: Any) -> None:
    if points.shape[1] == 2:
        figure.add_scatter(x=points[:, 0], y=points[:, 1], **style)
    else:
        figure.add_scatter3d(x=points[:, 0], y=points[:, 1], z=points[:, 2], **style)


def _axes_2d(figure: go.Figure, titles: list[str]) -> go.Figure:
    plain: dict[str, Any] = {"showticklabels": False, "zeroline": False, "showgrid": False, "ticks": ""}
    x, y = titles or ("", "")
    figure.update_xaxes(**plain, title={"text": x, "standoff": 4})
    return figure.update_yaxes(**plain, title={"text": y, "standoff": 4}, scaleanchor="x", scaleratio=1)


def _axes_3d(figure: go.Figure, titles: list[str]) -> go.Figure:
    names = titles or ["", "", ""]
    plain: dict[str, Any] = {"showticklabels": False, "showbackground": False, "showspikes": False, "zeroline": False}
    plain |= {"gridcolor": NEUTRAL, "title": {"font": {"size": 11}}}
    axes = {
        f"{axis}axis": {**plain, "title": {"text": name, "font": {"size": 11}}}
        for axis, name in zip("xyz", names, strict=True)
    }
    return figure.update_layout(scene={"aspectmode": "data", "dragmode": "orbit", **axes})
