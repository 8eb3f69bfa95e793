"""The app's own scripts in the browser, each an invisible Streamlit component."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from ui.shared.resources import kept


def run_script(file: Path, key: str, data: dict[str, Any], **callbacks: Callable[[], None]) -> Any:
    """Run a script with data, and return the values that it has triggered."""
    with st.container(height=1, border=False):
        return _component(file)(key=key, data=data, height="content", **callbacks)


def _component(file: Path) -> Any:
    """Return the component of a script, registered once: the registration lasts as long as this cache."""
    name = f"{file.parent.name}_{file.stem}"
    return kept(("script", name), lambda: st.components.v2.component(name, js=file.read_text("utf-8")))
