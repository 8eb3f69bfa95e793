"""Parts of a page that run by themselves, so that a stroke draws anew what it changes and nothing else.

A callback asks for the parts to run, and Streamlit then runs those instead of what it would have run: also instead of
what an earlier callback had asked for, and, where two requests have become one, instead of the whole page or another
page. So a part is owed its run until it has come to its end, and where the whole page is due, it runs.
"""

import functools
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, ParamSpec

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.shared.state import set_widget_value, state

P = ParamSpec("P")
NOTHING = "nothing"  # key of a part that shows nothing, for what changes nothing


def part(key: str) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Make a function a part of the page, by this key."""

    def make(draw: Callable[P, None]) -> Callable[P, None]:
        @functools.wraps(draw)
        def to_its_end(*args: P.args, **kwargs: P.kwargs) -> None:
            take_given()
            state().parts.add(key)
            draw(*args, **kwargs)
            state().owed.discard(key)

        return st.fragment(to_its_end, key=key)

    return make


@part(NOTHING)
def nothing() -> None:
    """Stand on a page where some callbacks change nothing."""


def run_parts(*keys: str) -> None:
    """End a callback: run these parts of the page and those still owed a run, or the page where all of it is due."""
    here = state()
    here.owed.update(keys)
    due = here.owed & here.parts or here.parts & {NOTHING}
    if due and not _page_is_due():  # nothing is due when a canvas has a last word after its page has gone
        st.rerun(sorted(due))


def give(key: str, value: Any) -> None:
    """Let a widget take a value when its part runs, in a callback that ends with `run_parts`.

    Set at once, the value would reach the server's own widget alone: Streamlit tells the browser only of what is set in
    the run that draws the widget, and the callback's is another.
    """
    state().given[key] = value


def take_given() -> None:
    """Hand out the values that were given; parts do so themselves."""
    while state().given:
        set_widget_value(*state().given.popitem())


def stay_on_this_page() -> None:
    """Let no late message of another page's part take the visitor back there. Call it last on a page.

    A part of the page that a visitor has just left may still ask for a run: a canvas that sends a stroke, or a button
    pressed before the new page came. Streamlit notes the old page with it, finds no such part when this page has run,
    and leaves the browser with an empty page. What the message tells is taken; the page it names becomes this one.
    """
    context = get_script_run_ctx()
    requests = context and context.script_requests
    if not (context and requests):
        return
    with suppress(AttributeError), requests._lock:
        late = requests._rerun_data
        if late.fragment_id_queue and late.page_script_hash != context.page_script_hash:
            requests._rerun_data = replace(late, page_script_hash=context.page_script_hash)


def _page_is_due() -> bool:
    """Return whether Streamlit is about to run the whole page, maybe another one."""
    context = get_script_run_ctx()
    return context is None or context.fragment_ids_this_run is None
