"""Drawings in the canvas's own terms, Fabric.js objects: a picture as an object, and what a drawing is made of."""

from typing import Any

import numpy as np
from PIL import Image

from siamese_core.config import CANVAS_SIZE
from ui.shared.state import Side
from ui.shared.thumbnails import data_url, to_grey

PICTURE = "Image"  # the type of a picture


def picture_object(grey: np.ndarray, share: float) -> dict[str, Any]:
    """Return a picture (h, w) in [0, 1] as an object of the canvas, in its middle, its longer side a share of it."""
    scale = share * CANVAS_SIZE / max(grey.shape)
    height, width = (max(1, round(side * scale)) for side in grey.shape)
    image = Image.fromarray(to_grey(grey)).resize((width, height), Image.Resampling.BICUBIC)
    return {
        "type": PICTURE,
        "src": data_url(image),
        "left": (CANVAS_SIZE - width) // 2,
        "top": (CANVAS_SIZE - height) // 2,
        "originX": "left",
        "originY": "top",
        "angle": 0,
    }


def content(side: Side) -> dict[str, Any]:
    """Return what a drawing is made of: the picture in it in words, "" if there is none, and the number of strokes."""
    pictures = sum(each.get("type") == PICTURE for each in side.objects)
    words = "a test image" if side.source and side.source.test_index is not None else "a picture"
    return {"picture": words if pictures else "", "strokes": len(side.objects) - pictures}
