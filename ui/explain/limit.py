"""Chapter 5: where the limit lies, what it costs, and what a verdict is worth."""

from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from siamese_core.metrics import verification
from siamese_core.metrics.reliability import shifted_probability
from siamese_core.metrics.report import article_threshold, spread
from siamese_core.metrics.worth import precision
from siamese_core.networks.card import config_of
from siamese_core.networks.model import ModelError
from ui.explain.chapters import chapter
from ui.shared import resources, terms
from ui.shared.colours import DIFFERENT, SAME
from ui.shared.moving_picture import moving_picture
from ui.shared.resources import Loaded

SCRIPT = Path(__file__).with_name("limit.js")
STEP, FAR_STEP, NEAR = 0.01, 0.1, 8.0  # of the limit: the second where distances reach beyond NEAR
DIGITS = 2_000  # of the test set: 1,999,000 pairs in a tenth of a second; Evaluate counts those of all
SHARES = ((0.5, "half"), (0.1, "one in ten"), (0.01, "one in a hundred"))


def limit(loaded: Loaded) -> None:
    """Draw the chapter."""
    with chapter(terms.LIMIT):
        key = ("limit", loaded.name, resources.model_version(loaded.name))
        moving_picture(SCRIPT, "limit", "A limit between two hills", resources.kept(key, lambda: data(loaded)))
        st.caption(_why(loaded))


def data(loaded: Loaded) -> dict[str, Any]:
    """Return what the script shows: the hills, and the rates at every place of the limit."""
    digits = resources.test_digits()
    some = np.random.default_rng(0).choice(len(digits), min(DIGITS, len(digits)), replace=False)
    pairs = verification.all_pairs(loaded.test_embeddings[some], digits.labels[some])
    hills = spread(pairs)
    step = STEP if hills.centres[-1] <= NEAR else FAR_STEP
    grid = np.arange(0, hills.centres[-1] * 1.02 + step, step)
    far, frr = verification.false_accept_rate(pairs, grid), verification.false_reject_rate(pairs, grid)
    fitted, half = loaded.model.threshold, _half_margin(loaded)
    marks = [(f"This network's {fitted:.2f}", round(fitted, 2))]
    if half:
        marks.append((f"Half the margin, as in the article: {half:g}", half))
    return {
        "step": step,
        "fitted": round(fitted, 2),
        "marks": marks,
        "far": far.round(7).tolist(),
        "frr": frr.round(7).tolist(),
        "shares": [
            {
                "name": name,
                "p": shifted_probability(loaded.model.probability_same(grid), share).round(6).tolist(),
                "precision": precision(far, frr, share).round(6).tolist(),
            }
            for share, name in SHARES
        ],
        "hills": {
            "centres": hills.centres.round(4).tolist(),
            "same": hills.genuine.round(4).tolist(),
            "different": hills.impostor.round(4).tolist(),
        },
        "colours": [SAME, DIFFERENT],
    }


def _half_margin(loaded: Loaded) -> float | None:
    try:
        return article_threshold(config_of(loaded.model.card).margin)
    except ModelError:
        return None


def _why(loaded: Loaded) -> str:
    """Say why the threshold is what it is."""
    pairs = DIGITS * (DIGITS - 1) // 2
    return (
        f"All {pairs:,} pairs of {DIGITS:,} test digits. Why 0.5 in the article: it takes half of its margin, 1. Why "
        f"{loaded.model.threshold:.2f} here: every network puts digits at distances of its own, so the threshold is "
        "fitted on validation pairs, where same and different are about equally probable and FAR and FRR differ little."
    )
