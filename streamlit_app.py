"""Compare, the main job: draw two digits and see how far apart the network puts them."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from siamese_core.networks.comparison import compare
from ui.compare import answer, pictures, scale
from ui.shared.canvas import ANSWER, both_seen, canvas_pair, pair_buttons
from ui.shared.kept_drawings import find_drawings, keep_drawings
from ui.shared.link import keep_link, show_notes
from ui.shared.network_card import show_card
from ui.shared.network_picker import load_model, pick_model
from ui.shared.page import page_frame
from ui.shared.parts import part
from ui.shared.resources import SHIPPED, Loaded, for_symbols
from ui.shared.state import SIDES, state


def bench(name: str) -> None:
    """Draw the canvases, the answer and what explains it."""
    here = state()
    here.scale_shown = here.scale_shown or not (here.left.blank or here.right.blank)
    with st.container(horizontal=True, gap="medium"):
        canvas_pair()
        beside = st.container(width="stretch")
    pair_buttons()
    with beside:
        loaded = load_model(name)
    scale_place = st.container()
    explained(loaded, beside)
    with scale_place:
        threshold(loaded)


@part(scale.THRESHOLD)
def threshold(loaded: Loaded | None) -> None:
    """Draw the scale of distances and the threshold on it, from the first answer on."""
    if loaded and state().scale_shown:
        scale.scale(loaded)
        scale.threshold_slider(loaded)


@part(ANSWER)  # a stroke runs this alone
def explained(loaded: Loaded | None, beside: DeltaGenerator) -> None:
    """Draw the answer beside the canvases, the needle on the scale, and what the network saw."""
    keep_drawings(*SIDES)
    if loaded is None:
        return
    left, right, complaint = both_seen()
    if not (left and right):
        with beside:
            answer.invitation(complaint)
        scale.needle(loaded, None)
        answer.announce(loaded, None)
        return
    comparison = compare(loaded.model, left.digit, right.digit, for_symbols(loaded))
    with beside:
        answer.verdict(loaded, comparison)
    scale.needle(loaded, comparison)
    answer.announce(loaded, comparison)
    pictures.what_it_saw([left, right])
    if comparison.symbols:
        pictures.nearest_symbols(loaded, [left, right])
    else:
        pictures.nearest_digits(comparison, [left, right])


page_frame(
    "Compare two {many}",
    "Draw a {one} in each box. The network turns each into a vector, and the distance between the two vectors says "
    "how alike it finds them.",
)
name = pick_model()
if name == SHIPPED:
    st.caption("Letters and other symbols get an answer too.")
show_notes()
find_drawings(*SIDES)
bench(name)
with st.expander("The network's card", icon=":material/badge:"):
    show_card(name)
keep_link()
