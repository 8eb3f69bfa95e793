"""The picture of the digit under the pointer, over a map."""

import numpy as np
from PIL import Image

from ui.embeddings.network_space import Space, shown
from ui.shared.browser_script import run_script
from ui.shared.events import SCRIPT
from ui.shared.resources import kept
from ui.shared.thumbnails import data_url

COLUMNS = 50  # digits in a row of the sheet


def show_pictures(of: Space, charts: list[str]) -> None:
    """Show the picture of the digit under the pointer, over the charts with these keys."""
    sheet = kept(("sheet", of.split, of.size, of.trained_on, of.data), lambda: _sheet(shown(of).digits.images))
    run_script(SCRIPT, "pictures", {"charts": charts, "sheet": sheet, "columns": COLUMNS})


def _sheet(images: np.ndarray) -> str:
    """Return images (n, side, side) uint8 side by side as one PNG, in a data URL."""
    rows, side = -(-len(images) // COLUMNS), images.shape[1]
    field = np.zeros((rows * COLUMNS, side, side), np.uint8)
    field[: len(images)] = images
    sheet = field.reshape(rows, COLUMNS, side, side).swapaxes(1, 2)
    return data_url(Image.fromarray(sheet.reshape(rows * side, COLUMNS * side)), compress_level=4)
