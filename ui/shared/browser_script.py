"""The app's own scripts in the browser, each a component that shows nothing in its own place."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from ui.shared.resources import kept


def run_script(file: Path, key: str, data: dict[str, Any], **callbacks: Callable[[], None]) -> Any:
    """Let a script run with data, and return what it has triggered."""
    with st.container(height=1, border=False):
        return _component(file)(key=key, data=data, height="content", **callbacks)


def _component(file: Path) -> Any:
    """Return the component of a script, registered once.

    The server forgets it when it starts anew, as does this cache.
    """
    name = f"{file.parent.name}_{file.stem}"
    return kept(("script", name), lambda: st.components.v2.component(name, js=file.read_text("utf-8")))
