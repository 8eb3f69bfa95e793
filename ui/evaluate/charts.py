"""The charts of the Evaluate page: curves in, Plotly figures out. In each a point stands at the threshold."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from siamese_core.metrics import curves as rates
from siamese_core.metrics.curves import Curves
from siamese_core.metrics.reliability import Reliability
from siamese_core.metrics.resampling import EerInterval
from siamese_core.metrics.robustness import Robustness
from siamese_core.metrics.verification import is_same
from ui.shared.class_chart import MOST_WRITTEN, in_table, table_of_classes
from ui.shared.colours import DIFFERENT, NEUTRAL, SAME
from ui.shared.distance_chart import distance_scale
from ui.shared.words import DIGITS, Words

HEIGHT = 300  # px
MATRIX_HEIGHT = 420  # px
LEAST_SHOWN = 5e-5  # a rate in the table of errors
LEAST_FAR = 1e-6  # at the left end of a logarithmic axis
ACCURACY, PRECISION, RECALL = "#3b82c4", "#c9962b", "#b07cc6"


def histogram(curves: Curves, threshold: float, pair: float | None, words: Words = DIGITS) -> go.Figure:
    """Draw how the distances of all test pairs spread, with the threshold, and the visitor's own pair."""
    end = float(curves.thresholds[-1])
    figure = distance_scale(rates.histogram(curves), threshold, end, words)
    if pair is not None:
        colour = SAME if is_same(pair, threshold) else DIFFERENT
        x = min(pair, end)
        figure.add_vline(x, line={"color": colour, "width": 2})
        figure.add_annotation(
            x=x, y=1, yref="paper", text=f"your pair {pair:.2f}", showarrow=False,
            xanchor="left" if x < end / 2 else "right", xshift=6 if x < end / 2 else -6, yanchor="top",
        )  # fmt: skip
    return figure.update_layout(height=HEIGHT)


def far_and_frr(curves: Curves, meet: EerInterval, at: int, logarithmic: bool) -> go.Figure:
    """Draw FAR and FRR over the threshold, and where they meet."""
    x, far, frr = curves.thresholds, rates.far(curves), rates.frr(curves)
    figure = go.Figure()
    _line(figure, x, far, "FAR", DIFFERENT)
    _line(figure, x, frr, "FRR", SAME)
    _point(figure, x[at], far[at], DIFFERENT)
    _point(figure, x[at], frr[at], SAME)
    figure.add_scatter(
        x=[meet.threshold], y=[meet.rate], mode="markers+text", text=[f"EER {meet.rate:.2%}"], showlegend=False,
        textposition="top left" if meet.threshold > x[-1] / 4 else "top right", hoverinfo="skip",
        marker={"color": NEUTRAL, "size": 8, "symbol": "diamond"},
    )  # fmt: skip
    if logarithmic:
        figure.update_yaxes(type="log", tickformat=".0e", range=[np.log10(LEAST_FAR), 0.05])
    else:
        figure.update_yaxes(tickformat=".0%", range=[-0.02, 1.04])
    return _framed(figure, "threshold")


def roc(curves: Curves, at: int, logarithmic: bool) -> go.Figure:
    """Draw the share of genuine pairs accepted over the share of impostor pairs accepted."""
    far, recall = rates.far(curves), rates.recall(curves)
    shown = np.maximum(far, LEAST_FAR) if logarithmic else far
    figure = go.Figure()
    _line(figure, shown, recall, "", ACCURACY)
    _point(figure, shown[at], recall[at], ACCURACY)
    figure.add_annotation(
        x=1, y=0.02, xref="paper", yref="paper", text=f"AUC {rates.auc(curves):.5f}", showarrow=False, xanchor="right"
    )
    figure.update_xaxes(
        type="log" if logarithmic else "linear",
        range=[np.log10(LEAST_FAR), 0] if logarithmic else [-0.02, 1.02],
        tickformat=".0e" if logarithmic else ".0%",
    )
    figure.update_yaxes(tickformat=".0%", title="genuine pairs accepted", range=[-0.02, 1.04])
    return _framed(figure, "FAR: impostor pairs accepted", legend=False)


def accuracies(curves: Curves, share: float, at: int) -> go.Figure:
    """Draw accuracy, precision and recall over the threshold, for a share of same pairs."""
    figure = go.Figure()
    for name, values, colour in (
        ("accuracy", rates.accuracy(curves, share), ACCURACY),
        ("precision", rates.precision(curves, share), PRECISION),
        ("recall", rates.recall(curves), RECALL),
    ):
        _line(figure, curves.thresholds, values, name, colour)
        _point(figure, curves.thresholds[at], values[at], colour)
    figure.update_yaxes(tickformat=".0%", range=[-0.02, 1.04])
    return _framed(figure, "threshold")


