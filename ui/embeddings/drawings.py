"""The visitor's two drawings on the Embeddings page: the canvas, their distance, and whether the map misleads."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from siamese_core.metrics.distances import distance, nearest
from siamese_core.projection.quality import comparable, misleading
from ui.embeddings import layouts, network_space
from ui.embeddings.layouts import Layout
from ui.embeddings.network_space import Space
from ui.embeddings.words import meaningless
from ui.shared import in_use
from ui.shared.canvas import both_seen, one_canvas
from ui.shared.state import SIDES, SideName, state
from ui.shared.thumbnails import show_strip, strip_width

NEAREST = 3  # digits shown beside a drawing
TILE = (60, 60)  # px
DISTANCE = (
    "In full space: between all {} numbers of the two embeddings. On the map, distances are in the map's own unit."
)


class Drawings(NamedTuple):
    """The drawings that hold a digit, at most two."""

    names: list[SideName]
    digits: np.ndarray  # (m, side, side) float32
    complaint: str  # about a drawing that holds no digit, "" if there is none


def canvas_panel(place: str) -> Drawings:
    """Draw the canvas of the chosen side, and return the drawings of both sides.

    place: names where on the page the canvas stands; when it moves, the browser builds it anew.
    """
    chosen = st.segmented_control(
        "Your drawing", SIDES, default="left", required=True, format_func=str.capitalize, key="side",
        persist_state="session", help="The same two drawings as on Compare.",
    )  # fmt: skip
    one_canvas(chosen, place)
    *both, complaint = both_seen()
    found = {name: each.digit for name, each in zip(SIDES, both, strict=True) if each}
    side = in_use.sight(state().network).side
    digits = np.array(list(found.values()), np.float32).reshape(-1, side, side)
    return Drawings(list(found), digits, complaint)


def describe(of: Space, at: Layout, drawings: Drawings, embedded: np.ndarray, stars: np.ndarray) -> None:
    """Describe drawings with embeddings (m, d), at stars (m, k) on the map: their distance, and what to beware of."""
    with st.container(key="drawings_told", gap="small"):
        words = network_space.words(of)
        if drawings.complaint:
            st.warning(drawings.complaint, icon=":material/draw:")
        if not len(drawings.names):
            st.caption(f"Draw a {words.one}: it appears as a star on the map. The map itself does not change.")
            return
        for name, far in zip(drawings.names, network_space.unlike(of, embedded), strict=True):
            if far:
                st.warning(
                    f"The {name} drawing is unlike any {words.one} the network knows: its place on the map means "
                    "little.",
                    icon=":material/help:",
                )
        if len(drawings.names) == 2:
            _describe_distance(of, at, embedded, stars)
        else:
            st.caption("Draw on the other side too, to see the distance between the two.")


def nearest_digits(of: Space, drawings: Drawings, embedded: np.ndarray) -> None:
    """Draw the digits nearest to each drawing in full space."""
    with st.container(horizontal=True, gap="medium"):
        for name, each in zip(drawings.names, embedded, strict=True):
            with st.container(width=strip_width(NEAREST, TILE[0]), gap="xsmall"):
                _nearest(of, name, each)


def _describe_distance(of: Space, at: Layout, embedded: np.ndarray, stars: np.ndarray) -> None:
    full, here = float(distance(embedded[:1], embedded[1:])[0]), float(distance(stars[:1], stars[1:])[0])
    bounds = layouts.misleading_bounds(of, at)
    st.metric("Distance", f"{full:.3f}", help=DISTANCE.format(embedded.shape[1]))
    if not comparable(bounds):
        st.caption(meaningless(network_space.words(of)))
        return
    how = misleading(here, full, bounds)
    figures = (
        f"Their distance is {here:.3g} on this map and {full:.3f} in full space. Images of the same "
        f"{network_space.words(of).kind} are usually within {bounds.map.same:.3g} on this map and within "
        f"{bounds.full.same:.3f} in full space."
    )
    if how:
        title = "Near on the map, far in full space" if how == "near here" else "Far on the map, near in full space"
        st.warning(f"**{title}.** {figures}", icon=":material/visibility_off:")
    else:
        st.caption(f"The map does not mislead about these two. {figures}")


def _nearest(of: Space, name: str, embedded: np.ndarray) -> None:
    digits = network_space.shown(of).digits
    near = nearest(embedded[None], network_space.embeddings(of), NEAREST)
    words = [
        f"{digits.class_names[digits.labels[i]]} · {d:.2f}"
        for i, d in zip(near.indices[0], near.distances[0], strict=True)
    ]
    st.caption(f"★ {name.capitalize()}: nearest in full space")
    show_strip(digits.images[near.indices[0]], words, TILE)
