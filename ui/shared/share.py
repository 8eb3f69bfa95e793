"""The share of same pairs that a visitor expects: probability, accuracy and precision depend on it."""

from collections.abc import Callable

import streamlit as st

from siamese_core.metrics.calibration import SAME_SHARE
from ui.shared import terms
from ui.shared.state import widget_value
from ui.shared.terms import explained

KEY = "share"
SHARES = (0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.46, 0.5, 0.6, 0.7, 0.8, 0.9)
NAMED = {0.01: "1 %, rare", 0.46: "46 %, the article's", 0.5: "50 %"}


def choose_share(on_change: Callable[[], None] | None = None, same: str = "the same digit") -> float:
    """Draw the choice of the share of same pairs, and return it; same: what the pages call that."""
    share: float = st.select_slider(
        f"How many pairs are {same}",
        SHARES,
        SAME_SHARE,
        format_func=lambda value: NAMED.get(value, f"{value:.1%}".replace(".0%", "%").replace("%", " %")),
        key=KEY,
        persist_state="session",
        on_change=on_change,
        help="Of all pairs that the network is going to meet. Precision, accuracy and the probability depend on it. "
        + explained(terms.LIMIT),
    )
    return share


def expected_share() -> float:
    """Return the share that was chosen, on whichever page."""
    chosen = widget_value(KEY)
    return SAME_SHARE if chosen is None else float(chosen)
