"""What the visitor's browser keeps in its tab, so that a reload of the page loses nothing.

The server forgets a visitor with the connection; what is kept in the tab goes with the tab. What comes from there is a
message from a browser, and whoever takes it checks it.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from ui.shared.browser_script import run_script

SCRIPT = Path(__file__).with_suffix(".js")


def keep(key: str, items: Mapping[str, str]) -> None:
    """Let the browser keep texts by their names; an empty one is taken away. key: of this place on the page."""
    run_script(SCRIPT, key, {"items": dict(items), "wanted": []})


def find(key: str, wanted: Collection[str]) -> dict[str, Any]:
    """Return those of the wanted items that the browser has just found, in the run that follows; at first none."""
    found = run_script(SCRIPT, key, {"items": {}, "wanted": list(wanted)}, on_found_change=_nothing).get("found")
    return {name: found[name] for name in wanted if name in found} if isinstance(found, dict) else {}


def _nothing() -> None:
    """Do nothing: Streamlit passes a value on only if it has a callback."""
