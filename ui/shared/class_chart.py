"""A table of the classes against each other, as a heat map; of many classes, of those hardest to tell apart."""

import numpy as np
import plotly.graph_objects as go

MOST = 24  # classes in a table; the names of more could not be read
MOST_WRITTEN = 16  # classes with numbers in the cells of their table


def table_of_classes(heat: go.Heatmap, height: int) -> go.Figure:
    """Draw a heat map as a table of squares, `height` px high: the classes above and, from above, at the left."""
    figure = go.Figure(heat).update_layout(height=height, margin={"l": 8, "r": 8, "t": 8, "b": 8})
    small = {"dtick": 1, "tickfont": {"size": 10}} if len(heat.x) > MOST_WRITTEN else {}  # else some are left out
    figure.update_xaxes(type="category", fixedrange=True, side="top", ticks="", constrain="domain", **small)
    return figure.update_yaxes(
        type="category", fixedrange=True, autorange="reversed", ticks="", scaleanchor="x", **small
    )


def in_table(hardness: np.ndarray) -> np.ndarray:
    """Return the classes that a table shows, (m,) in their order: all, or the MOST that are in the hardest pairs.

    hardness: (c, c), larger where two different classes are harder to tell apart; NaN where they have no pair.
    """
    c = len(hardness)
    if c <= MOST:
        return np.arange(c)
    apart = np.where(np.eye(c, dtype=bool) | np.isnan(hardness), -np.inf, hardness)
    pairs = np.stack(np.unravel_index(np.argsort(-apart, axis=None, kind="stable"), apart.shape), axis=1)
    hardest: np.ndarray = np.sort(np.array(list(dict.fromkeys(pairs.ravel().tolist()))[:MOST]))
    return hardest


def about_few(classes: int, what: str) -> str:
    """Say which classes a table shows, "" if it shows all; what: of the pairs, "lie nearest to each other"."""
    return f"Of {classes} classes, the {MOST} that {what}. " if classes > MOST else ""
