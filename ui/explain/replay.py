"""Chapter 4: three recorded trainings, with a small, a usual and a large margin."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from siamese_core.config import EXPLAINED
from siamese_core.datasets.dataset import DataError
from siamese_core.datasets.pairs import create_balanced_pairs
from siamese_core.training.forces import batch_forces
from siamese_core.training.recording import Recordings, read_recordings
from ui.explain.chapters import chapter
from ui.shared import resources, terms
from ui.shared.player import Panel, player
from ui.shared.told import told

BATCH = 24  # digits with arrows
SETTINGS = ("encoder", "embedding_size", "pairing", "per_image", "training_images", "epochs", "batch_size", "optimizer",
            "learning_rate", "seed")  # fmt: skip


def replay() -> None:
    """Draw the chapter."""
    with chapter(terms.TRAINING):
        try:
            found = resources.kept(("recordings",), lambda: read_recordings(EXPLAINED / "training.npz"))
        except DataError as error:
            st.error(f"The recordings cannot be shown: {told(error)}.", icon=":material/error:")
            return
        player(
            "replay",
            "Three trainings side by side",
            resources.kept(("recorded panels",), lambda: panels(found)),
            found.labels,
            found.class_names,
            [f"epoch {epoch:.2f} of {found.epochs[-1]:g}" if epoch else "untrained" for epoch in found.epochs],
            arrows_of=range(BATCH),
            most_side=300,
        )
        links = ", ".join(f"[margin {margin:g}]({train_link(found.settings, margin)})" for margin in found.margins)
        st.markdown(f"Train this yourself, on all ten digits: {links}. The page opens beside this one.")


def panels(found: Recordings) -> list[Panel]:
    """Return a panel for each margin, with the forces of one batch of the digits shown."""
    pairs = create_balanced_pairs(found.labels[:BATCH], per_image=2, rng=np.random.default_rng(0))
    return [
        Panel(
            title=f"margin {margin:g}",
            xy=xy,
            notes=[f"{rate:.0%} of pairs wrong (EER)" for rate in eer],
            ruler=float(margin),
            arrows=np.stack([batch_forces(frame[:BATCH], pairs, float(margin)) for frame in xy]),
        )
        for margin, xy, eer in zip(found.margins, found.xy, found.eer, strict=True)
    ]


def train_link(settings: Mapping[str, Any], margin: float) -> str:
    """Return a link to Train with the settings of the recorded trainings."""
    chosen = {name: settings[name] for name in SETTINGS}
    words = {name: f"{value:g}" if isinstance(value, float) else str(value) for name, value in chosen.items()}
    return "Train?" + urlencode({"margin": f"{margin:g}", **words})
