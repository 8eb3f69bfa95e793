"""Clicks and selections on the charts of the Embeddings page, and the picture of the digit under the pointer."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from siamese_core.config import IMAGE_SIZE
from ui.embeddings.network_space import Space, shown
from ui.shared.browser_script import run_script
from ui.shared.resources import kept
from ui.shared.thumbnails import data_url

SCRIPT = Path(__file__).with_suffix(".js")
COLUMNS = 50  # digits in a row of the sheet


def show_pictures(of: Space, charts: list[str]) -> None:
    """Show the picture of the digit under the pointer, over the charts with these keys."""
    sheet = kept(("sheet", of.split, of.size, of.trained_on), lambda: _sheet(shown(of).digits.images))
    run_script(SCRIPT, "pictures", {"charts": charts, "sheet": sheet, "columns": COLUMNS})


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


def _sheet(images: np.ndarray) -> str:
    """Return images (n, 28, 28) uint8 side by side as one PNG, in a data URL."""
    rows = -(-len(images) // COLUMNS)
    field = np.zeros((rows * COLUMNS, IMAGE_SIZE, IMAGE_SIZE), np.uint8)
    field[: len(images)] = images
    sheet = field.reshape(rows, COLUMNS, IMAGE_SIZE, IMAGE_SIZE).swapaxes(1, 2)
    return data_url(Image.fromarray(sheet.reshape(rows * IMAGE_SIZE, COLUMNS * IMAGE_SIZE)), compress_level=4)
