"""How far apart the symbols lie: the map with the drawing in it, and what is easily confused."""

import numpy as np
import streamlit as st

from siamese_core.datasets.symbols import Symbols, examples_of
from siamese_core.metrics.one_shot import Limit, between_classes, confusable, fit_limit
from ui.shared.chart import show_chart
from ui.shared.resources import Loaded
from ui.symbols import charts
from ui.symbols.symbol_set import embeddings, plain

MOST_WARNED = 5  # pairs named
MAP, TABLE = "symbol_map", "symbol_table"  # keys of the charts


def space(loaded: Loaded, taught: Symbols, asked: np.ndarray | None) -> None:
    """Draw the map of all examples, and of a drawing with the embedding (d,) among them."""
    st.subheader("Where they lie", anchor=False)
    examples, labels = examples_of(taught)
    if len(examples) + (asked is not None) < charts.LEAST_POINTS:
        st.caption(f"The map comes with {charts.LEAST_POINTS} drawings, yours to ask among them.")
        return
    names = [symbol.name for symbol in taught]
    alt = "A map of all examples, by their names" + (", and your drawing as a star" if asked is not None else "")
    show_chart(charts.symbol_map(embeddings(loaded.model, examples), labels, names, asked), MAP, alt)
    unnamed = " Point at a dot for its name." if len(taught) > charts.MOST_NAMED else ""
    st.caption(f"PCA: near means alike, as far as two dimensions can show. ★ is your drawing.{unnamed}")


def confusions(loaded: Loaded, taught: Symbols) -> None:
    """Draw the distances between the symbols, and a warning of those that look alike to the network."""
    if len(taught) < 2:
        return
    examples, labels = examples_of(taught)
    embedded = embeddings(loaded.model, examples)
    table, limit = (
        between_classes(embedded, labels),
        fit_limit(embedded, labels, loaded.model.fit_for(symbols=True).threshold),
    )
    _warn(taught, table, limit)
    with st.expander("How far apart they are", icon=":material/grid_on:"):
        if len(taught) > charts.MOST_IN_TABLE:
            st.markdown(_nearest_others(taught, table))
            return
        names = [symbol.name for symbol in taught]
        show_chart(charts.distance_table(table, names, limit.distance), TABLE, "The distance between each two symbols")
        st.caption(
            "Between the nearest examples of two symbols; on the diagonal between the farthest of one. The darkest "
            f"are within the limit of {limit.distance:.2f}."
        )


def _nearest_others(taught: Symbols, table: np.ndarray) -> str:
    """Return a list in Markdown of the symbol that each one is nearest to, the nearest first; it fits a phone."""
    apart = np.where(np.eye(len(taught), dtype=bool), np.inf, table)
    nearest, distances = apart.argmin(axis=1), apart.min(axis=1)
    rows = [
        f"- **{plain(taught[i].name)}** is most like {plain(taught[nearest[i]].name)}: {distances[i]:.3f}"
        for i in np.argsort(distances, kind="stable")
    ]
    return "\n".join(rows)


def _warn(taught: Symbols, table: np.ndarray, limit: Limit) -> None:
    pairs = confusable(table, limit.distance)
    if not pairs:
        return
    named = [
        f"**{plain(taught[i].name)}** and **{plain(taught[j].name)}** ({apart:.2f})"
        for i, j, apart in pairs[:MOST_WARNED]
    ]
    more = f" and {len(pairs) - MOST_WARNED} more pairs" if len(pairs) > MOST_WARNED else ""
    what = "These two look" if len(pairs) == 1 else "These look"
    st.warning(f"{what} alike to the network: {', '.join(named)}{more}.", icon=":material/compare_arrows:")
