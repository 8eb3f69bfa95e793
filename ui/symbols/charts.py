"""The charts of the Symbols page: arrays in, Plotly figures out."""

from collections.abc import Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go

from siamese_core.projection.pca import fit_pca, project
from ui.shared.class_chart import table_of_classes
from ui.shared.colours import STAR_EDGE, STARS, class_colours

LEAST_POINTS = 3  # that a map needs
MAP_HEIGHT = 380  # px
CELL, TABLE_RIM, LEAST_TABLE, MOST_TABLE = 44, 110, 240, 620  # px: of a cell, of the names, of the whole
LETTERS = 12  # of a name beside the table or on the map
MOST_NUMBERS = 12  # symbols whose distances can be read within the cells


def symbol_map(embedded: np.ndarray, labels: np.ndarray, names: Sequence[str], asked: np.ndarray | None) -> go.Figure:
    """Draw the principal components of examples (n, d) with labels (n,), and of a drawing (d,) as a star among them."""
    points = embedded if asked is None else np.concatenate([embedded, asked[None]])
    pca = fit_pca(points, 2)
    xy = project(pca, points)
    figure = go.Figure()
    for label, (name, colour) in enumerate(zip(names, class_colours(len(names)), strict=True)):
        own, shown = xy[: len(labels)][labels == label], escape(name)
        figure.add_scatter(
            x=own[:, 0], y=own[:, 1], mode="markers+text", text=[escape(_short(name)), *[""] * (len(own) - 1)],
            textposition="top center", textfont={"size": 13}, marker={"color": colour, "size": 10}, name=shown,
            hovertemplate=f"{shown}<extra></extra>", cliponaxis=False,
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


def distance_table(table: np.ndarray, names: Sequence[str], limit: float) -> go.Figure:
    """Draw how far apart symbols lie, (c, c), as a heat map; up to the limit they are darkest."""
    places = [str(i) for i in range(len(names))]  # and not the names, which may be the same once they are shortened
    heat = go.Heatmap(
        z=table, x=places, y=places, texttemplate="%{z:.2f}" if len(names) <= MOST_NUMBERS else "", colorscale="Teal",
        reversescale=True, zmin=limit, zmax=max(float(table.max()), limit + 1e-6), showscale=False, xgap=1, ygap=1,
        customdata=[[f"{escape(row)} and {escape(column)}" for column in names] for row in names],
        hovertemplate="%{customdata}: %{z:.3f}<extra></extra>",
    )  # fmt: skip
    figure = table_of_classes(heat, int(np.clip(TABLE_RIM + CELL * len(names), LEAST_TABLE, MOST_TABLE)))
    ticks = {"tickvals": places, "ticktext": [escape(_short(name)) for name in names]}
    return figure.update_xaxes(**ticks).update_yaxes(**ticks)


def _short(name: str) -> str:
    return name if len(name) <= LETTERS else f"{name[: LETTERS - 1]}…"
