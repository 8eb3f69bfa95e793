"""The chart of the distances of genuine and impostor pairs: arrays in, Plotly figures out."""

import numpy as np
import pandas  # noqa: F401 before Plotly, which would use one that another visitor's page has only half imported
import plotly.graph_objects as go

from siamese_core.metrics.report import Spread
from siamese_core.metrics.verification import is_same
from ui.shared.colours import DIFFERENT, NEUTRAL, SAME


def distance_scale(spread: Spread, threshold: float, distance: float | None, end: float | None = None) -> go.Figure:
    """Draw the densities of genuine and impostor distances, and mark the threshold and, if given, one distance.

    end: the end of the axis; by default that of the distances.
    """
    top = float(max(spread.genuine.max(), spread.impostor.max()))
    end = end or max(float(spread.centres[-1]), distance or 0, threshold) * 1.02
    figure = go.Figure([_density(spread.centres, *kind) for kind in _kinds(spread)])
    _mark(figure, threshold, end, top * 1.15, f"threshold {threshold:.2f}", NEUTRAL, "dash")
    if distance is not None:
        colour = SAME if is_same(distance, threshold) else DIFFERENT
        _mark(figure, distance, end, top * 1.4, f"<b>your pair {distance:.2f}</b>", colour, "solid")
    figure.update_xaxes(range=[0, end], title="distance", fixedrange=True, showgrid=False, zeroline=False)
    figure.update_yaxes(visible=False, range=[0, top * 1.6], fixedrange=True)
    figure.update_layout(
        height=240,
        margin={"l": 4, "r": 4, "t": 30, "b": 40},
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        hovermode=False,
    )
    return figure


def _kinds(spread: Spread) -> list[tuple[np.ndarray, str, str]]:
    return [
        (spread.genuine, "pairs of the same digit", SAME),
        (spread.impostor, "pairs of different digits", DIFFERENT),
    ]


def _density(x: np.ndarray, density: np.ndarray, name: str, colour: str) -> go.Scatter:
    line = {"color": colour, "width": 2}
    return go.Scatter(x=x, y=density, name=name, mode="lines", line=line, fill="tozeroy", hoverinfo="skip")


def _mark(figure: go.Figure, x: float, end: float, height: float, text: str, colour: str, dash: str) -> None:
    """Add a vertical line from the axis up, with a label at its upper end, on the side where there is room."""
    figure.add_shape(type="line", x0=x, x1=x, y0=0, y1=height, line={"color": colour, "width": 2, "dash": dash})
    anchor = "left" if x < end / 2 else "right"
    figure.add_annotation(
        x=x, y=height, text=text, showarrow=False, xanchor=anchor, yanchor="middle", xshift=6 if x < end / 2 else -6
    )
