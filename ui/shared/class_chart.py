"""A table of the classes against each other, as a heat map."""

import plotly.graph_objects as go


def table_of_classes(heat: go.Heatmap, height: int) -> go.Figure:
    """Draw a heat map as a table of squares, `height` px high: the classes above and, from above, at the left."""
    figure = go.Figure(heat).update_layout(height=height, margin={"l": 8, "r": 8, "t": 8, "b": 8})
    figure.update_xaxes(type="category", fixedrange=True, side="top", ticks="", constrain="domain")
    return figure.update_yaxes(type="category", fixedrange=True, autorange="reversed", ticks="", scaleanchor="x")
