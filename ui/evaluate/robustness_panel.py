"""Robustness: what shifting, turning, scaling, thickening and noise do to distances and verdicts."""

import numpy as np
import streamlit as st

from siamese_core.imaging.distort import AMOUNTS, Kind
from siamese_core.jobs import worker
from siamese_core.metrics.robustness import Robustness, robustness
from siamese_core.networks.card import look_of
from ui.evaluate import charts
from ui.shared import resources
from ui.shared.canvas import both_seen
from ui.shared.chart import show_chart
from ui.shared.resources import Loaded
from ui.shared.state import SIDES
from ui.shared.told import told

KINDS: dict[str, Kind] = {
    "Shifted": "shift", "Turned": "turn", "Scaled": "scale", "Thicker or thinner": "thickness", "Noise": "noise"
}  # fmt: skip
UNITS: dict[Kind, str] = {
    "shift": "pixels to the right, of 28", "turn": "degrees, anticlockwise", "scale": "times its size",
    "thickness": "from the thinnest to the thickest", "noise": "standard deviation of the noise",
}  # fmt: skip


@st.fragment
def robustness_panel(loaded: Loaded) -> None:
    """Draw how far distorted digits lie from themselves, and how many verdicts go wrong at the fitted threshold."""
    threshold = loaded.model.threshold
    many = loaded.words.many
    st.subheader("How robust it is", anchor=False)
    own = {f"your {name} drawing": seen for name, seen in zip(SIDES, both_seen()[:2], strict=True) if seen}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        label = st.segmented_control("Step by step", list(KINDS), default="Turned", required=True, key="distortion")
        few = f"{min(worker.DISTORTED, len(loaded.test))} test {many}"
        subject = st.selectbox("Of", [few, *own], key="distorted", width=220)
        canonical = look_of(loaded.model.card) == "ink" and st.toggle(
            "Find the ink again", True, key="canonical",
            help="As the app does with every drawing: the ink is cut out, scaled and centred anew after the change. "
            "Without it you see what the encoder alone makes of the changed image.",
        )  # fmt: skip
    kind = KINDS[label]
    try:
        found = _measure(loaded, kind, canonical, own[subject].digit if subject in own else None)
    except ValueError as error:
        st.error(f"The {many} cannot be changed: {told(error)}.", icon=":material/error:")
        return
    left, right = st.columns(2, gap="medium")
    with left:
        show_chart(charts.drift(found, threshold, UNITS[kind]), "drift", f"Distances of changed {many} to themselves")
        st.caption(_about(found, subject in own, many))
    if found.errors:
        with right:
            show_chart(charts.errors(found, UNITS[kind]), "wrong", f"Wrong verdicts by how much the {many} are changed")
            st.caption(
                f"Wrong verdicts at the fitted threshold on fixed pairs of these {many}, one of each changed, with "
                "95 % "
                "intervals."
            )


def _measure(loaded: Loaded, kind: Kind, canonical: bool, own: np.ndarray | None) -> Robustness:
    """Return what the distortion does to a drawing (side, side), or to test digits, which the worker measures."""
    if own is not None:
        threshold = loaded.model.threshold
        return robustness(
            loaded.model, own[None], np.zeros(1, int), kind, AMOUNTS[kind], threshold, canonical=canonical
        )
    key = ("robustness", loaded.name, resources.model_version(loaded.name), kind, canonical)
    folder = resources.model_folder(loaded.name)
    found = resources.jobs().worker.submit_once(key, worker.robustness, folder, kind, canonical)
    return resources.wait_for(found, f"Changing the {loaded.words.many} step by step.")


def _about(found: Robustness, own: bool, many: str) -> str:
    who = "The drawing is" if own else f"Half of the {many} are"
    band = "" if own else " The band holds the middle half of them."
    if found.flip is None:
        return f"No amount shown here makes so much of a difference that the verdict flips.{band}"
    return f"{who} no longer accepted as the same as before from {found.flip:g} on.{band}"
