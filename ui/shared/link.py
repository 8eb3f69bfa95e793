"""The page's link: what the one by which a visitor came asks for, and what the address bar carries for the next one.

The address is replaced, as Streamlit itself does for the widgets bound to it: `st.query_params` would add an entry to
the browser's history with each change, and Back would leave page and settings as they are.
"""

from collections.abc import Collection, Sequence
from pathlib import Path

import streamlit as st

from siamese_core.jobs.run_folder import Run
from ui.shared import resources
from ui.shared.browser_script import run_script
from ui.shared.parts import stay_on_this_page
from ui.shared.state import set_widget_value, state, widget_value

NAMING_RUNS = ("run", "model", "against")  # parameters; what comes before a colon is not the run's id
SCRIPT = Path(__file__).with_suffix(".js")


def read_link() -> None:
    """Note what the link asks for by which the visitor came; `page_frame` calls it."""
    here = state()
    if here.asked is None:
        here.asked = st.query_params.to_dict()
        here.linked = [here.asked[name].rpartition(":")[2] for name in NAMING_RUNS if name in here.asked]


def take(parameter: str) -> str | None:
    """Return what the link asks for, the first time; None later, and where it asks for nothing."""
    return (state().asked or {}).pop(parameter, None)


def take_option(key: str, options: Collection[str], otherwise: str) -> None:
    """Give a selectbox the value that the link has for it.

    Where that is no option, or what was chosen no longer is, note the sentence `otherwise`, and choose the first.
    """
    asked, chosen = take(key), widget_value(key)
    if asked in options and chosen is None:
        set_widget_value(key, asked)
    elif not {asked, chosen} - {None} <= set(options):
        note(otherwise)
        set_widget_value(key, next(iter(options)))


def linked_runs() -> list[Run]:
    """Return the runs that the link named, as far as they are still there."""
    return [run for each in state().linked if (run := resources.jobs().find(each))]


def note(*sentences: str) -> None:
    """Keep sentences for the visitor, until `forget_notes` or another page."""
    state().notes += sentences


def forget_notes() -> None:
    """Take the notes away, as when the visitor has chosen something else."""
    state().notes = []


def show_notes() -> None:
    """Draw the notes."""
    if state().notes:
        st.warning("\n\n".join(state().notes), icon=":material/info:")


def set_link(parameters: dict[str, str], names: Sequence[str]) -> None:
    """Let the page's link carry these parameters, and of the names no others; what else it carries stays."""
    state().link.update({name: parameters.get(name) for name in names})


def keep_link() -> None:
    """Put into the address bar what `set_link` was told. Call it last on a page."""
    run_script(SCRIPT, "link", {"parameters": state().link})
    stay_on_this_page()
