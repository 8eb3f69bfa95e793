"""The scale of distances: how those of test pairs spread, the threshold on it, and the needle of the visitor's pair."""

from pathlib import Path

import numpy as np
import streamlit as st

from siamese_core.networks.comparison import Comparison
from ui.shared import distance_chart, terms
from ui.shared.browser_script import run_script
from ui.shared.canvas import ANSWER
from ui.shared.chart import show_chart
from ui.shared.parts import give, run_parts
from ui.shared.resources import Loaded
from ui.shared.share import choose_share
from ui.shared.state import set_widget_value, state, widget_value
from ui.shared.terms import explained

SCALE = "scale"  # key of the chart
THRESHOLD = "threshold"  # key of the part with the scale and the slider
SCRIPT = Path(__file__).with_name("needle.js")


def threshold_of(loaded: Loaded, comparison: Comparison | None = None) -> float:
    """Return the threshold in force: the exact fitted one, unless the slider has been moved from it.

    Of a pair, `comparison`, it is the one for digits or the one for symbols.
    """
    moved = widget_value(_threshold_key(loaded))
    fitted = comparison.threshold if comparison else loaded.model.threshold
    return fitted if moved in (None, _fitted(loaded)) else float(moved)


def scale(loaded: Loaded) -> None:
    """Draw how the distances of test pairs spread, with the threshold; the needle is drawn over it."""
    words = loaded.words
    alt = (
        f"How the distances of pairs of the same {words.kind} and of different {words.kinds} spread, and where the "
        "threshold lies"
    )
    show_chart(distance_chart.distance_scale(loaded.spread, threshold_of(loaded), words=words), SCALE, alt)


def needle(loaded: Loaded, comparison: Comparison | None) -> None:
    """Draw where a pair's distance lies on the scale; without a pair take the needle away.

    Where there is no scale yet, it is drawn as soon as the browser shows the first answer: not before, as a browser
    needs up to a second for the first chart.
    """
    shown = None
    if comparison:
        shown = distance_chart.needle(loaded.spread, threshold_of(loaded, comparison), comparison.distance)
    data = {"chart": SCALE, "plot": distance_chart.PLOT._asdict(), "needle": shown, "waits": not state().scale_shown}
    run_script(SCRIPT, "needle", data, on_answered_change=_show_scale)


def _show_scale() -> None:
    state().scale_shown = True
    _run_with_threshold()


def threshold_slider(loaded: Loaded) -> None:
    """Draw the slider of the threshold and the way back to the fitted one."""
    fitted, key = _fitted(loaded), _threshold_key(loaded)
    end = max(fitted, float(np.ceil(loaded.spread.centres[-1] * 10) / 10))
    if widget_value(key) is None:
        set_widget_value(key, fitted)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.slider(
            "Threshold",
            min_value=0.0,
            max_value=end,
            step=0.01,
            key=key,
            persist_state="session",
            help=f"A pair up to this distance counts as {loaded.words.same}. "
            + explained(terms.LIMIT, "Why this threshold?"),
            on_change=_run_with_threshold,
        )
        st.button(
            f"Back to {fitted:.2f}",
            icon=":material/restart_alt:",
            help=f"The fitted threshold: where a pair of validation {loaded.words.many} is as probably the same as "
            "different, or the "
            "nearest at which neither FAR nor FRR is more than a quarter above the other.",
            disabled=threshold_of(loaded) == loaded.model.threshold,
            on_click=_back_to_fitted,
            args=(loaded,),
        )
    choose_share(_run_with_threshold, loaded.words.same)


def _back_to_fitted(loaded: Loaded) -> None:
    give(_threshold_key(loaded), _fitted(loaded))
    _run_with_threshold()


def _run_with_threshold() -> None:
    run_parts(THRESHOLD, ANSWER)


def _fitted(loaded: Loaded) -> float:
    """Return the fitted threshold as the slider can show it."""
    return round(loaded.model.threshold, 2)


def _threshold_key(loaded: Loaded) -> str:
    return f"threshold_{loaded.name}"
