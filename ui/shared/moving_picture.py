"""Moving pictures: what is dragged or played in them answers in the browser, and no page runs for it.

Python hands over all numbers; the script of a picture looks them up. `moving.js` is what all such scripts share.
"""

import base64
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from ui.shared.resources import kept

SHARED = Path(__file__).with_name("moving.js")
STYLE = Path(__file__).with_name("moving.css")


def moving_picture(script: Path, key: str, name: str, data: dict[str, Any]) -> None:
    """Draw a moving picture; name: what it is, for who cannot see it."""
    component = kept(("moving picture", script.stem), lambda: _register(script))
    with st.container(key=key):
        component(key=f"{key}_picture", data={"name": name, **data}, height="content")


def as_bytes(values: np.ndarray) -> str:
    """Return numbers from 0 to 255, rounded, as text for a script."""
    return base64.b64encode(np.clip(np.round(values), 0, 255).astype(np.uint8).tobytes()).decode("ascii")


def as_words(values: np.ndarray) -> str:
    """Return numbers from 0 to 65,535, rounded, as text for a script."""
    return base64.b64encode(np.clip(np.round(values), 0, 65_535).astype("<u2").tobytes()).decode("ascii")


def _register(script: Path) -> Any:
    source = "\n".join(file.read_text("utf-8") for file in (SHARED, script))
    return st.components.v2.component(f"moving_{script.stem}", js=source, css=STYLE.read_text("utf-8"))
