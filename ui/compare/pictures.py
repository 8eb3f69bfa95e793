"""What the network saw of two drawings, and the test digits that it takes them for."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from siamese_core.config import CANVAS_SIZE
from siamese_core.networks.comparison import Comparison
from ui.shared import resources, terms
from ui.shared.state import SIDES, Seen
from ui.shared.terms import explained
from ui.shared.thumbnails import STAGE_SIDE, show_strip, to_grey

STAGE_NAMES = ("ink", "cut out", "20 x 20", "28 x 28")  # in letters that every font has
NEIGHBOURS = 4  # test digits shown for each side
TILE = (STAGE_SIDE, STAGE_SIDE)


def what_it_saw(sides: list[Seen]) -> None:
    """Draw the 28 x 28 image of each side and the stages that led to it."""
    st.subheader("What the network saw", anchor=False)
    st.caption("As MNIST was made: find the ink, cut it out, fit it into 20 × 20 pixels, centre its mass in 28 × 28.")
    for column, side in zip(_under_the_canvases(), sides, strict=True):
        with column:
            if not side.stages:
                show_strip([to_grey(side.digit)], ["28 x 28"], TILE)
                st.caption(f"A test digit, labelled {_class_of(side.test_index)}, as it is.")
            else:
                show_strip(side.stages, STAGE_NAMES, TILE)


def nearest_digits(comparison: Comparison, sides: list[Seen]) -> None:
    """Draw the test digits nearest to each side, itself left out, with their labels and distances."""
    digits = resources.test_digits()
    st.subheader(f"The nearest of {len(digits):,} test digits", anchor=False)
    why = explained(terms.ENCODER, "Why is my 7 taken for a 1?")
    st.caption(f"Their labels and their distances from your drawing show what the network takes it for. {why}")
    near = comparison.neighbours
    assert near is not None  # `resources.load` makes the embeddings of the test digits where they are missing
    for column, side, indices, distances in zip(_under_the_canvases(), sides, *near, strict=True):
        others = [(i, d) for i, d in zip(indices, distances, strict=True) if i != side.test_index][:NEIGHBOURS]
        captions = [f"{digits.class_names[digits.labels[i]]} · {d:.2f}" for i, d in others]
        with column:
            show_strip(digits.images[[i for i, _ in others]], captions, TILE)


def _under_the_canvases() -> list[DeltaGenerator]:
    """Return a container for each side, as wide as its canvas and where there is room under it."""
    with st.container(horizontal=True, gap="medium"):
        return [st.container(width=CANVAS_SIZE, gap="small") for _ in SIDES]


def _class_of(test_index: int | None) -> str:
    """Return the name of a test digit's class."""
    assert test_index is not None
    digits = resources.test_digits()
    return digits.class_names[digits.labels[test_index]]
