"""A finished run played from epoch to epoch, as the trainings on How it works."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from siamese_core.jobs.records import Mapped
from siamese_core.jobs.run_folder import Run
from siamese_core.training.monitor import Frame
from ui.shared.player import Panel, player
from ui.shared.run_name import run_name

MOST_FRAMES = 60  # of a run, evenly chosen: some 160 kB to the browser


def replay(run: Run, frames: Sequence[Frame], mapped: Mapped) -> None:
    """Draw, folded away, the map of a finished run as a moving picture; mapped: the images on it."""
    if run.active or len(frames) < 2 or len(frames[0].xy) != len(mapped.labels):
        return
    folded = st.expander("Play the epochs", icon=":material/play_circle:", key=f"play_{run.id}", on_change="rerun")
    if not folded.open:  # what nobody sees need not be sent
        return
    chosen = np.unique(np.linspace(0, len(frames) - 1, min(MOST_FRAMES, len(frames))).round().astype(int))
    shown = [frames[i] for i in chosen]
    with folded:
        player(
            f"player_{run.id}",
            "The training, from epoch to epoch",
            [Panel(run_name(run), np.stack([f.xy for f in shown]), [f"threshold {f.threshold:.2f}" for f in shown])],
            mapped.labels,
            mapped.class_names,
            [f"epoch {f.epoch:.3g} of {run.config.epochs}" if f.epoch else "untrained" for f in shown],
        )
