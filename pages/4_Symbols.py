"""Symbols: teach by one drawing, ask by another."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from siamese_core.config import CANVAS_SIZE
from siamese_core.datasets.symbols import examples_of
from ui.shared.canvas import ANSWER, canvas, seen
from ui.shared.kept_drawings import find_drawings, keep_drawings
from ui.shared.link import keep_link, show_notes
from ui.shared.network_picker import load_fitting, pick_model
from ui.shared.page import page_frame
from ui.shared.parts import nothing, part
from ui.shared.resources import ANYTHING, SHIPPED, Loaded, sees_drawings
from ui.shared.state import SYMBOL_SIDES, state
from ui.symbols import answer
from ui.symbols.answering import answer_to
from ui.symbols.distances import confusions, space
from ui.symbols.kept import find_set, keep_set
from ui.symbols.picker import pick_symbol
from ui.symbols.symbol_set import TAUGHT, TEACHING, embeddings, symbols
from ui.symbols.taught import cards
from ui.symbols.teaching import BUTTON, teaching
from ui.symbols.toolbar import toolbar


@part(ANSWER)  # a stroke on the second canvas runs this alone
def answered(loaded: Loaded | None, below: DeltaGenerator, apart: DeltaGenerator) -> None:
    """Draw the answer, what the network saw below the canvas, and the map."""
    if loaded is None:
        return
    keep_drawings("ask")
    asked, complaint, taught = None, "", symbols()
    try:
        asked = seen(state().ask)
    except ValueError as error:
        complaint = str(error)
    question = loaded.model.embed(asked.digit[None])[0] if asked else None
    if asked and question is not None and taught:
        answer.show(answer_to(loaded.model, question, taught, embeddings(loaded.model, examples_of(taught)[0])), asked)
    else:
        answer.invitation(complaint)
    if asked:
        answer.correction()
    with below, st.container(gap="xsmall"):  # always there, so that what follows keeps its place
        answer.what_it_saw(asked)
    with apart, st.container():
        space(loaded, taught, question)


@part(TAUGHT)
def taught_so_far(loaded: Loaded | None) -> None:
    """Draw what has been taught, what is easily confused, and what can be done to the set."""
    st.subheader("What it has been taught", anchor=False)
    toolbar(symbols())
    cards(symbols())
    if loaded:
        confusions(loaded, symbols())
    keep_set()


page_frame(
    "Teach it symbols",
    "Draw a symbol once and name it: from then on the network knows it, without any training. It has learned to "
    "compare, so it can tell apart what it has never seen.",
)
name = pick_model()
show_notes()
find_set()
find_drawings(*SYMBOL_SIDES)
with st.container(horizontal=True, gap="medium"):
    with st.container(width=CANVAS_SIZE, gap="small"):
        canvas("teach", TEACHING, pick_symbol, (BUTTON,))
        teaching()
    with st.container(width=CANVAS_SIZE, gap="small"):
        canvas("ask", ANSWER, pick_symbol)
        below = st.container()
    beside = st.container(width="stretch")
    nothing()
with beside:
    at_hand = ANYTHING if name == SHIPPED else name  # the one that is made for this
    loaded = load_fitting(at_hand, sees_drawings, "This network does not see the ink of a drawing in 28 × 28 pixels.")
taught_place, map_place = st.container(), st.container()
with beside:
    answered(loaded, below, map_place)
with taught_place:
    taught_so_far(loaded)
keep_link()
