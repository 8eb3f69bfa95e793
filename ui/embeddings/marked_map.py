"""A map with its marks as traces of the chart, for a version of Plotly over which they cannot be drawn."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from ui.embeddings.charts import scatter
from ui.embeddings.marks import Marks
from ui.shared import colours

BOLD = {"size": 13, "weight": "bold"}
OPAQUE = {"marker": {"opacity": 1}}  # also while digits are selected
SHAPES: dict[int, dict[str, dict[str, Any]]] = {  # by the map's dimensions; Plotly has no star symbol in 3-D
    2: {
        "doubtful": {"symbol": "x-thin", "size": 7, "line": {"color": colours.DIFFERENT, "width": 1.5}},
        "neighbour": {"symbol": "circle-open", "size": 12, "line": {"width": 2}},
        "picked": {"symbol": "circle-open", "size": 18, "line": {"width": 4}},
        "star": {"symbol": "star", "size": 18},
    },
    3: {
        "doubtful": {"symbol": "cross", "size": 4},
        "neighbour": {"symbol": "circle-open", "size": 8},
        "picked": {"symbol": "circle-open", "size": 13},
        "star": {"symbol": "diamond", "size": 9},
    },
}


def marked_map(figure: go.Figure, marks: Marks) -> go.Figure:
    """Return a copy of a map with marks in it.

    No mark has `customdata`, so that none is taken for a digit. The constant `uirevision` asks Plotly to keep zoom,
    camera and isolated classes when the marks change. It has an effect once Streamlit keeps a chart with a key in
    place; Streamlit 1.67 builds the chart anew.
    """
    marked = go.Figure(figure).update_layout(uirevision=marks.map)
    _digits(marked, marks, "doubtful", marks.doubtful, colours.DIFFERENT)
    _ties(marked, marks)
    _digits(marked, marks, "neighbour", marks.neighbours, colours.SAME)
    _digits(marked, marks, "picked", marks.picked, colours.SAME)
    _stars(marked, marks)
    return marked


def _digits(figure: go.Figure, marks: Marks, name: str, of: np.ndarray, colour: str) -> None:
    """Mark digits, each in the legend group of its class."""
    marker = {"color": colour, **SHAPES[marks.xy.shape[1]][name]}
    for label in np.unique(marks.labels[of]):
        members = of[marks.labels[of] == label]
        _mark(figure, marks.xy[members], mode="markers", name=name, marker=marker, legendgroup=marks.class_names[label])


def _ties(figure: go.Figure, marks: Marks) -> None:
    """Draw a line from the clicked digit to each of its neighbours."""
    gap = np.full(marks.xy.shape[1], np.nan)
    steps = [each for a in marks.picked for b in marks.neighbours for each in (marks.xy[a], marks.xy[b], gap)]
    if steps:
        _mark(figure, np.array(steps), mode="lines", line={"color": colours.SAME, "width": 1})


def _stars(figure: go.Figure, marks: Marks) -> None:
    """Draw the drawings as stars, and between two of them a line with their distance."""
    all_ = np.array(list(marks.stars.values()))
    if len(all_) == 2:
        _mark(figure, all_, mode="lines", line={"color": colours.NEUTRAL, "width": 3})
        middle = all_.mean(axis=0, keepdims=True)
        _mark(figure, middle, mode="text", text=marks.distance, textposition="top center", textfont=BOLD)
    for name, at in marks.stars.items():
        line = {"color": colours.STAR_EDGE, "width": 1.5}
        marker = {"color": colours.STARS[name], "line": line, **SHAPES[len(at)]["star"]}
        words = {"text": name, "textposition": "bottom center", "textfont": BOLD}
        _mark(figure, at[None], mode="markers+text", name=name, marker=marker, **words)


def _mark(figure: go.Figure, points: np.ndarray, **style: Any) -> None:
    flat = {"selected": OPAQUE, "unselected": OPAQUE} if points.shape[1] == 2 else {}
    scatter(figure, points, hoverinfo="skip", showlegend=False, **flat, **style)
