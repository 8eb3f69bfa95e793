"""The buttons that start and stop a training, and what is said before it starts."""

import streamlit as st

from siamese_core.jobs.queue import QueueError
from siamese_core.jobs.run_folder import Run
from ui.shared import resources
from ui.shared.link import forget_notes, note, show_notes
from ui.shared.state import set_widget_value
from ui.shared.visitor import visitor
from ui.train import subject
from ui.train.controls import config_at_click, presets
from ui.train.duration import duration


def buttons(under_way: Run | None) -> None:
    """Draw the buttons, the time limit, and notes; under_way: the visitor's training that waits or runs."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            "Train",
            type="primary",
            icon=":material/play_arrow:",
            on_click=_start,
            disabled=under_way is not None or bool(subject.complaint()),
        )
        st.button(
            "Stop",
            icon=":material/stop:",
            on_click=_stop,
            disabled=under_way is None or under_way.asked_to_stop,
        )
        presets()
    limit = duration(resources.limits().seconds)
    st.caption(f"A training ends after {limit} at the latest, and keeps what it has learned by then.")
    if (cluster := resources.cluster()) and cluster.note:
        st.caption(f":material/cloud_off: {cluster.note}")
    show_notes()


def training_under_way(mine: list[Run]) -> Run | None:
    """Return which of the visitor's trainings waits or runs, None if none does."""
    return next((run for run in mine if run.active), None)


def _start() -> None:
    forget_notes()
    if said := subject.complaint():
        note(said)
        return
    try:
        run = resources.jobs().submit(config_at_click(), visitor(), subject.key())
    except QueueError as error:
        note(str(error))
        return
    set_widget_value("run", run.id)


def _stop() -> None:
    if run := training_under_way(resources.jobs().of_visitor(visitor())):
        resources.jobs().stop(run.id)
