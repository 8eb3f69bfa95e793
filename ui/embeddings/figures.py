"""The figures beside the map: how well the classes are separated, the distances between them, and the downloads."""

from collections.abc import Callable
from concurrent.futures import Future

import numpy as np
import streamlit as st

from siamese_core.projection import quality
from siamese_core.projection.export import metadata_tsv, vectors_tsv
from ui.embeddings import charts, network_space
from ui.embeddings.events import events
from ui.embeddings.network_space import Space, View
from ui.shared import resources
from ui.shared.state import state
from ui.shared.thumbnails import PAIR_SIZE, show_strip, side_by_side

PAIRS = 8
POLL = 0.5  # seconds between two looks at what is being measured
ROWS = (
    ("silhouette", "Silhouette, full space"),
    ("silhouette_map", "Silhouette, map"),
    ("one_nn", "1-NN accuracy, full space"),
    ("ten_nn", "10-NN accuracy, full space"),
    ("trustworthiness", "Trustworthiness, map"),
)
MEANING = (
    "Silhouette: 1 if every digit lies close to its own class and far from the others, 0 if classes overlap. k-NN "
    "accuracy: how often most of a digit's k neighbours are of its class. Trustworthiness: 1 if a digit's ten "
    "neighbours on the map are its neighbours in full space too. Doubtful: most of its ten neighbours in full space "
    "are of other classes."
)


def figures(shown: list[View]) -> None:
    """Draw a table of how well the classes are separated, with a column for each map; the worker measures it."""
    st.markdown("**How well the classes are separated**", help=MEANING)
    found = [network_space.measures(view.space, view.layout) for view in shown]
    if all(each.done() for each in found):
        _table(shown, found)
    else:
        st.fragment(_measuring, run_every=POLL)(shown, found)


def _measuring(shown: list[View], found: "list[Future[quality.Measures]]") -> None:
    """Draw the table while something in it is missing; then run the page, which looks no more."""
    if all(each.done() for each in found):
        st.rerun()
    _table(shown, found)
    if resources.jobs().training:
        st.caption("A training is under way on this server; the missing figures come as soon as it ends.")


def _table(shown: list[View], found: "list[Future[quality.Measures]]") -> None:
    table = {"": [*(label for _, label in ROWS), "Doubtful digits"]}
    for view, each in zip(shown, found, strict=True):
        column = view.title if len(shown) > 1 else "Figure"
        table[column] = [*_cells(each), f"{network_space.doubtful(view.space).sum():,}"]
    st.table(table)
    if any(each.done() and _failed(each) for each in found):
        st.caption("The process that measures ended unexpectedly. The next change on this page tries it again.")


def _cells(found: "Future[quality.Measures]") -> list[str]:
    if not found.done():
        return ["…"] * len(ROWS)
    if _failed(found):
        return ["–"] * len(ROWS)
    numbers = found.result()._asdict()
    return [f"{numbers[key]:.2%}" if key.endswith("nn") else f"{numbers[key]:.3f}" for key, _ in ROWS]


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
    with left:
        distances = network_space.class_distances(of)
        st.plotly_chart(charts.class_table(distances, names), key="classes", config={"displayModeBar": False})
        st.caption(
            "Mean distances in full space; on the diagonal, between digits of one class. Click a cell to see the "
            "closest pairs of its two classes."
        )
    with right:
        _closest(of, state().cell or _closest_classes(distances))


def exports(view: View) -> None:
    """Draw the downloads: vectors and metadata for the Embedding Projector, and the map."""
    of = view.space
    st.subheader("Download", anchor=False)
    with st.container(horizontal=True, gap="small"):
        _download(
            "Vectors (TSV)",
            lambda: vectors_tsv(network_space.embeddings(of)),
            "vectors.tsv",
            "text/tab-separated-values",
        )
        _download("Metadata (TSV)", lambda: _metadata(of), "metadata.tsv", "text/tab-separated-values")
        _download("Map (HTML)", lambda: _html(view), "map.html", "text/html")
    st.caption(
        "Load the two TSV files in the [Embedding Projector](https://projector.tensorflow.org). For the map as PNG, "
        "press the camera at its upper right corner. None of these files holds your drawings."
    )


def _closest(of: Space, cell: tuple[int, int]) -> None:
    """Draw the closest pairs of two classes."""
    a, b = cell
    shown = network_space.shown(of)
    names = shown.digits.class_names
    near = quality.closest_pairs(network_space.embeddings(of), shown.digits.labels, a, b, PAIRS)
    with st.container(key="closest_pairs", gap="small"):
        st.markdown(f"**The closest pairs of a {names[a]} and a {names[b]}**, with their distances")
        if not len(near.left):
            st.caption("There is no such pair among the digits shown.")
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


def _download(label: str, make: Callable[[], bytes], name: str, mime: str) -> None:
    st.download_button(label, make, file_name=name, mime=mime, icon=":material/download:", on_click="ignore")


def _html(view: View) -> bytes:
    digits, at = network_space.shown(view.space).digits, view.layout
    figure = charts.space_map(at.xy, digits.labels, digits.class_names, at.explained)
    return figure.update_layout(title=view.title, margin={"t": 60}, height=None).to_html(include_plotlyjs=True).encode()


def _metadata(of: Space) -> bytes:
    shown = network_space.shown(of)
    return metadata_tsv(shown.digits.labels, shown.indices, of.split, network_space.doubtful(of))
