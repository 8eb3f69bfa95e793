"""The classes a network was trained on, and those left out: what the threshold does to each."""

import numpy as np
import streamlit as st

from siamese_core.jobs import worker
from siamese_core.metrics import resampling, summary
from siamese_core.metrics.confidence import Interval
from siamese_core.metrics.counting import Counted
from siamese_core.metrics.report import has_both_kinds
from siamese_core.networks.card import ModelError, left_out
from ui.shared import resources
from ui.shared.resources import Loaded
from ui.shared.table import show_table
from ui.shared.words import listed

TITLES = {"seen": "Trained on", "unseen": "Never seen"}
CANNOT = "cannot be measured"
Part = tuple[str, list[str], Counted | None]  # its title, its classes, and its counts if it has pairs of both kinds


def count_apart(loaded: Loaded) -> list[Part]:
    """Have the pairs within the classes trained on counted, and those within the classes left out; none if none was."""
    names, away = loaded.test.class_names, left_out(loaded.model.card)
    if not away:
        return []
    unseen = np.isin(loaded.test.labels, [names.index(name) for name in away])
    found: list[Part] = []
    for which, chosen in (("seen", ~unseen), ("unseen", unseen)):
        own = [name for name in names if (name in away) == (which == "unseen")]
        found.append((TITLES[which], own, _count(loaded, which, chosen)))
    return found


def apart_panel(parts: list[Part], threshold: float) -> None:
    """Draw FAR, FRR and EER of the classes trained on and of those left out, at one threshold."""
    if not parts:
        return
    st.subheader("Classes it has seen, and classes it has not", anchor=False)
    show_table(
        [{"Classes": f"{title}: {listed(own, 12)}", **_rates(counted, threshold)} for title, own, counted in parts]
    )
    st.caption(
        "Pairs within these classes, at the threshold above, with 95 % intervals. What a Siamese network has "
        "learned of "
        "some classes should hold for others too; how far it does, this table shows."
    )


def _rates(counted: Counted | None, threshold: float) -> dict[str, str]:
    if counted is None:
        return dict.fromkeys(("FAR", "FRR", "EER"), CANNOT)
    curves = counted.curves
    meet = resampling.eer(curves)
    found = {
        "FAR": resampling.far_interval(curves, threshold),
        "FRR": resampling.frr_interval(curves, threshold),
        "EER": Interval(meet.rate, meet.low, meet.high),
    }
    return {name: f"{each.rate:.2%} ({each.low:.2%} to {each.high:.2%})" for name, each in found.items()}


def _count(loaded: Loaded, which: str, chosen: np.ndarray) -> Counted | None:
    labels = loaded.test.labels[chosen]
    if not has_both_kinds(labels):
        return None
    found = resources.jobs().worker.submit_once(
        ("evaluate", which, loaded.name, resources.model_version(loaded.name)),
        worker.evaluate,
        loaded.test_embeddings[chosen],
        labels,
        loaded.test.classes,
        summary.special_thresholds(loaded.model.card),
    )
    try:
        return resources.wait_for(found, "Counting the pairs of classes seen and unseen.")
    except (ModelError, ValueError):
        return None