def reliability(found: Reliability) -> go.Figure:
    """Draw how often pairs are the same over how probable the network calls that; larger points hold more pairs."""
    figure = go.Figure()
    figure.add_scatter(x=[0, 1], y=[0, 1], mode="lines", line={"color": NEUTRAL, "dash": "dash"}, hoverinfo="skip")
    figure.add_scatter(
        x=found.predicted, y=found.observed, mode="markers+lines", line={"color": ACCURACY, "width": 1},
        marker={"color": ACCURACY, "size": 6 + 18 * np.sqrt(found.weight)}, customdata=found.weight,
        hovertemplate="said %{x:.1%}, is %{y:.1%}<br>%{customdata:.2%} of the pairs<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(tickformat=".0%", range=[-0.06, 1.06])
    figure.update_yaxes(tickformat=".0%", range=[-0.06, 1.06], title="are the same")
    return _framed(figure, "probability of same, as the network says it", legend=False)


def matrix(curves: Curves, threshold: float, names: Sequence[str]) -> go.Figure:
    """Draw the errors of each two classes: FAR off the diagonal, FRR on it, in percent; of many the most mistaken."""
    errors = rates.errors_by_class(curves, threshold)
    few = in_table(errors)
    errors, shown = errors[np.ix_(few, few)], [names[i] for i in few]
    heat = go.Heatmap(
        z=errors, x=shown, y=shown, text=_percents(errors),
        texttemplate="%{text}" if len(shown) <= MOST_WRITTEN else None, textfont={"size": 10},
        colorscale="Oranges", showscale=False, xgap=1, ygap=1, zmin=0,
        hovertemplate="%{y} and %{x}: %{z:.3%}<extra></extra>",
    )  # fmt: skip
    return table_of_classes(heat, MATRIX_HEIGHT)


def drift(found: Robustness, threshold: float, unit: str) -> go.Figure:
    """Draw how far distorted digits lie from themselves, the middle half as a band, and where the verdict flips."""
    figure = go.Figure()
    low, _, high = found.quartiles.T
    both = np.concatenate([found.amounts, found.amounts[::-1]])
    figure.add_scatter(
        x=both, y=np.concatenate([high, low[::-1]]), fill="toself", mode="none", fillcolor="rgba(59, 130, 196, 0.2)",
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    _line(figure, found.amounts, found.distance, "distance to itself", ACCURACY)
    figure.add_hline(threshold, line={"color": NEUTRAL, "dash": "dash"})
    if found.flip is not None:
        figure.add_vline(found.flip, line={"color": DIFFERENT, "width": 2})
        figure.add_annotation(
            x=found.flip, y=1, yref="paper", text=f"flips at {found.flip:g}", showarrow=False, yanchor="bottom"
        )
    figure.update_yaxes(rangemode="tozero", title="distance to itself")
    return _framed(figure, unit, legend=False)


def errors(found: Robustness, unit: str) -> go.Figure:
    """Draw the share of wrong verdicts over the amount, with 95 % intervals."""
    rate = np.array([each.rate for each in found.errors])
    bars = {
        "array": [each.high - each.rate for each in found.errors],
        "arrayminus": [each.rate - each.low for each in found.errors],
    }
    figure = go.Figure(
        go.Scatter(
            x=found.amounts, y=rate, mode="lines+markers", line={"color": DIFFERENT, "width": 2},
            error_y={"type": "data", "symmetric": False, "color": NEUTRAL, "thickness": 1, **bars},
            hovertemplate="%{x:g}: %{y:.1%} wrong<extra></extra>",
        )
    )  # fmt: skip
    figure.update_yaxes(tickformat=".0%", rangemode="tozero", title="wrong verdicts")
    return _framed(figure, unit, legend=False)


def _line(figure: go.Figure, x: np.ndarray, y: np.ndarray, name: str, colour: str) -> None:
    figure.add_scatter(x=x, y=y, name=name, mode="lines", line={"color": colour, "width": 2})


def _point(figure: go.Figure, x: float, y: float, colour: str) -> None:
    marker = {"color": colour, "size": 11, "line": {"color": "#ffffff", "width": 2}}
    figure.add_scatter(x=[x], y=[y], mode="markers", marker=marker, showlegend=False, hoverinfo="skip")


def _percents(rates_: np.ndarray) -> list[list[str]]:
    return [["" if not rate >= LEAST_SHOWN else f"{100 * rate:.2f}" for rate in row] for row in rates_]


def _framed(figure: go.Figure, x: str, legend: bool = True) -> go.Figure:
    figure.update_xaxes(title=x, fixedrange=True, showgrid=False, zeroline=False)
    figure.update_yaxes(fixedrange=True, zeroline=False)
    return figure.update_layout(
        height=HEIGHT, margin={"l": 8, "r": 8, "t": 30, "b": 8}, showlegend=legend, hovermode="closest",
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
    )  # fmt: skip
