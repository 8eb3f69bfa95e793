"""The app's own scripts in the browser, each a component without a look of its own."""

from pathlib import Path
from typing import Any

import streamlit as st

from ui.resources import kept


def script(name: str) -> Any:
    """Return the component of a script in this folder, registered once.

    The server forgets it when it starts anew, as does this cache.
    """
    path = Path(__file__).with_name(f"{name}.js")
    return kept(("script", name), lambda: st.components.v2.component(name, js=path.read_text("utf-8")))
