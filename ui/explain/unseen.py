"""Chapter 6: two small networks, one of which never saw a 4 or a 9, judge what is drawn."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from siamese_core.config import EXPLAINED
from siamese_core.metrics.unseen import Right, right_by_kind
from siamese_core.networks.model import ModelError, SiameseModel, load_model
from ui.explain.chapters import chapter
from ui.shared import resources, terms
from ui.shared.canvas import ANSWER, both_seen, canvas_pair, show_test_digits
from ui.shared.parts import part
from ui.shared.state import state
from ui.shared.table import show_table
from ui.shared.told import told

NETWORKS = (("ten_digits", "Has learned all ten digits"), ("without_4_and_9", "Never saw a 4 or a 9"))
KINDS = ("two of the other eight digits", "a 4 or a 9, and another digit", "a 4 and a 9")


class Small(NamedTuple):
    """One of the two networks."""

    folder: str
    title: str
    model: SiameseModel


def unseen() -> None:
    """Draw the chapter."""
    with chapter(terms.UNSEEN):
        try:
            networks = [_load(folder, title) for folder, title in NETWORKS]
        except ModelError as error:
            st.error(f"The two small networks cannot be used: {told(error)}.", icon=":material/error:")
            return
        with st.container(horizontal=True, gap="medium"):
            canvas_pair()
        with st.container(horizontal=True, gap="small", key="ready_pairs"):
            st.button("A 4 and a 9", on_click=_put, args=(4, 9))
            st.button("Two 4s", on_click=_put, args=(4, 4))
            st.button("A 4 and a 0", on_click=_put, args=(4, 0))
        verdicts(networks)
        st.markdown("How often each is right, where half of the pairs are the same:")
        rates = {title: [f"{rate:.0%}" for rate in right] for title, right in _rates(networks)}
        show_table({"Pairs of test digits": KINDS, **rates})
        st.caption("Guessing is right about half of them.")


def _rates(networks: list[Small]) -> list[tuple[str, Right]]:
    """Return how often each is right, by title; the classes that one of them never saw make the kinds of pairs."""
    tables = [np.array(each.model.card["test_accepted_by_class"]) for each in networks]
    seen = [set(each.model.card["classes"]) for each in networks]
    never = sorted(set.union(*seen) - set.intersection(*seen))
    return [(each.title, right_by_kind(table, never)) for each, table in zip(networks, tables, strict=True)]


@part(ANSWER)
def verdicts(networks: list[Small]) -> None:
    """Draw what each of the two says of the drawings."""
    left, right, complaint = both_seen()
    for column, network in zip(st.columns(2, gap="medium"), networks, strict=True):
        with column, st.container(border=True, gap="xsmall", key=f"verdict_{network.folder}"):
            st.markdown(f"**{network.title}**")
            if not (left and right):
                st.markdown(complaint or "Draw in both boxes, or take a pair below them.")
                continue
            _verdict(network.model, left.digit, right.digit)


def _verdict(model: SiameseModel, left: np.ndarray, right: np.ndarray) -> None:
    d = float(model.distance(left[None], right[None])[0])
    same = bool(model.is_same(d))
    word, colour, sign = ("Same", "green", "≤") if same else ("Different", "orange", ">")
    st.markdown(f"### :{colour}[{word}]")
    st.markdown(f"distance {d:.3f} {sign} {model.threshold:.3f}, its threshold")


def _load(folder: str, title: str) -> Small:
    return resources.kept(("explained", folder), lambda: Small(folder, title, load_model(EXPLAINED / folder)))


def _put(first: int, second: int) -> None:
    """Put two random test digits of these classes into the canvases."""
    labels, rng = resources.test_digits().labels, state().rng
    left = int(rng.choice(np.flatnonzero(labels == first)))
    others = np.flatnonzero(labels == second)
    show_test_digits(left, int(rng.choice(others[others != left])))
