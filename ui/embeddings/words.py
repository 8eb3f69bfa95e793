"""What the Embeddings page says in more than one place, and what it says of a map."""

import streamlit as st

from ui.embeddings import network_space
from ui.embeddings.layouts import View
from ui.shared.words import Words

COLLAPSED = (
    "{} gives every {one} the same embedding: it has **collapsed**, and tells no {one} from another. All dots of its "
    "map lie on one point, and there is nothing to measure. Choose another network in the sidebar, or train one anew."
)
UMAP = "UMAP keeps neighbourhoods: who is near in full space is near here. How far apart its clusters lie means little."
SEED = "UMAP begins with random steps from a fixed start, seed 0: the same link shows the same map."


def doubtful_words(words: Words) -> str:
    """Say what is doubtful."""
    return f"A {words.one} is doubtful if most of its ten nearest {words.many} in full space are of other classes."


def meaningless(words: Words) -> str:
    """Say that distances mean nothing, of a collapsed network."""
    return f"Most {words.many} lie at one point here, so near and far mean nothing."


def warn_of_collapse(shown: list[View]) -> None:
    """Say of each network that has collapsed that it has."""
    for view in shown:
        if network_space.collapsed(view.space):
            st.warning(
                COLLAPSED.format(f"“{view.title}”", one=network_space.words(view.space).one), icon=":material/warning:"
            )


def describe_map(view: View) -> None:
    """Draw the caption below a map: what it shows, and of what."""
    n, d = network_space.embeddings(view.space).shape
    words = network_space.words(view.space)
    of = f"{n:,} {view.space.split} {words.many}, {d} dimensions (the numbers of each embedding)"
    if network_space.collapsed(view.space):
        st.caption(f"{of}. They are the same for every {words.one}.")
    elif view.layout.explained:
        share = sum(view.layout.explained)
        axes = len(view.layout.explained)
        st.caption(
            f"{of}. Principal components (PCA) are the directions in which they differ most; the first {axes} "
            f"components hold {share:.0%} of the variance.",
            help=f"Variance measures how much the numbers differ from {words.one} to {words.one}. {1 - share:.0%} "
            "of it is not on "
            "this map: what is near here may be far in full space.",
        )
    else:
        st.caption(f"{of}. {UMAP}", help=SEED)
