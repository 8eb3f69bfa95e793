"""The charts of the Symbols page: arrays in, Plotly figures out."""

from collections.abc import Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go

from siamese_core.metrics.distances import distances_to_all
from siamese_core.metrics.one_shot import class_distances
from siamese_core.projection.pca import fit_pca, project
from ui.shared.class_chart import table_of_classes
from ui.shared.colours import STAR_EDGE, STARS, class_colours

LEAST_POINTS = 3  # that a map needs
MAP_HEIGHT = 380  # px
CELL, TABLE_RIM = 44, 110  # px: of a cell, of the names
LETTERS = 12  # of a name beside the table or on the map
MOST_IN_TABLE = 8  # symbols whose distances can be read within the cells, on a phone as well
MOST_NAMED, NAMED = 12, 5  # symbols on the map that all have names on it; of more, those nearest to the drawing


def symbol_map(embedded: np.ndarray, labels: np.ndarray, names: Sequence[str], asked: np.ndarray | None) -> go.Figure:
    """Draw the principal components of examples (n, d) with labels (n,), and of a drawing (d,) as a star among them."""
    points = embedded if asked is None else np.concatenate([embedded, asked[None]])
    pca = fit_pca(points, 2)
    xy = project(pca, points)
    colours, shown = class_colours(len(names)), [escape(name) for name in names]
    named = _named(embedded, labels, len(names), asked)
    first = [not i or label != labels[i - 1] for i, label in enumerate(labels)]  # by which a symbol is named
    texts = [
        _short(names[label]) if is_first and label in named else ""
        for label, is_first in zip(labels, first, strict=True)
    ]
    figure = go.Figure()
    figure.add_scatter(  # all in one: a trace for each symbol would take longer than all the rest of the answer
        x=xy[: len(labels), 0], y=xy[: len(labels), 1], mode="markers+text", textposition="top center",
        text=list(map(escape, texts)), textfont={"size": 13},
        marker={"color": [colours[label] for label in labels], "size": 10},
        customdata=[shown[label] for label in labels], hovertemplate="%{customdata}<extra></extra>", cliponaxis=False,
    )  # fmt: skip
    if asked is not None:
        star = {"symbol": "star", "size": 18, "color": STARS["left"], "line": {"width": 1, "color": STAR_EDGE}}
        figure.add_scatter(
            x=xy[-1:, 0], y=xy[-1:, 1], mode="markers", marker=star, name="your drawing", cliponaxis=False,
            hovertemplate="your drawing<extra></extra>",
        )  # fmt: skip
    rim = {"l": 48, "r": 48, "t": 28, "b": 28}
    figure.update_layout(height=MAP_HEIGHT, margin=rim, showlegend=False, hovermode="closest")
    plain = {"showticklabels": False, "zeroline": False, "showgrid": False, "ticks": "", "fixedrange": True}
    x, y = (f"component {i}: {share:.0%} of the variance" for i, share in enumerate(pca.explained, 1))
    figure.update_xaxes(**plain, title={"text": x, "standoff": 4})
    return figure.update_yaxes(**plain, title={"text": y, "standoff": 4}, scaleanchor="x", scaleratio=1)


def _named(embedded: np.ndarray, labels: np.ndarray, classes: int, asked: np.ndarray | None) -> set[int]:
    """Return which symbols have their names on the map."""
    if classes <= MOST_NAMED:
        return set(range(classes))
    if asked is None:
        return set()
    nearest = class_distances(distances_to_all(asked[None], embedded), labels, classes)[0]
    return set(np.argsort(nearest)[:NAMED].tolist())


def distance_table(table: np.ndarray, names: Sequence[str], limit: float) -> go.Figure:
    """Draw how far apart symbols lie, (c, c), as a heat map; up to the limit they are darkest."""
    places = [str(i) for i in range(len(names))]  # and not the names, which may be the same once they are shortened
    heat = go.Heatmap(
        z=table, x=places, y=places, texttemplate="%{z:.2f}", colorscale="Teal",
        reversescale=True, zmin=limit, zmax=max(float(table.max()), limit + 1e-6), showscale=False, xgap=1, ygap=1,
        customdata=[[f"{escape(row)} and {escape(column)}" for column in names] for row in names],
        hovertemplate="%{customdata}: %{z:.3f}<extra></extra>",
    )  # fmt: skip
    figure = table_of_classes(heat, TABLE_RIM + CELL * len(names))
    ticks = {"tickvals": places, "ticktext": [escape(_short(name)) for name in names]}
    return figure.update_xaxes(**ticks).update_yaxes(**ticks)


def _short(name: str) -> str:
    return name if len(name) <= LETTERS else f"{name[: LETTERS - 1]}…"
