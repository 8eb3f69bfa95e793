"""The threshold on the Evaluate page: a slider, and buttons for the thresholds that people ask for."""

import numpy as np
import streamlit as st

from siamese_core.metrics import curves as rates
from siamese_core.metrics.curves import Curves
from siamese_core.metrics.resampling import EerInterval
from ui.evaluate.counted import half_margin
from ui.shared import terms
from ui.shared.resources import Loaded
from ui.shared.state import set_widget_value, state, widget_value
from ui.shared.terms import explained

KEY = "threshold"
STEP = 0.01
LOW_FARS = (0.01, 0.001)


def choose_threshold(loaded: Loaded, curves: Curves, meet: EerInterval, share: float) -> float:
    """Draw the slider and the buttons, and return the threshold in force: exact if a button or the network gave it."""
    end = float(np.ceil(curves.thresholds[-1] / STEP) * STEP)
    if state().evaluated != loaded.name:
        state().evaluated = loaded.name
        _set(loaded.model.threshold, end)
    st.slider(
        "Threshold", 0.0, end, step=STEP, key=KEY, persist_state="session", on_change=_moved,
        help=f"A pair up to this distance counts as {loaded.words.same}. "
        + explained(terms.LIMIT, "Why this threshold?"),
    )  # fmt: skip
    asked: dict[str, float | None] = {
        "Fitted": loaded.model.threshold,
        "EER": meet.threshold,
        "Best accuracy": rates.best_threshold(curves, share),
        **{f"FAR at most {far * 100:g} %": rates.threshold_at_far(curves, far) for far in LOW_FARS},
        f"The article's {half_margin(loaded):g}": half_margin(loaded),
    }
    with st.container(horizontal=True, gap="small"):
        for label, value in asked.items():
            st.button(label, on_click=_set, args=(value, end), disabled=value is None, key=f"at_{label}")
    exact = state().threshold
    return float(widget_value(KEY)) if exact is None else exact


def _set(value: float, end: float) -> None:
    state().threshold = value
    set_widget_value(KEY, float(min(max(round(value / STEP) * STEP, 0.0), end)))


def _moved() -> None:
    state().threshold = None
