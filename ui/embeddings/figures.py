"""The figures beside the map: how well the classes are separated, and the distances between them."""

from concurrent.futures import Future

import numpy as np
import streamlit as st

from siamese_core.projection import quality
from ui.embeddings import charts, layouts, network_space
from ui.embeddings.layouts import View
from ui.embeddings.network_space import Space
from ui.embeddings.words import doubtful_words
from ui.shared import resources
from ui.shared.chart import show_chart
from ui.shared.class_chart import about_few, in_table
from ui.shared.events import events
from ui.shared.state import state
from ui.shared.table import show_table
from ui.shared.thumbnails import PAIR_SIZE, show_strip, side_by_side
from ui.shared.two_classes import choose_two

PAIRS = 8
NOTHING = "–"  # instead of a figure
POLL = 0.5  # seconds between two looks at what is being measured
ROWS = (
    ("silhouette", "Silhouette (classes apart), full space"),
    ("silhouette_map", "Silhouette (classes apart), map"),
    ("one_nn", "1-NN accuracy (the nearest is of the class)"),
    ("ten_nn", "10-NN accuracy (most of ten nearest are)"),
    ("trustworthiness", "Trustworthiness (neighbours kept), map"),
)
MEANING = """
- **Full space**: the distances between whole embeddings, all their numbers. The map shows only a part of it.
- **Silhouette**: 1 if every {one} lies close to its own class and far from the others, 0 if classes overlap.
- **k-NN accuracy** (k nearest neighbours): how often most of a {one}'s k nearest in full space are of its class.
- **Trustworthiness**: 1 if the ten nearest of each {one} on the map are its nearest in full space too.
- **Doubtful**: {doubtful}
"""


def figures(shown: list[View]) -> None:
    """Draw a table of how well the classes are separated, with a column for each map; the worker measures it."""
    st.markdown("**How well the classes are separated**")
    found = [layouts.measures(view.space, view.layout) for view in shown]
    if all(each.done() for each in found):
        _table(shown, found)
    else:
        st.fragment(_measuring, run_every=POLL)(shown, found)
    with st.expander("What these figures mean"):
        words = network_space.words(shown[0].space)
        doubtful = doubtful_words(words)
        st.markdown(MEANING.format(one=words.one, doubtful=doubtful[:1].lower() + doubtful[1:]))


def _measuring(shown: list[View], found: "list[Future[quality.Measures]]") -> None:
    """Draw the table while something in it is missing; then run the page, which looks no more."""
    if all(each.done() for each in found):
        st.rerun()
    _table(shown, found)
    if resources.jobs().training:
        st.caption("A training is under way on this server; the missing figures come as soon as it ends.")


def _table(shown: list[View], found: "list[Future[quality.Measures]]") -> None:
    table = {
        "": [
            *(label for _, label in ROWS),
            f"Doubtful {network_space.words(shown[0].space).many} (among other classes)",
        ]
    }
    for view, each in zip(shown, found, strict=True):
        column = view.title if len(shown) > 1 else "Figure"
        doubtful = NOTHING if network_space.collapsed(view.space) else f"{network_space.doubtful(view.space).sum():,}"
        table[column] = [*_cells(each), doubtful]
    show_table(table)
    if any(each.done() and _failed(each) for each in found):
        st.caption("The process that measures ended unexpectedly. The next change on this page tries it again.")


def _cells(found: "Future[quality.Measures]") -> list[str]:
    if not found.done():
        return ["…"] * len(ROWS)
    if _failed(found):
        return [NOTHING] * len(ROWS)
    numbers = found.result()._asdict()
    return [_cell(key, numbers[key]) for key, _ in ROWS]


def _cell(key: str, number: float) -> str:
    if not np.isfinite(number):
        return NOTHING
    return f"{number:.2%}" if key.endswith("nn") else f"{number:.3f}"


def _failed(found: "Future[quality.Measures]") -> bool:
    return found.cancelled() or found.exception() is not None


@st.fragment
def class_table(view: View) -> None:
    """Draw the mean distances between the classes, and the closest pairs of the two classes clicked."""
    of = view.space
    clicked = events(["classes"], "class_events").clicked
    names = network_space.shown(of).digits.class_names
    if clicked and {clicked.get("x"), clicked.get("y")} <= set(names):
        state().cell = names.index(clicked["y"]), names.index(clicked["x"])
    st.subheader("How far apart the classes lie", anchor=False)
    left, right = st.columns(2, gap="medium")
    distances = network_space.class_distances(of)
    with left:
        few = in_table(-distances)
        show_chart(
            charts.class_table(distances[np.ix_(few, few)], [names[i] for i in few]), "classes",
            "The mean distances between classes, as a table",
        )  # fmt: skip
        st.caption(
            about_few(len(names), "lie nearest to each other")
            + "Mean distances in full space; on the diagonal, from upper left to lower right, between images of one "
            "class. Click a cell to see the closest pairs of its two classes."
        )
    with right:
        _closest(of, choose_two(names, state().cell or _closest_classes(distances), "closest"))


def _closest(of: Space, cell: tuple[int, int]) -> None:
    """Draw the closest pairs of two classes."""
    a, b = cell
    shown = network_space.shown(of)
    names = shown.digits.class_names
    near = quality.closest_pairs(network_space.embeddings(of), shown.digits.labels, a, b, PAIRS)
    with st.container(key="closest_pairs", gap="small"):
        of_digits = network_space.words(of).one == "digit"
        of_both = f"a {names[a]} and a {names[b]}" if of_digits else f"{names[a]} and {names[b]}"
        st.markdown(f"**The closest pairs of {of_both}**, with their distances")
        if network_space.collapsed(of):
            st.caption("All pairs are at distance 0: none is closer than another.")
            return
        if not len(near.left):
            st.caption(f"There is no such pair among the {network_space.words(of).many} shown.")
            return
        both = side_by_side(shown.digits.images[near.left], shown.digits.images[near.right])
        words = [f"{d:.3f}" for d in near.distances]
        for row in (slice(0, PAIRS // 2), slice(PAIRS // 2, PAIRS)):
            if words[row]:
                show_strip(both[row], words[row], PAIR_SIZE)


def _closest_classes(distances: np.ndarray) -> tuple[int, int]:
    """Return the two different classes with the smallest mean distance."""
    apart = np.where(np.eye(len(distances), dtype=bool) | np.isnan(distances), np.inf, distances)
    a, b = np.unravel_index(apart.argmin(), apart.shape)
    return int(a), int(b)
