"""Chapter 3: the loss as a force, and the margin."""

from pathlib import Path

import streamlit as st

from siamese_core.config import ARTICLE
from siamese_core.training import forces
from ui.explain.chapters import chapter
from ui.shared import terms
from ui.shared.colours import DIFFERENT, SAME
from ui.shared.moving_picture import moving_picture

SCRIPT = Path(__file__).with_name("force.js")
MOST = 2.5  # the end of the axis
BEGIN = (1.4, 0.35)  # distances of the same and of the different pair


def force() -> None:
    """Draw the chapter."""
    with chapter(terms.LOSS):
        loss = r"\begin{cases} d^2 & \text{same} \\ \max(\text{margin} - d,\ 0)^2 & \text{different} \end{cases}"
        st.markdown(rf"$\displaystyle L = {loss}$")
        data = {
            "most": MOST,
            "margin": ARTICLE.margin,
            "distances": BEGIN,
            "rate": forces.RATE,
            "momentum": forces.MOMENTUM,
            "colours": [SAME, DIFFERENT],
        }
        moving_picture(SCRIPT, "force", "The forces on a same and on a different pair", data)
        st.caption(
            f"As in training, a step keeps a part, {forces.MOMENTUM:g}, of the step before: so a different pair comes "
            "to rest just beyond the margin."
        )
