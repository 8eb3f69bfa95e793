"""The pairs of test images as a network sees them, counted by the worker."""

import streamlit as st

from siamese_core.jobs import worker
from siamese_core.metrics import summary
from siamese_core.metrics.counting import Counted
from siamese_core.metrics.report import article_threshold
from siamese_core.networks.card import ModelError, config_of
from ui.shared import resources
from ui.shared.canvas import both_seen
from ui.shared.resources import Loaded
from ui.shared.told import told


def count(loaded: Loaded) -> Counted | None:
    """Return the counts of all pairs of test images; None, with a word, if the worker cannot make them."""
    digits = loaded.test
    pairs = len(digits) * (len(digits) - 1) // 2
    found = resources.jobs().worker.submit_once(
        ("evaluate", loaded.name, resources.model_version(loaded.name)),
        worker.evaluate,
        loaded.test_embeddings,
        digits.labels,
        digits.classes,
        summary.special_thresholds(loaded.model.card),
    )
    try:
        return resources.wait_for(found, f"Counting {pairs:,} pairs of test {loaded.words.many}.")
    except (ModelError, ValueError) as error:
        st.error(f"The pairs cannot be counted: {told(error)}.", icon=":material/error:")
        return None


def last_pair(loaded: Loaded) -> float | None:
    """Return the distance of the two drawings on Compare, None unless both are there."""
    left, right, _ = both_seen()
    if not (left and right):
        return None
    return float(loaded.model.distance(left.digit[None], right.digit[None])[0])


def half_margin(loaded: Loaded) -> float:
    """Return the article's threshold for a network: half of its margin."""
    return article_threshold(config_of(loaded.model.card).margin)
