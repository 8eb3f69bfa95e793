"""The choice of a class of which a random test image is wanted: by it one compares without a mouse or finger."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from siamese_core.datasets.dataset import DataError
from ui.shared import in_use
from ui.shared.parts import give
from ui.shared.state import SideName, state, widget_value

BUTTON, GAP, ROW = 44, 8, 5  # px, px, buttons
MOST_BUTTONS, SHORT = 20, 2  # beyond it a list; characters that fit into a small button

Run = Callable[[tuple[SideName, ...], bool], None]  # the sides to draw anew, and whether the answer is another
Put = Callable[[SideName, int], None]  # a test image into the canvas of a side, by its index


def pick_digit(name: SideName, run: Run, put: Put) -> None:
    """Draw a popover with a button for each class; run: ends a callback.

    The browser opens it by itself, and closes it at a click on one of its buttons (`popovers.js`).
    """
    with st.popover(f"Test {in_use.words().one}", type="tertiary", icon=":material/casino:", key=f"pick_{name}"):
        try:
            digits = in_use.test_images()
        except DataError:
            st.caption("The test digits cannot be read.")
            return
        held = np.bincount(digits.labels, minlength=digits.classes) > 0
        names = {label: each for label, each in enumerate(digits.class_names) if held[label]}
        st.caption(f"A random test {in_use.words().one} of this class:")
        with st.container(horizontal=True, width=ROW * BUTTON + (ROW - 1) * GAP, gap=GAP, key=f"digits_{name}"):
            if len(names) > MOST_BUTTONS:
                st.selectbox(
                    "Class", list(names), None, names.__getitem__, key=f"class_{name}", label_visibility="collapsed",
                    on_change=_pick_chosen, args=(name, run, put), placeholder="choose a class",
                )  # fmt: skip
                return
            short = max(map(len, names.values())) <= SHORT
            for label, class_name in names.items():
                st.button(
                    class_name, key=f"digit_{name}_{label}", width=BUTTON if short else "content", on_click=_pick,
                    args=(name, label, run, put),
                )  # fmt: skip


def _pick_chosen(name: SideName, run: Run, put: Put) -> None:
    label = widget_value(f"class_{name}")
    if label is not None:
        give(f"class_{name}", None)
        _pick(name, label, run, put)


def _pick(name: SideName, label: int, run: Run, put: Put) -> None:
    members = np.flatnonzero(in_use.test_images().labels == label)
    put(name, int(state().rng.choice(members)))
    run((name,), True)
