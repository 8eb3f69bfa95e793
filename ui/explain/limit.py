"""Chapter 5: where the limit lies, what it costs, and what a verdict is worth."""

from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from siamese_core.metrics import curves
from siamese_core.metrics.counting import count_pairs
from siamese_core.metrics.curves import Curves
from siamese_core.metrics.reliability import shifted_probability
from siamese_core.metrics.report import article_threshold
from siamese_core.networks.card import config_of
from siamese_core.networks.model import ModelError
from ui.explain.chapters import chapter
from ui.shared import resources, terms
from ui.shared.colours import DIFFERENT, SAME
from ui.shared.moving_picture import moving_picture
from ui.shared.resources import SPREAD_DIGITS, Loaded

SCRIPT = Path(__file__).with_name("limit.js")
STEP = 0.01  # of the limit
SHARES = ((0.5, "half"), (0.1, "one in ten"), (0.01, "one in a hundred"))


def limit(loaded: Loaded) -> None:
    """Draw the chapter."""
    with chapter(terms.LIMIT):
        key = ("limit", loaded.name, resources.model_version(loaded.name))
        moving_picture(SCRIPT, "limit", "A limit between two hills", resources.kept(key, lambda: data(loaded)))
        st.caption(_why(loaded))


def data(loaded: Loaded) -> dict[str, Any]:
    """Return what the script shows: the hills, and the rates at every place of the limit."""
    spread, labels = loaded.spread, resources.test_digits().labels[:SPREAD_DIGITS]
    grid = np.arange(0, spread.centres[-1] * 1.02 + STEP, STEP)
    counted = count_pairs(loaded.test_embeddings[:SPREAD_DIGITS], labels, int(labels.max()) + 1, grid.tolist()).curves
    at = np.array([curves.position(counted, each) for each in grid])
    fitted, half = loaded.model.threshold, _half_margin(loaded)
    return {
        "step": STEP,
        "fitted": round(fitted, 2),
        "marks": [
            [f"This network's {fitted:.2f}", round(fitted, 2)],
            *([[f"Half its margin, {half:g}", half]] if half else []),
        ],
        "far": curves.far(counted)[at].round(7).tolist(),
        "frr": curves.frr(counted)[at].round(7).tolist(),
        "shares": [_share(loaded, counted, grid, at, share, name) for share, name in SHARES],
        "hills": {
            "centres": spread.centres.round(4).tolist(),
            "same": spread.genuine.round(4).tolist(),
            "different": spread.impostor.round(4).tolist(),
        },
        "colours": [SAME, DIFFERENT],
    }


def _share(
    loaded: Loaded, counted: Curves, grid: np.ndarray, at: np.ndarray, share: float, name: str
) -> dict[str, Any]:
    """Return, for a share of same pairs, P(same) of a pair at each limit, and the share of same among the accepted."""
    p = shifted_probability(loaded.model.probability_same(grid), share)
    return {"name": name, "p": p.round(6).tolist(), "precision": curves.precision(counted, share)[at].round(6).tolist()}


def _half_margin(loaded: Loaded) -> float | None:
    try:
        return article_threshold(config_of(loaded.model.card).margin)
    except ModelError:
        return None


def _why(loaded: Loaded) -> str:
    """Say why the threshold is what it is."""
    pairs = SPREAD_DIGITS * (SPREAD_DIGITS - 1) // 2
    return (
        f"All {pairs:,} pairs of {SPREAD_DIGITS:,} test digits. Why 0.5 in the article: it takes half of its margin, "
        f"1. Why {loaded.model.threshold:.2f} here: another loss puts digits at other distances, so the threshold is "
        "fitted on validation pairs, where same and different are about equally probable and FAR and FRR differ little."
    )
