"""The charts of the Embeddings page: arrays in, Plotly figures out."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ui.shared.class_chart import MOST_WRITTEN, table_of_classes
from ui.shared.colours import NEUTRAL, class_colours

MAP_HEIGHT, TABLE_HEIGHT = 540, 400  # px
MOST_NAMED = 30  # classes; the names of more would hide the map
MOST_IN_LEGEND = 20  # classes; of more, only those chosen have colours of their own
FAINT = 0.35  # opacity of the others
EYE = 1.8  # distance of the camera along each axis, for a cube of side 1 that fits with its titles; Plotly's is 1.25
CENTRE = {"x": 0, "y": 0, "z": -0.1}  # of the picture: seen from above, a cube looks taller below its middle
# Where the legend is: below Plotly's buttons, or, where the map needs the width to be seen whole, below it.
BESIDE: dict[str, Any] = {"x": 1, "xanchor": "left", "y": 0, "yanchor": "bottom"}
BELOW: dict[str, Any] = {"orientation": "h", "x": 0.5, "xanchor": "center", "y": 0, "yanchor": "top"}


def space_map(
    xy: np.ndarray,
    labels: np.ndarray,
    classes: Sequence[str],
    explained: tuple[float, ...],
    name: str = "",
    chosen: Sequence[str] = (),
) -> go.Figure:
    """Draw images with labels (n,) at xy (n, k), k = 2 or 3, coloured by class.

    classes: the class names. explained: the share of the variance along each axis of a PCA, empty for other maps.
    name: identifies the map; kept as the layout's `meta`. An image's `customdata` is its index among the n.
    chosen: the classes that stand out, those in the legend; all others are grey and faint, none if it is empty.
    """
    apart = bool(np.ptp(xy, axis=0).any())  # at one point, names would hide each other
    figure, many = go.Figure(), len(classes) > MOST_IN_LEGEND
    shown = [each for each in classes if each in chosen] or list(classes)
    colours = dict(zip(shown, class_colours(len(shown)), strict=True))
    for label in sorted(range(len(classes)), key=lambda label: classes[label] in colours):  # who stands out lies above
        members, own = np.flatnonzero(labels == label), colours.get(classes[label])
        if len(members):
            _class(figure, xy, members, classes[label], own, apart and own is not None and len(shown) <= MOST_NAMED)
    figure.update_layout(
        height=MAP_HEIGHT,
        showlegend=not many or 0 < len(shown) <= MOST_IN_LEGEND,
        meta=name,
        margin={"l": 8, "r": 32, "t": 8, "b": 8} if xy.shape[1] == 2 else dict.fromkeys("lrtb", 0),
        legend={
            "itemclick": "toggleothers", "itemdoubleclick": "toggle", "itemsizing": "constant", "itemwidth": 30,
            **(BESIDE if xy.shape[1] == 2 else BELOW),
        },
        hovermode="closest",
        modebar={"orientation": "v"},
        dragmode="zoom" if xy.shape[1] == 2 else "orbit",
    )  # fmt: skip
    title = "component {}: {:.0%} of the variance" if xy.shape[1] == 2 else "axis {}: {:.0%}"  # 3-D has less room
    titles = [title.format(i + 1, share) for i, share in enumerate(explained)]
    return _axes_2d(figure, titles) if xy.shape[1] == 2 else _axes_3d(figure, titles, _eye(xy))


def class_table(distances: np.ndarray, classes: Sequence[str]) -> go.Figure:
    """Draw the mean distances (c, c) between the c classes as a heat map, each number in its cell.

    The colours span the distances between different classes. Those within a class are far smaller: all get the darkest.
    """
    between = distances[~np.eye(len(distances), dtype=bool)]
    ends = (np.nanmin(between), np.nanmax(between)) if np.isfinite(between).any() else (None, None)
    heat = go.Heatmap(
        z=distances, x=classes, y=classes,
        texttemplate="%{z:.2f}" if len(classes) <= MOST_WRITTEN else None, textfont={"size": 10}, colorscale="Teal",
        reversescale=True, zmin=ends[0], zmax=ends[1],
        showscale=False, xgap=1, ygap=1, hovertemplate="%{y} and %{x}: %{z:.3f}<extra></extra>",
    )  # fmt: skip
    return table_of_classes(heat, TABLE_HEIGHT)


def _class(figure: go.Figure, xy: np.ndarray, members: np.ndarray, name: str, colour: str | None, named: bool) -> None:
    """Add the images of one class, faint without a colour, and, if it is to be named, its name at their median."""
    marker = {"color": colour or NEUTRAL, "size": 5 if xy.shape[1] == 2 else 2.5, "opacity": 0.9 if colour else FAINT}
    scatter(
        figure, xy[members], mode="markers", name=name, legendgroup=name, marker=marker, customdata=members,
        showlegend=colour is not None,
        hovertemplate=f"{'a ' if name.isdecimal() else ''}{name}<extra></extra>",
    )  # fmt: skip
    if not named:
        return
    over = np.median(xy[members], axis=0, keepdims=True)
    if xy.shape[1] == 2:
        over[0, 1] = np.percentile(xy[members, 1], 97)  # above the images, not on them
    scatter(
        figure, over, mode="text", text=f"<b>{name}</b>", textfont={"size": 17}, textposition="top center",
        legendgroup=name, showlegend=False, hoverinfo="skip", **({"cliponaxis": False} if xy.shape[1] == 2 else {}),
    )  # fmt: skip


def scatter(figure: go.Figure, points: np.ndarray, **style: Any) -> None:
    """Add points (n, k), k = 2 or 3, to a figure."""
    if points.shape[1] == 2:
        figure.add_scatter(x=points[:, 0], y=points[:, 1], **style)
    else:
        figure.add_scatter3d(x=points[:, 0], y=points[:, 1], z=points[:, 2], **style)


def _axes_2d(figure: go.Figure, titles: list[str]) -> go.Figure:
    plain: dict[str, Any] = {"showticklabels": False, "zeroline": False, "showgrid": False, "ticks": ""}
    x, y = titles or ("", "")
    figure.update_xaxes(**plain, title={"text": x, "standoff": 4})
    return figure.update_yaxes(**plain, title={"text": y, "standoff": 4}, scaleanchor="x", scaleratio=1)


def _eye(xyz: np.ndarray) -> dict[str, float]:
    """Return where the camera stands, so far off that the whole box of the images xyz (n, 3) is seen.

    With the aspect mode "data" the sides of the box have the proportions of the data, and a product of 1.
    """
    spans = np.ptp(xyz, axis=0).astype(np.float64)
    spans = np.where(spans > 0, spans, max(spans.max(), 1))
    sides = spans / spans.prod() ** (1 / 3)
    return dict.fromkeys("xyz", EYE * float(np.linalg.norm(sides)) / 3**0.5)


def _axes_3d(figure: go.Figure, titles: list[str], eye: dict[str, float]) -> go.Figure:
    names = titles or ["", "", ""]
    plain: dict[str, Any] = {"showticklabels": False, "showbackground": False, "showspikes": False, "zeroline": False}
    plain |= {"gridcolor": NEUTRAL, "title": {"font": {"size": 11}}}
    axes = {
        f"{axis}axis": {**plain, "title": {"text": name, "font": {"size": 11}}}
        for axis, name in zip("xyz", names, strict=True)
    }
    return figure.update_layout(
        scene={"aspectmode": "data", "dragmode": "orbit", "camera": {"eye": eye, "center": CENTRE}, **axes}
    )
