"""The digit clicked on a map with its neighbours in full space, and the digits selected with box or lasso."""

import numpy as np
import streamlit as st

from siamese_core.datasets.dataset import Dataset
from siamese_core.metrics.distances import distance
from siamese_core.projection.quality import TRUST_NEIGHBOURS, comparable, misleading
from ui.embeddings import layouts, network_space
from ui.embeddings.layouts import Layout
from ui.embeddings.network_space import Space
from ui.embeddings.words import doubtful_words, meaningless
from ui.shared import colours
from ui.shared.state import state
from ui.shared.thumbnails import show_strip

LARGE, TILE, SMALL = (110, 110), (60, 60), (32, 32)  # px
MOST_SELECTED, ROW = 96, 12


def picked_digit(of: Space, at: Layout) -> None:
    """Draw the clicked digit and its ten nearest in full space; before the first click, say how to."""
    picked, words = state().picked, network_space.words(of)
    if picked is None:
        st.info(
            f"Point at a {words.one} to see it larger. Click it to see the ten {words.many} nearest to it **in "
            "full space**: by "
            "all the numbers of its embedding, and not only by its place on the map."
        )
        return
    digits, indices = network_space.shown(of).digits, network_space.shown(of).indices
    others, apart = network_space.neighbours(of, picked)
    label = digits.labels[picked]
    names = digits.class_names
    with st.container(key="picked"):
        article = "a " if words.one == "digit" else ""
        st.subheader(f"The {words.one} you clicked: {article}{names[label]}", anchor=False)
        with st.container(horizontal=True, gap="medium"):
            word = f"{of.split} {words.one} {indices[picked]:,}"
            show_strip([digits.images[picked]], [word], LARGE)
            with st.container(width="stretch", gap="small"):
                st.markdown("Its ten nearest **in full space**, with label and distance. They are ringed on the map.")
                _neighbours(digits.subset(others), apart, int(label))
                st.caption(_how_misleading(of, at, picked, others, apart))


def selected_digits(of: Space) -> None:
    """Draw the pictures of the digits selected with box or lasso, if they are many those of a few of every class."""
    digits, doubtful, words = network_space.shown(of).digits, network_space.doubtful(of), network_space.words(of)
    chosen = np.array([i for i in state().selected if i < len(digits.labels)], np.int64)
    if not len(chosen):
        return
    few = spread_over_classes(chosen, digits.labels, doubtful, MOST_SELECTED)
    inks = [colours.DIFFERENT if doubt else colours.NEUTRAL for doubt in doubtful[few]]
    counts = np.bincount(digits.labels[chosen], minlength=digits.classes)
    with st.container(key="selected", gap="small"):
        st.subheader(
            f"1 {words.one} selected" if len(chosen) == 1 else f"{len(chosen):,} {words.many} selected", anchor=False
        )
        st.markdown(" · ".join(f"**{name}**: {n}" for name, n in zip(digits.class_names, counts, strict=True) if n))
        which = _which(len(chosen), len(few), int(doubtful[few].sum()), words.many)
        st.caption(which, help=doubtful_words(words))
        for row in (slice(i, i + ROW) for i in range(0, len(few), ROW)):
            names = [digits.class_names[label] for label in digits.labels[few[row]]]
            show_strip(digits.images[few[row]], names, SMALL, inks[row])


def _which(chosen: int, few: int, doubtful: int, many: str) -> str:
    """Return a sentence on which of the chosen images are shown."""
    if few < chosen:
        which = f"{chosen:,} {many} selected; {few} of them are shown, spread over the classes"
    else:
        which = "All of them are shown"
    return (
        f"{which}, doubtful ones first ({doubtful}, with orange labels)." if doubtful else f"{which}; none is doubtful."
    )


def spread_over_classes(chosen: np.ndarray, labels: np.ndarray, first: np.ndarray, most: int) -> np.ndarray:
    """Return at most `most` of the chosen images (m,), from each class as many as from any other if it has them.

    labels, first: (n,), of all images; of each class those come first for which `first` is true. The result begins with
    all of these, then the others, each in the order of the classes.
    """
    order = chosen[np.lexsort((~first[chosen], labels[chosen]))]  # by class, and in each the first ones first
    sizes = np.unique(labels[order], return_counts=True)[1]
    rank = np.concatenate([np.arange(size) for size in sizes]) if len(sizes) else order
    few = np.sort(np.argsort(rank, kind="stable")[:most])  # the first of every class, then the second ...
    found: np.ndarray = order[few][np.argsort(~first[order[few]], kind="stable")]
    return found


def _neighbours(others: Dataset, apart: np.ndarray, label: int) -> None:
    for half in (slice(0, TRUST_NEIGHBOURS // 2), slice(TRUST_NEIGHBOURS // 2, TRUST_NEIGHBOURS)):
        labels = others.labels[half]
        words = [f"{others.class_names[other]} · {d:.2f}" for other, d in zip(labels, apart[half], strict=True)]
        inks = [colours.DIFFERENT if other != label else colours.NEUTRAL for other in labels]
        show_strip(others.images[half], words, TILE, inks)


def _how_misleading(of: Space, at: Layout, picked: int, others: np.ndarray, apart: np.ndarray) -> str:
    """Return a sentence on how many of the nearest digits the map shows far away."""
    bounds = layouts.misleading_bounds(of, at)
    if not comparable(bounds):
        return meaningless(network_space.words(of))
    here = distance(np.repeat(at.xy[[picked]], len(others), axis=0), at.xy[others])
    far = sum(misleading(float(h), float(f), bounds) == "far here" for h, f in zip(here, apart, strict=True))
    if not far:
        return "The map does not mislead about any of them."
    return f"The map misleads about {far} of them: near in full space, far away on the map."
