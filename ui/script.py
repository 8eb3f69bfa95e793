"""The app's own scripts in the browser, each a component that shows nothing in its own place."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from ui.resources import kept


def run_script(name: str, key: str, data: dict[str, Any], **callbacks: Callable[[], None]) -> Any:
    """Let a script of this folder run with data, and return what it has triggered."""
    with st.container(height=1, border=False):
        return _component(name)(key=key, data=data, height="content", **callbacks)


def _component(name: str) -> Any:
    """Return the component of a script, registered once.

    The server forgets it when it starts anew, as does this cache.
    """
    path = Path(__file__).with_name(f"{name}.js")
    return kept(("script", name), lambda: st.components.v2.component(name, js=path.read_text("utf-8")))
