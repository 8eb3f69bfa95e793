"""The digit clicked on a map with its neighbours in full space, and the digits selected with box or lasso."""

import numpy as np
import streamlit as st

from siamese_core.datasets.dataset import Dataset
from siamese_core.metrics.distances import distance
from siamese_core.projection.quality import TRUST_NEIGHBOURS, misleading
from ui.embeddings import network_space
from ui.embeddings.network_space import Layout, Space
from ui.shared import colours
from ui.shared.state import state
from ui.shared.thumbnails import show_strip

LARGE, TILE, SMALL = (110, 110), (60, 60), (32, 32)  # px
MOST_SELECTED, ROW = 96, 12


def picked_digit(of: Space, at: Layout) -> None:
    """Draw the clicked digit and its ten nearest in full space; before the first click, say how to."""
    picked = state().picked
    if picked is None:
        st.info("Point at a digit to see its picture. Click it to see the ten digits nearest to it in full space.")
        return
    digits, indices = network_space.shown(of).digits, network_space.shown(of).indices
    others, apart = network_space.neighbours(of, picked)
    label = digits.labels[picked]
    names = digits.class_names
    with st.container(key="picked"):
        st.subheader(f"The digit you clicked: a {names[label]}", anchor=False)
        with st.container(horizontal=True, gap="medium"):
            word = f"{of.split} digit {indices[picked]:,}"
            show_strip([digits.images[picked]], [word], LARGE)
            with st.container(width="stretch", gap="small"):
                st.markdown("Its ten nearest **in full space**, with label and distance. They are ringed on the map.")
                _neighbours(digits.subset(others), apart, int(label))
                st.caption(_how_misleading(of, at, picked, others, apart))


def selected_digits(of: Space) -> None:
    """Draw the pictures of the digits selected with box or lasso."""
    chosen = [i for i in state().selected if i < len(network_space.shown(of).indices)]
    if not chosen:
        return
    digits = network_space.shown(of).digits
    few = sorted(chosen[:MOST_SELECTED], key=lambda i: int(digits.labels[i]))
    counts = np.bincount(digits.labels[chosen], minlength=digits.classes)
    with st.container(key="selected", gap="small"):
        st.subheader(f"{len(chosen):,} digits selected", anchor=False)
        st.markdown(" · ".join(f"**{name}**: {n}" for name, n in zip(digits.class_names, counts, strict=True) if n))
        if len(chosen) > MOST_SELECTED:
            st.caption(f"The first {MOST_SELECTED} are shown.")
        for row in (few[i : i + ROW] for i in range(0, len(few), ROW)):
            show_strip(digits.images[row], [digits.class_names[label] for label in digits.labels[row]], SMALL)


def _neighbours(others: Dataset, apart: np.ndarray, label: int) -> None:
    for half in (slice(0, TRUST_NEIGHBOURS // 2), slice(TRUST_NEIGHBOURS // 2, TRUST_NEIGHBOURS)):
        labels = others.labels[half]
        words = [f"{others.class_names[other]} · {d:.2f}" for other, d in zip(labels, apart[half], strict=True)]
        inks = [colours.DIFFERENT if other != label else colours.NEUTRAL for other in labels]
        show_strip(others.images[half], words, TILE, inks)


def _how_misleading(of: Space, at: Layout, picked: int, others: np.ndarray, apart: np.ndarray) -> str:
    """Return a sentence on how many of the nearest digits the map shows far away."""
    bounds = network_space.misleading_bounds(of, at)
    here = distance(np.repeat(at.xy[[picked]], len(others), axis=0), at.xy[others])
    far = sum(misleading(float(h), float(f), bounds) == "far here" for h, f in zip(here, apart, strict=True))
    if not far:
        return "The map does not mislead about any of them."
    return f"The map misleads about {far} of them: near in full space, far away on the map."
