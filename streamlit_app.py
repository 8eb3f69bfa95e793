"""Compare, the main job: draw two digits and see how far apart the network puts them."""

import streamlit as st

from siamese_core.networks.comparison import compare
from ui.compare import answer
from ui.shared.canvas import both_seen, canvas_pair, pair_buttons
from ui.shared.network_card import show_card
from ui.shared.network_picker import load_model, pick_model
from ui.shared.page import page_frame


@st.fragment  # a stroke runs this alone, and the answer comes sooner
def bench(name: str) -> None:
    """Draw the canvases, the answer and what explains it."""
    with st.container(horizontal=True, gap="medium"):
        canvas_pair("compare")
        answer_place = st.container(width="stretch")
    pair_buttons()
    with answer_place:
        loaded = load_model(name)
    if loaded is None:
        return
    left, right, complaint = both_seen()
    comparison = None
    with answer_place:
        if left and right:
            comparison = compare(loaded.model, left.digit, right.digit)
            answer.verdict(loaded, comparison)
        else:
            answer.invitation(complaint)
    answer.scale(loaded, comparison.distance if comparison else None)
    answer.threshold_slider(loaded)
    if left and right and comparison:
        answer.what_it_saw([left, right])
        answer.nearest_digits(loaded, comparison, [left, right])


page_frame(
    "Compare two digits",
    "Draw a digit in each box. The network turns each into a vector, and the distance between the two vectors says "
    "how alike it finds them.",
)
name = pick_model()
bench(name)
with st.expander("The network's card", icon=":material/badge:"):
    show_card(name)
