"""The visitor's two drawings on the Embeddings page: a canvas, where they lie, and whether the map misleads."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from siamese_core.config import IMAGE_SIZE
from siamese_core.datasets.dataset import to_float
from siamese_core.metrics.distances import distance, nearest
from siamese_core.projection.quality import misleading
from ui.embeddings import network_space
from ui.embeddings.network_space import Layout, Space
from ui.shared.canvas import both_seen, one_canvas
from ui.shared.state import SIDES, SideName, entered
from ui.shared.thumbnails import show_strip, strip_width

NEAREST = 3  # digits shown beside a drawing
TILE = (60, 60)  # px


class Drawings(NamedTuple):
    """Those of the two drawings that hold a digit."""

    names: list[SideName]
    digits: np.ndarray  # (m, 28, 28) float32
    complaint: str  # about one that holds none


def canvas_panel(place: str) -> Drawings:
    """Draw one canvas, of the side that is chosen, and return what is drawn on both.

    place: another one when the canvas stands elsewhere on the page, for then the browser builds it anew.
    """
    side = st.segmented_control(
        "Your drawing", SIDES, default="left", required=True, format_func=str.capitalize, key="side",
        persist_state="session", help="The same two drawings as on Compare.",
    )  # fmt: skip
    one_canvas(side, entered(f"embeddings {place} {side}"))
    *both, complaint = both_seen()
    found = {name: each.digit for name, each in zip(SIDES, both, strict=True) if each}
    digits = np.array(list(found.values()), np.float32).reshape(-1, IMAGE_SIZE, IMAGE_SIZE)
    return Drawings(list(found), digits, complaint)


def tell(of: Space, at: Layout, drawings: Drawings, embedded: np.ndarray, stars: np.ndarray) -> None:
    """Say where the drawings lie, at stars (m, k) on the map: how far apart two are, and whether the map misleads."""
    with st.container(key="drawings_told", gap="small"):
        if drawings.complaint:
            st.warning(drawings.complaint, icon=":material/draw:")
        if not len(drawings.names):
            st.caption("Draw a digit: it appears on the map as a star, placed by the map as it is, not by a new one.")
            return
        for name, far in zip(drawings.names, network_space.unlike(of, embedded), strict=True):
            if far:
                st.warning(
                    f"The {name} one is unlike any digit it knows: its place says little.", icon=":material/help:"
                )
        if len(drawings.names) == 2:
            _tell_distance(of, at, embedded, stars)
        else:
            st.caption("Draw the other side too, and see how far apart the two lie.")


def nearest_digits(of: Space, drawings: Drawings, embedded: np.ndarray) -> None:
    """Draw the digits nearest to each drawing in full space."""
    with st.container(horizontal=True, gap="medium"):
        for name, each in zip(drawings.names, embedded, strict=True):
            with st.container(width=strip_width(NEAREST, TILE[0]), gap="xsmall"):
                _nearest(of, name, each)


def _tell_distance(of: Space, at: Layout, embedded: np.ndarray, stars: np.ndarray) -> None:
    full, here = float(distance(embedded[:1], embedded[1:])[0]), float(distance(stars[:1], stars[1:])[0])
    bounds = network_space.misleading_bounds(of, at)
    st.metric("Distance", f"{full:.3f}", help="In full space. On the map it is in the map's own unit.")
    word = misleading(here, full, bounds)
    told = f"On this map they lie {here:.3g} apart, in full space {full:.3f}. The same digits usually lie within "
    told += f"{bounds.map.same:.3g} here and within {bounds.full.same:.3f} in full space."
    if word:
        title = "Near here, far in full space" if word == "near here" else "Far here, near in full space"
        st.warning(f"**{title}.** {told}", icon=":material/visibility_off:")
    else:
        st.caption(f"The map does not mislead about these two. {told}")


def _nearest(of: Space, name: str, embedded: np.ndarray) -> None:
    digits = network_space.shown(of).digits
    near = nearest(embedded[None], network_space.embeddings(of), NEAREST)
    words = [
        f"{digits.class_names[digits.labels[i]]} · {d:.2f}"
        for i, d in zip(near.indices[0], near.distances[0], strict=True)
    ]
    st.caption(f"★ {name.capitalize()}: nearest in full space")
    show_strip(to_float(digits.images[near.indices[0]]), words, TILE)
