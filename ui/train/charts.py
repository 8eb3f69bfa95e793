"""The charts of a training: arrays in, Plotly figures out."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from siamese_core.training.monitor import Frame, Point
from ui.shared.colours import NEUTRAL, class_colours, text_on
from ui.shared.distance_chart import distance_scale
from ui.shared.words import DIGITS, Words

TRAINING, VALIDATION = NEUTRAL, "#3b82c4"  # of the losses
AT_THRESHOLD, AT_HALF_MARGIN = "#b0821f", "#b07cc6"  # of the accuracies; both charts share one legend
ARTICLE_ACCURACY = 0.968  # what the article claims for its validation pairs
ROOM, SHORT = 1.2, 2  # times the reach of the images, for names of more characters
MOST_NAMED = 30  # classes; the names of more would hide the map
MAP_HEIGHT, CURVES_HEIGHT, SPREAD_HEIGHT = 440, 440, 240


def curves(
    points: Sequence[Point], epochs: int, others: Mapping[str, Sequence[Point]], article: bool = True
) -> go.Figure:
    """Draw the losses of a run by epoch and, below them, its pair accuracies; other runs are thin lines.

    article: whether the article's accuracy is to be drawn, which is of MNIST.
    """
    figure = make_subplots(2, 1, shared_xaxes=True, vertical_spacing=0.14, subplot_titles=("loss", "pair accuracy"))
    for i, (name, theirs) in enumerate(others.items()):
        style = {"color": NEUTRAL, "width": 1, "dash": ("dot", "dash", "dashdot", "longdash")[i % 4]}
        _line(figure, 1, theirs, [p.validation_loss for p in theirs], name, style, legend=False)
        _line(figure, 2, theirs, [p.validation_accuracy_at_threshold for p in theirs], name, style)
    trained = [p for p in points if p.loss is not None]
    _line(figure, 1, trained, [p.loss for p in trained], "training", {"color": TRAINING, "width": 2})
    _line(figure, 1, points, [p.validation_loss for p in points], "validation", {"color": VALIDATION, "width": 2})
    at_threshold, at_half_margin = ({"color": colour, "width": 2} for colour in (AT_THRESHOLD, AT_HALF_MARGIN))
    values = [p.validation_accuracy_at_threshold for p in points]
    _line(figure, 2, points, values, "at the fitted threshold", at_threshold)
    _line(figure, 2, points, [p.validation_accuracy for p in points], "at half the margin", at_half_margin)
    if article:
        _mark_article(figure)
    longest = max([epochs, *(p[-1].epoch for p in others.values() if p)])
    figure.update_xaxes(range=[0, longest], fixedrange=True, showgrid=False, zeroline=False)
    figure.update_xaxes(title="epoch", row=2, col=1)
    figure.update_yaxes(fixedrange=True, rangemode="tozero", row=1, col=1)
    figure.update_yaxes(fixedrange=True, range=[0.45, 1.01], tickformat=".0%", row=2, col=1)
    return _framed(figure, CURVES_HEIGHT, bottom=90).update_layout(
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": -0.2, "yanchor": "top"}, hovermode="x unified"
    )


def _mark_article(figure: go.Figure) -> None:
    figure.add_hline(ARTICLE_ACCURACY, row=2, col=1, line={"color": NEUTRAL, "width": 1, "dash": "dash"})
    figure.add_annotation(
        x=0, y=ARTICLE_ACCURACY, xref="paper", row=2, col=1, text=f"the article's {ARTICLE_ACCURACY}", showarrow=False,
        xanchor="left", yanchor="bottom", font={"size": 11},
    )  # fmt: skip


def space(frame: Frame | None, labels: np.ndarray, names: Sequence[str], unseen: Collection[str] = ()) -> go.Figure:
    """Draw the map of images with labels (n,), coloured by class, each class named at its median.

    unseen: names of the classes left out of the training, whose images are crosses.
    """
    figure = go.Figure()
    if frame is None:
        figure.add_annotation(x=0, y=0, text="The images appear here as the network learns.", showarrow=False)
        return _framed(_square(figure, 1.0), MAP_HEIGHT)
    for label, (name, colour) in enumerate(zip(names, class_colours(len(names)), strict=True)):
        xy = frame.xy[labels == label]
        if not len(xy):
            continue
        away = name in unseen
        marker = {"color": colour, "size": 6 if away else 5, "opacity": 0.9, "symbol": "x" if away else "circle"}
        figure.add_scatter(x=xy[:, 0], y=xy[:, 1], mode="markers", name=name, marker=marker, hoverinfo="name")
        if len(names) > MOST_NAMED:
            continue
        middle = np.median(xy, axis=0)
        figure.add_annotation(
            x=middle[0], y=middle[1], text=f"<b>{name}</b>", showarrow=False, bgcolor=colour, borderpad=2,
            font={"color": text_on(colour), "size": 13},
        )  # fmt: skip
    reach = float(np.abs(frame.xy).max()) * (ROOM if max(map(len, names)) > SHORT else 1)  # for the names at the rim
    return _framed(_square(figure, _round_up(reach)), MAP_HEIGHT)


def distances(frame: Frame, words: Words = DIGITS) -> go.Figure:
    """Draw the densities of the distances of genuine and impostor pairs, with the threshold."""
    end = _round_up(float(frame.spread.centres[-1]))
    return distance_scale(frame.spread, frame.threshold, end, words).update_layout(height=SPREAD_HEIGHT)


def _line(
    figure: go.Figure,
    row: int,
    points: Sequence[Point],
    values: Sequence[float | None],
    name: str,
    style: dict[str, object],
    legend: bool = True,
) -> None:
    mode = "lines+markers" if len(points) == 1 else "lines"
    trace = go.Scatter(x=[p.epoch for p in points], y=values, name=name, mode=mode, line=style, showlegend=legend)
    figure.add_trace(trace, row=row, col=1)


def _square(figure: go.Figure, reach: float) -> go.Figure:
    """Give both axes the same unit and the same range around 0, without ticks."""
    both = {"range": [-reach, reach], "fixedrange": True, "showticklabels": False, "zeroline": False, "showgrid": False}
    return figure.update_xaxes(**both).update_yaxes(**both, scaleanchor="x", scaleratio=1)


def _framed(figure: go.Figure, height: int, bottom: int = 8) -> go.Figure:
    margin = {"l": 8, "r": 8, "t": 26, "b": bottom}
    return figure.update_layout(height=height, margin=margin, showlegend=bottom > 8, uirevision="training")


def _round_up(value: float) -> float:
    """Return the next of 1, 1.2, 1.5, 2, 3, 5, 7 times a power of ten, so that an axis rarely changes."""
    if value <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(power * next(step for step in (1, 1.2, 1.5, 2, 3, 5, 7, 10) if step * power >= value * 0.999))
