"""The controls of the Embeddings page; the page's link carries their values."""

from typing import Any, NamedTuple

import streamlit as st

from siamese_core.projection.umap_map import MIN_DISTS, MOST_NEIGHBOURS, MapSettings
from ui.embeddings.layouts import Method
from ui.embeddings.network_space import UNTRAINED, Split
from ui.embeddings.words import SEED, doubtful_words
from ui.shared import in_use
from ui.shared.link import note, set_link, take, take_option
from ui.shared.plain import plain

SIZES = (1_000, 2_000, 3_000, 4_000)
NONE = "nothing"
METHODS = "PCA shows the directions in which the embeddings differ most. UMAP keeps neighbours together."
BESIDE = "A second network's map of the same digits. Untrained: as it was before it had learned anything."
GONE = "The network that this link puts beside the first is not here, or not any more: a run is kept for a while only."


class Choice(NamedTuple):
    """The values of the controls."""

    method: Method
    settings: MapSettings
    size: int
    split: Split
    beside: str  # name of the network beside the first, "" for none
    doubtful: bool  # whether doubtful digits are marked


LINKED: dict[str, tuple[Any, ...]] = {  # the other parameters of the link, and what they may be; a pair is a range
    "method": ("PCA", "UMAP"),
    "axes": ("2-D", "3-D"),
    "digits": tuple(f"{size:,}" for size in SIZES),
    "doubtful": ("true", "false"),
    "split": ("test", "training"),
    "neighbours": (2, MOST_NEIGHBOURS),
    "min_dist": MIN_DISTS,
}


def controls(network: str, others: dict[str, str]) -> Choice:
    """Draw the controls and return their values; others: titles by name of the networks that can stand beside it."""
    _note_what_cannot_be_used()
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        method = st.segmented_control(
            "Map", ["PCA", "UMAP"], default="PCA", required=True, help=METHODS, **_widget_options("method")
        )
        axes = st.segmented_control("Axes", ["2-D", "3-D"], default="2-D", required=True, **_widget_options("axes"))
        size = st.select_slider(
            in_use.words().many.capitalize(),
            SIZES,
            value=2_000,
            format_func="{:,}".format,
            width=180,
            **_widget_options("digits"),
        )
        titles = {NONE: NONE, UNTRAINED + network: "the same network, untrained", **others}
        take_option("against", titles, GONE)
        beside = st.selectbox(
            "Beside it", list(titles), format_func=titles.__getitem__, width=280, help=BESIDE, key="against",
            persist_state="session",
        )  # fmt: skip
        set_link({} if beside == NONE else {"against": beside}, ["against"])
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        words = in_use.words()
        doubtful = st.toggle(
            f"Mark doubtful {words.many}",
            help=f"{doubtful_words(words)} A cross marks each.",
            **_widget_options("doubtful"),
        )
        with st.popover("More", icon=":material/tune:"):
            split, settings = _more_controls(method, axes)
    return Choice(method, settings, size, split, "" if beside == NONE else beside, doubtful)


def _note_what_cannot_be_used() -> None:
    """Note each parameter of the link that Streamlit, which reads it for the widgets, passes over without a word."""
    for name, allowed in LINKED.items():
        asked = take(name)
        if asked is None or _fits(asked, allowed):
            continue
        words = (
            " or ".join(map(str, allowed)) if isinstance(allowed[0], str) else "a number from {} to {}".format(*allowed)
        )
        note(f"The link's {name} is ignored: expected {words}, got “{plain(asked, 20)}”.")


def _fits(text: str, allowed: tuple[Any, ...]) -> bool:
    if isinstance(allowed[0], str):
        return text in allowed
    try:
        return bool(allowed[0] <= type(allowed[0])(text) <= allowed[1])
    except ValueError:
        return False


def _more_controls(method: Method, axes: str) -> tuple[Split, MapSettings]:
    many = in_use.words().many
    split = st.segmented_control(
        f"Which {in_use.words().many}", ["test", "training"], default="test", required=True, **_widget_options("split")
    )
    st.caption(
        f"The network was trained on the training {in_use.words().many}, and knows them by heart. The test "
        f"{in_use.words().many} are new to it."
    )
    defaults = MapSettings()
    umap = method == "UMAP"
    neighbours = st.slider(
        "UMAP: neighbours", 2, MOST_NEIGHBOURS, defaults.neighbours, disabled=not umap, **_widget_options("neighbours")
    )
    st.caption(
        f"How many nearest {many} each {in_use.words().one} is linked to. Few show fine detail, many the overall shape."
    )
    low, high = MIN_DISTS
    min_dist = st.slider(
        "UMAP: least distance (min_dist)",
        low,
        high,
        defaults.min_dist,
        0.05,
        disabled=not umap,
        **_widget_options("min_dist"),
    )
    st.caption(f"How close {many} may lie on the map. {SEED}")
    return split, MapSettings(neighbours, round(min_dist, 2), 3 if axes == "3-D" else 2)


def _widget_options(name: str) -> dict[str, Any]:
    return {"key": name, "bind": "query-params", "persist_state": "session"}
