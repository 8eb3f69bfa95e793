"""What a canvas sent, taken as what it is: a message from a browser that may be anybody's program.

What no canvas of this app sends is passed over, as if nothing had come.
"""

import struct
from typing import TYPE_CHECKING, Any

import numpy as np

from siamese_core.config import CANVAS_SIZE
from ui.shared.state import Objects

if TYPE_CHECKING:
    from streamlit_drawable_canvas import CanvasResult  # can be imported in a running server only

MOST_OBJECTS = 1_000
LARGEST_SIDE = 4 * CANVAS_SIZE  # px; a browser may draw finer than the canvas is


def objects_of(result: "CanvasResult") -> Objects | None:
    """Return the objects of a drawing, None if there are none yet."""
    drawing: Any = result.json_data
    found = drawing.get("objects") if isinstance(drawing, dict) else None
    fits = isinstance(found, list) and len(found) <= MOST_OBJECTS and all(isinstance(each, dict) for each in found)
    return found if fits else None


def pixels_of(result: "CanvasResult") -> np.ndarray | None:
    """Return the pixels (h, w, 4) uint8 of a drawing, None if there are none yet."""
    try:
        data = result.image_bytes or b""
        width, height = struct.unpack(">II", data[16:24])  # of a PNG; looked at before anything is decoded
        if not data.startswith(b"\x89PNG") or max(width, height) > LARGEST_SIDE:
            return None
        pixels = result.image_data
    except Exception:  # noqa: BLE001 parsers raise almost anything on what is damaged or hostile
        return None
    fits = pixels is not None and pixels.ndim == 3 and pixels.shape[2] == 4 and pixels.dtype == np.uint8
    return pixels if fits else None
