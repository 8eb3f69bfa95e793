"""The choice of a class of which a random test digit is wanted: by it one compares without a mouse or finger."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from ui.shared import resources
from ui.shared.parts import give
from ui.shared.state import SideName, state

BUTTON, GAP, ROW = 44, 8, 5  # px, px, buttons

Run = Callable[[tuple[SideName, ...], bool], None]  # the sides to draw anew, and whether the answer is another
Put = Callable[[SideName, int], None]  # a test digit into the canvas of a side, by its index


def pick_digit(name: SideName, run: Run, put: Put) -> None:
    """Draw a popover with a button for each class; run: ends a callback."""
    picker = st.popover(
        "Test digit", type="tertiary", icon=":material/casino:", key=_key(name), on_change=run, args=((name,), False)
    )
    if not picker.open:  # what nobody sees need not be sent
        return
    with picker:
        st.caption("A random test digit of this class:")
        with st.container(horizontal=True, width=ROW * BUTTON + (ROW - 1) * GAP, gap=GAP, key=f"digits_{name}"):
            for label, class_name in enumerate(resources.test_digits().class_names):
                key = f"digit_{name}_{label}"
                st.button(class_name, key=key, width=BUTTON, on_click=_pick, args=(name, label, run, put))


def _pick(name: SideName, label: int, run: Run, put: Put) -> None:
    members = np.flatnonzero(resources.test_digits().labels == label)
    put(name, int(state().rng.choice(members)))
    give(_key(name), False)  # closes the popover
    run((name,), True)


def _key(name: SideName) -> str:
    return f"pick_{name}"
