"""Compare, the main job: draw two digits and see how far apart the network puts them."""

import streamlit as st

from ui.state import SIDES, state
from ui.widgets import load_model, page_frame, pick_model

page_frame(
    "Compare two digits",
    "Draw a digit in each box. The network turns each into a vector, and the distance between the two vectors says "
    "how alike it finds them.",
)
name = pick_model()

from ui.canvas import canvas_pair, pair_buttons, seen  # noqa: E402

with st.container(horizontal=True, gap="medium"):
    canvas_pair("compare")
    answer_place = st.container(width="stretch")
pair_buttons()

with answer_place:
    loaded = load_model(name)
if loaded is None:
    st.stop()

from siamese_core.comparison import compare  # noqa: E402
from ui import answer  # noqa: E402

NEIGHBOURS = 5
both, complaint = [], ""
for side_name in SIDES:
    try:
        both.append(seen(state().side(side_name)))
    except ValueError as error:
        both.append(None)
        complaint = f"The {side_name} box: {error}."

threshold = answer.threshold_of(loaded)
left, right = both
comparison = None
with answer_place:
    if left and right:
        comparison = compare(loaded.model, left.digit, right.digit, loaded.test_embeddings, NEIGHBOURS)
        answer.verdict(comparison, threshold)
    elif complaint:
        st.info(complaint)
    else:
        answer.invitation([state().side(side_name).blank for side_name in SIDES])

answer.scale(loaded, threshold, comparison.distance if comparison else None)
answer.threshold_slider(loaded)
if comparison and left and right:
    answer.what_it_saw([left, right])
    answer.nearest_digits(comparison)
