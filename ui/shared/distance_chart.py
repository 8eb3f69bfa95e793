"""The scale of distances: how those of genuine and of impostor pairs spread, and where the threshold lies."""

from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from siamese_core.metrics.report import Spread
from siamese_core.metrics.verification import is_same
from ui.shared.colours import DIFFERENT, NEUTRAL, SAME
from ui.shared.words import DIGITS, Words


class Plot(NamedTuple):
    """Where the axes of the chart lie in it, in px: the margins around them, and their height."""

    left: int = 4
    right: int = 4
    top: int = 30
    bottom: int = 40
    height: int = 170


PLOT = Plot()
HEADROOM, NEEDLE = 1.6, 1.4  # heights of the axes and of the needle, in units of the highest density


def scale_end(spread: Spread, threshold: float) -> float:
    """Return where the axis of distances ends: beyond those of the test pairs and beyond the threshold."""
    return max(float(spread.centres[-1]), threshold) * 1.02


def distance_scale(spread: Spread, threshold: float, end: float | None = None, words: Words = DIGITS) -> go.Figure:
    """Draw how the distances of genuine and of impostor pairs spread, with the threshold marked.

    end: of the axis; without it the axis ends at `scale_end`. words: for what is compared.
    """
    top = float(max(spread.genuine.max(), spread.impostor.max()))
    end = end or scale_end(spread, threshold)
    figure = go.Figure([_density(spread.centres, *kind) for kind in _kinds(spread, words)])
    _mark_threshold(figure, threshold, end, top * 1.15)
    figure.update_xaxes(
        range=[0, end], title="distance", fixedrange=True, showgrid=False, zeroline=False, automargin=False
    )
    figure.update_yaxes(visible=False, range=[0, top * HEADROOM], fixedrange=True, automargin=False)
    figure.update_layout(
        height=PLOT.top + PLOT.height + PLOT.bottom,
        margin={"l": PLOT.left, "r": PLOT.right, "t": PLOT.top, "b": PLOT.bottom, "pad": 0, "autoexpand": False},
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        hovermode=False,
    )
    return figure


def needle(spread: Spread, threshold: float, distance: float) -> dict[str, Any]:
    """Return what `compare/needle.js` draws over the scale for a distance, at the end if it lies beyond.

    share: of the axis, from the left. height: of the axes, from below.
    """
    return {
        "share": min(1.0, distance / scale_end(spread, threshold)),
        "height": NEEDLE / HEADROOM,
        "text": f"your pair {distance:.2f}",
        "colour": SAME if is_same(distance, threshold) else DIFFERENT,
    }


def _kinds(spread: Spread, words: Words) -> list[tuple[np.ndarray, str, str]]:
    return [
        (spread.genuine, f"pairs of the same {words.kind}", SAME),
        (spread.impostor, f"pairs of different {words.kinds}", DIFFERENT),
    ]


def _density(x: np.ndarray, density: np.ndarray, name: str, colour: str) -> go.Scatter:
    line = {"color": colour, "width": 2}
    return go.Scatter(x=x, y=density, name=name, mode="lines", line=line, fill="tozeroy", hoverinfo="skip")


def _mark_threshold(figure: go.Figure, x: float, end: float, height: float) -> None:
    """Add a vertical line from the axis up, with a word at its upper end on the side where there is room."""
    figure.add_shape(type="line", x0=x, x1=x, y0=0, y1=height, line={"color": NEUTRAL, "width": 2, "dash": "dash"})
    anchor, shift = ("left", 6) if x < end / 2 else ("right", -6)
    text = f"threshold {x:.2f}"
    figure.add_annotation(x=x, y=height, text=text, showarrow=False, xanchor=anchor, yanchor="middle", xshift=shift)
