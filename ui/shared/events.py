"""Clicks and selections on the charts of a page."""

from pathlib import Path
from typing import Any, NamedTuple

from ui.shared.browser_script import run_script

SCRIPT = Path(__file__).with_suffix(".js")


class Events(NamedTuple):
    """The event that caused this run; the others are None."""

    clicked: dict[str, Any] | None  # "id" (None for a click beside the digits), "x" and "y"
    selected: dict[str, Any] | None  # "ids"


def events(charts: list[str], key: str) -> Events:
    """Return the events on the charts with these keys; an id is a digit's index among those shown."""
    names = Events._fields
    callbacks = {f"on_{name}_change": _nothing for name in names}
    result = run_script(SCRIPT, key, {"charts": charts}, **callbacks)
    return Events(*(result.get(name) for name in names))


def _nothing() -> None:
    """Do nothing: Streamlit passes an event on only if it has a callback."""
