"""What the network saw of two drawings, and the test digits that it takes them for."""

from typing import NamedTuple

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from siamese_core.config import CANVAS_SIZE, IMAGE_SIZE
from siamese_core.datasets.dataset import Dataset
from siamese_core.metrics.distances import nearest
from siamese_core.networks.comparison import Comparison
from ui.shared import in_use, terms
from ui.shared.resources import Loaded, drawn_with_embeddings, for_symbols
from ui.shared.state import SIDES, Seen, state
from ui.shared.terms import explained
from ui.shared.thumbnails import STAGE_SIDE, show_strip, to_grey

FIT = 20  # pixels of 28 into which ink is fitted
AS_IT_IS = 2  # stages of a picture whose ink is not looked for
NEIGHBOURS = 4  # test digits shown for each side
TILE = (STAGE_SIDE, STAGE_SIDE)


def what_it_saw(sides: list[Seen]) -> None:
    """Draw the image of each side as the network sees it, and the stages that led to it."""
    st.subheader("What the network saw", anchor=False)
    st.caption(_how_it_sees())
    for column, side in zip(_under_the_canvases(), sides, strict=True):
        with column:
            if not side.stages:
                show_strip([to_grey(side.digit)], [_size(len(side.digit))], TILE)
                if side.test_index is not None:  # else its stages were not kept in the browser's tab
                    st.caption(f"A test {in_use.words().one}, labelled {_class_of(side.test_index)}, as it is.")
            else:
                show_strip(side.stages, _stage_names(side), TILE)


def _stage_names(side: Seen) -> list[str]:
    """Return what the stages are called, in letters that every font has."""
    whole = len(side.digit)
    last = _size(whole)
    if len(side.stages) == AS_IT_IS:
        return ["picture", last]
    return ["ink", "cut out", _size(FIT * whole // IMAGE_SIZE), last]


def _how_it_sees() -> str:
    how = in_use.sight(state().network)
    whole = f"{how.side} × {how.side}"
    if how.look == "grey":
        return f"As it is: in greys, the whole picture fitted into {whole} pixels."
    fit = FIT * how.side // IMAGE_SIZE
    return f"As MNIST was made: find the ink, cut it out, fit it into {fit} × {fit} pixels, centre its mass in {whole}."


def _size(side: int) -> str:
    return f"{side} x {side}"


def nearest_digits(comparison: Comparison, sides: list[Seen]) -> None:
    """Draw the test digits nearest to each side, itself left out, with their labels and distances."""
    digits, words = in_use.test_images(), in_use.words()
    of, why = f" of {digits.name}", explained(terms.ENCODER, "How does it see?")
    if words.one == "digit":
        of, why = "", explained(terms.ENCODER, "Why is my 7 taken for a 1?")
    st.subheader(f"The nearest of {len(digits):,} test {words.many}{of}", anchor=False)
    st.caption(f"Their labels and their distances from your drawing show what the network takes it for. {why}")
    near = comparison.neighbours
    assert near is not None  # `resources.load` makes the embeddings of the test digits where they are missing
    for column, side, indices, distances in zip(_under_the_canvases(), sides, *near, strict=True):
        _strip(column, _pictures(digits, indices, distances, side.test_index))


def nearest_symbols(loaded: Loaded, sides: list[Seen]) -> None:
    """Draw the test digits and the drawn symbols nearest to each side, by the network that judges symbols."""
    judge, digits, drawn = for_symbols(loaded) or loaded.model, in_use.test_images(), drawn_with_embeddings(loaded)
    st.subheader(f"The nearest of {len(digits):,} test digits and {len(drawn.symbols)} symbols", anchor=False)
    st.caption(f"The app has drawn the symbols itself. {explained(terms.UNSEEN, 'Can it know what it never saw?')}")
    embedded = judge.embed(np.stack([side.digit for side in sides]))
    near = judge.nearest_known(embedded, NEIGHBOURS + 1)
    far = nearest(embedded, drawn.embeddings, NEIGHBOURS)
    for i, (column, side) in enumerate(zip(_under_the_canvases(), sides, strict=True)):
        found = _pictures(drawn.symbols, far.indices[i], far.distances[i])
        if near:
            found += _pictures(digits, near.indices[i], near.distances[i], without=side.test_index)
        _strip(column, sorted(found, key=lambda each: each.distance))


class _Picture(NamedTuple):
    """A picture beside a drawing."""

    image: np.ndarray
    caption: str
    distance: float


def _strip(column: DeltaGenerator, pictures: list[_Picture]) -> None:
    shown = pictures[:NEIGHBOURS]
    with column:
        show_strip([each.image for each in shown], [each.caption for each in shown], TILE)


def _pictures(of: Dataset, indices: np.ndarray, distances: np.ndarray, without: int | None = None) -> list[_Picture]:
    return [
        _Picture(of.images[i], f"{of.class_names[of.labels[i]]} · {d:.2f}", float(d))
        for i, d in zip(indices.tolist(), distances.tolist(), strict=True)
        if i != without
    ]


def _under_the_canvases() -> list[DeltaGenerator]:
    """Return a container for each side, as wide as its canvas and where there is room under it."""
    with st.container(horizontal=True, gap="medium"):
        return [st.container(width=CANVAS_SIZE, gap="small") for _ in SIDES]


def _class_of(test_index: int) -> str:
    """Return the name of a test image's class."""
    digits = in_use.test_images()
    return digits.class_names[digits.labels[test_index]]
