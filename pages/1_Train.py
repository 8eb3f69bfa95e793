"""Train: retrain the network live and watch the space form."""

import streamlit as st

from siamese_core.jobs.queue import QueueError
from ui.shared import resources
from ui.shared.page import page_frame
from ui.shared.run_name import run_name
from ui.shared.state import set_link, set_widget_value, state, widget_value
from ui.shared.visitor import remember_visitor, visitor
from ui.train.controls import controls, presets, read_link
from ui.train.progress import show_no_run, show_run
from ui.train.results import earlier_runs, measures, sixteen_pairs, use_network


def start_training() -> None:
    state().notes = []
    try:
        run = resources.jobs().submit(config, visitor())
    except QueueError as error:
        state().notes = [str(error)]
        return
    set_widget_value("run", run.id)


page_frame(
    "Train the network",
    "Choose the settings, press Train, and watch images of the same digit move together and those of different digits "
    "move apart.",
)
resources.jobs().worker.warm()
read_link()
config = controls()

mine = resources.jobs().of_visitor(visitor())
with st.container(horizontal=True, gap="small", vertical_alignment="center"):
    under_way = next((run for run in mine if run.active), None)
    st.button(
        "Train",
        type="primary",
        icon=":material/play_arrow:",
        on_click=start_training,
        disabled=under_way is not None,
    )
    st.button(
        "Stop",
        icon=":material/stop:",
        on_click=resources.jobs().stop,
        args=(under_way.id if under_way else "",),
        disabled=under_way is None,
    )
    presets()
for note in state().notes:
    st.warning(note, icon=":material/info:")

shown = {run.id: run for run in reversed(mine)}
if linked := resources.jobs().find(st.query_params.get("run", "")):
    shown[linked.id] = linked
    if widget_value("run") is None:
        set_widget_value("run", linked.id)
if not shown:
    show_no_run(config)
else:
    left, right = st.columns(2, gap="medium")
    chosen = left.selectbox(
        "Run", list(shown), format_func=lambda i: run_name(shown[i]), key="run", persist_state="session"
    )
    compared = right.multiselect(
        "Beside it", [i for i in shown if i != chosen], format_func=lambda i: run_name(shown[i]), key="beside",
        placeholder="earlier runs as thin lines",
    )  # fmt: skip
    set_link({"run": chosen}, ["run"])
    run = shown[chosen]
    show_run(run, under_way, [shown[i] for i in compared])
    if not run.active:
        measures(run)
        use_network(run)
        sixteen_pairs(run)
    earlier_runs(run, mine)
remember_visitor()
