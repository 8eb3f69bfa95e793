"""Drawings in the canvas's own terms, Fabric.js objects: a picture as an object, and what a drawing is made of."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from siamese_core.config import CANVAS_SIZE, PEN_WIDTH
from ui.shared.state import Objects, Side
from ui.shared.thumbnails import data_url, to_grey

PICTURE, STROKE = "Image", "Path"  # types of objects
PEN = {
    "fill": None, "stroke": "#ffffff", "strokeWidth": PEN_WIDTH, "strokeLineCap": "round", "strokeLineJoin": "round",
}  # fmt: skip
DOT = 0.1  # px, the length of a dot


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
    words = "a test digit" if side.source and side.source.test_index is not None else "a picture"
    return {"picture": words if pictures else "", "strokes": len(side.objects) - pictures}


def stroke_objects(strokes: Sequence[Any]) -> Objects:
    """Return strokes, each a list of points (x, y) in pixels of the canvas, as objects of the canvas."""
    return [{"type": STROKE, "path": _path(stroke), **PEN} for stroke in strokes]


def strokes_of(objects: Objects) -> list[np.ndarray]:
    """Return the strokes (k, 2) of a drawing, in pixels of the canvas; none if there is a picture in it."""
    paths = [each["path"] for each in objects if each.get("type") != PICTURE]
    if len(paths) < len(objects):
        return []
    return [np.array([command[-2:] for command in path], np.float64) for path in paths]


def _path(stroke: Any) -> list[list[Any]]:
    """Return a stroke as a path's commands; that of a dot has a length, without which nothing would be drawn."""
    points = [[float(x), float(y)] for x, y in stroke]
    (x, y), *rest = points
    return [["M", x, y], *(["L", *point] for point in rest or [[x + DOT, y]])]
