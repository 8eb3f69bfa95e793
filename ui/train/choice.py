"""Which run the Train page shows: choosing one, naming and deleting it, and taking over its settings."""

from collections.abc import Callable

import streamlit as st

from siamese_core.jobs.queue import QueueError
from siamese_core.jobs.run_folder import LONGEST_NAME, Run
from ui.shared import resources
from ui.shared.link import forget_notes, linked_runs, note, set_link, take
from ui.shared.run_name import run_name
from ui.shared.state import set_widget_value, state, widget_value
from ui.shared.visitor import visitor
from ui.shared.words import listed
from ui.train import settings, subject
from ui.train.controls import chosen_config, take_over

GONE = "The run that this link names is not here, or not any more: a run is kept for a while only."
SHOWN_SETTINGS = 6  # named at most where a run's settings differ from those chosen


def read_run_link() -> None:
    """Show the run that the link asks for, or note that it is gone."""
    asked = take("run")
    if asked is None:
        return
    if resources.jobs().find(asked):
        set_widget_value("run", asked)
    else:
        note(GONE)


def runs_to_show(mine: list[Run]) -> dict[str, Run]:
    """Return the visitor's runs, the newest first, and those of the link, by id."""
    return {run.id: run for run in [*reversed(mine), *linked_runs()]}


def choose_run(shown: dict[str, Run]) -> tuple[Run, list[Run]]:
    """Draw the choice of a run, and return it and the runs to draw beside it."""
    if widget_value("run") not in shown:
        set_widget_value("run", next(iter(shown)))
    titles = {run.id: run_name(run) for run in shown.values()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Run", list(titles), format_func=titles.__getitem__, key="run", persist_state="session")
        compared = st.multiselect(
            "Beside it", [i for i in shown if i != chosen], format_func=titles.__getitem__, key="beside",
            placeholder="other runs as thin lines", disabled=len(shown) < 2,
        )  # fmt: skip
        if shown[chosen].visitor == visitor():
            _name_or_delete(shown[chosen])
    set_link({"run": chosen}, ["run"])
    _offer_settings(shown[chosen])
    return shown[chosen], [shown[i] for i in compared]


def _name_or_delete(run: Run) -> None:
    with st.popover("Name or delete", icon=":material/edit:"):
        st.text_input(
            "Name", run.name, LONGEST_NAME, key=f"name_{run.id}", on_change=_rename, args=(run.id,),
            placeholder=f"Run {run.number}",
        )  # fmt: skip
        st.button(
            "Delete this run and its network", icon=":material/delete:", on_click=_delete, args=(run.id,),
            disabled=run.active, help="A training under way must be stopped first." if run.active else None,
        )  # fmt: skip


def _offer_settings(run: Run) -> None:
    """Say in what a run differs from the settings above, and offer to take its settings over."""
    chosen = chosen_config()
    names = settings.differences(chosen, run.config)
    values = settings.settings_of(run.config)
    told = [*_other_subject(run), *(f"{settings.label_of(n)} {settings.words_of(n, values[n])}" for n in names)]
    if not told:
        return
    more = f" and {len(told) - SHOWN_SETTINGS} more" if len(told) > SHOWN_SETTINGS else ""
    with st.container(horizontal=True, vertical_alignment="center", key="other_settings"):
        st.caption(f"This run has other settings than those above: {', '.join(told[:SHOWN_SETTINGS])}{more}.")
        st.button("Take over its settings", icon=":material/arrow_upward:", on_click=_take_over, args=(run,))


def _other_subject(run: Run) -> list[str]:
    """Say which other data set a run has, and which other classes it leaves out."""
    found = subject.subjects()
    told = []
    if run.data != subject.key():
        told.append(f"data set {found[run.data].title if run.data in found else 'that is not kept any more'}")
    if run.config.left_out != subject.left_out():
        told.append(f"without {listed(run.config.left_out)}" if run.config.left_out else "all classes")
    return told


def _take_over(run: Run) -> None:
    subject.take_over(run.data, run.config.left_out)
    values = settings.to_link(settings.settings_of(run.config))
    usable, _ = settings.from_link(values, resources.limits(), subject.available())
    state().data = subject.key()
    take_over(usable)


def _rename(run_id: str) -> None:
    set_widget_value("run", run_id)  # for the browser the choice is its title, which is about to change
    _try(lambda: resources.jobs().rename(run_id, visitor(), widget_value(f"name_{run_id}") or ""))


def _delete(run_id: str) -> None:
    _try(lambda: resources.jobs().delete(run_id, visitor()))


def _try(act: Callable[[], None]) -> None:
    forget_notes()
    try:
        act()
    except QueueError as error:
        note(str(error))
