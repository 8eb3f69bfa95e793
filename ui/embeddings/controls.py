"""What a visitor may choose on the Embeddings page; the link carries it."""

from typing import Any, NamedTuple

import streamlit as st

from siamese_core.projection.umap_map import MIN_DISTS, MOST_NEIGHBOURS, MapSettings
from ui.embeddings.network_space import UNTRAINED, Method, Split
from ui.shared.state import set_link, take_from_link

SIZES = (1_000, 2_000, 3_000, 4_000)
NONE = "nothing"


class Choice(NamedTuple):
    """What is chosen."""

    method: Method
    settings: MapSettings
    size: int
    split: Split
    beside: str  # another network, "" for none
    doubtful: bool


def controls(network: str, others: dict[str, str]) -> Choice:
    """Draw the controls; others: what may stand beside the network, by name, as it is called."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        method = st.segmented_control("Map", ["PCA", "UMAP"], default="PCA", required=True, **_named("method"))
        axes = st.segmented_control("Axes", ["2-D", "3-D"], default="2-D", required=True, **_named("axes"))
        size = st.select_slider("Digits", SIZES, value=2_000, format_func="{:,}".format, width=180, **_named("digits"))
        names = {NONE: NONE, UNTRAINED + network: "the same network, untrained", **others}
        take_from_link("against", names)
        beside = st.selectbox(
            "Beside it", list(names), format_func=names.__getitem__, width=280, key="against", persist_state="session"
        )
        set_link({} if beside == NONE else {"against": beside}, ["against"])
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        doubts = st.toggle("Show the doubtful ones", **_named("doubtful"))
        with st.popover("More", icon=":material/tune:"):
            split, settings = _more(method, axes)
    return Choice(method, settings, size, split, "" if beside == NONE else beside, doubts)


def _more(method: Method, axes: str) -> tuple[Split, MapSettings]:
    split = st.segmented_control("Which digits", ["test", "training"], default="test", required=True, **_named("split"))
    st.caption("Training digits are those that the network was trained on: it knows them by heart.")
    usual = MapSettings()
    umap = method == "UMAP"
    neighbours = st.slider(
        "UMAP: neighbours", 2, MOST_NEIGHBOURS, usual.neighbours, disabled=not umap, **_named("neighbours")
    )
    st.caption("To how many nearest digits each is tied. Few show fine threads, many the large shape.")
    low, high = MIN_DISTS
    min_dist = st.slider("UMAP: min_dist", low, high, usual.min_dist, 0.05, disabled=not umap, **_named("min_dist"))
    st.caption("How near digits may lie on the map. UMAP's seed is fixed: the same link shows the same map.")
    return split, MapSettings(neighbours, round(min_dist, 2), 3 if axes == "3-D" else 2)


def _named(name: str) -> dict[str, Any]:
    return {"key": name, "bind": "query-params", "persist_state": "session"}
