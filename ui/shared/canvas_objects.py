"""Drawings in the canvas's own terms, Fabric.js objects: a picture as an object, and what a drawing is made of."""

import base64
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from siamese_core.config import CANVAS_SIZE, PEN_WIDTH
from siamese_core.datasets.symbol_file import FAR
from ui.shared.state import Objects, Side
from ui.shared.thumbnails import SHARP, data_url, to_grey

PICTURE, STROKE = "Image", "Path"  # types of objects
PEN = {
    "fill": None, "stroke": "#ffffff", "strokeWidth": PEN_WIDTH, "strokeLineCap": "round", "strokeLineJoin": "round",
}  # fmt: skip
LARGEST_PICTURE = 2 * CANVAS_SIZE  # px, the longer side of a picture in a drawing
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


def content(side: Side, one: str) -> dict[str, Any]:
    """Return what a drawing is made of: the picture in it in words, "" if there is none, and the number of strokes.

    one: what the network compares, such as "digit".
    """
    pictures = sum(each.get("type") == PICTURE for each in side.objects)
    words = f"a test {one}" if side.source and side.source.test_index is not None else "a picture"
    return {"picture": words if pictures else "", "strokes": len(side.objects) - pictures}


def stroke_objects(strokes: Sequence[Any]) -> Objects:
    """Return strokes, each a list of points (x, y) in pixels of the canvas, as objects of the canvas."""
    return [{"type": STROKE, "path": _path(stroke), **PEN} for stroke in strokes]


def strokes_of(objects: Objects) -> list[np.ndarray]:
    """Return the strokes (k, 2) of a drawing, in pixels of the canvas.

    None if there is a picture in it, or what no canvas draws: the objects come from a browser.
    """
    if any(each.get("type") == PICTURE for each in objects):
        return []
    try:
        strokes = [np.array([command[-2:] for command in each["path"]], np.float64) for each in objects]
    except (KeyError, TypeError, ValueError):
        return []
    drawn = all(each.ndim == 2 and each.shape[1] == 2 and (np.abs(each) <= FAR).all() for each in strokes)
    return strokes if drawn else []


def painted(objects: Objects) -> np.ndarray:
    """Return a drawing as the canvas shows it, (h, w, 4) uint8; the strokes go straight from point to point."""
    whole = Image.new("L", (SHARP * CANVAS_SIZE, SHARP * CANVAS_SIZE))
    for each in objects:
        if each.get("type") == PICTURE:
            whole.paste(*_picture(each))
        else:
            _paint(ImageDraw.Draw(whole), SHARP * np.array([command[-2:] for command in each["path"]], np.float64))
    return np.asarray(whole.reduce(SHARP).convert("RGBA"))


def _picture(each: dict[str, Any]) -> tuple[Image.Image, tuple[int, int]]:
    """Return the picture of an object, and where it lies."""
    opened = Image.open(io.BytesIO(base64.b64decode(each["src"].partition(",")[2])))
    if max(opened.size) > LARGEST_PICTURE:  # before it is decoded
        raise ValueError(f"expected a picture of at most {LARGEST_PICTURE} px, got {opened.width} x {opened.height}")
    picture = opened.convert("L")
    size = SHARP * picture.width, SHARP * picture.height
    return picture.resize(size), (round(SHARP * each["left"]), round(SHARP * each["top"]))


def _paint(pen: ImageDraw.ImageDraw, points: np.ndarray) -> None:
    """Paint a stroke through points (k, 2) with a round pen."""
    radius = SHARP * PEN_WIDTH / 2
    pen.line([(x, y) for x, y in points.tolist()], 255, SHARP * PEN_WIDTH)
    for x, y in points.tolist():
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), 255)


def _path(stroke: Any) -> list[list[Any]]:
    """Return a stroke as a path's commands; that of a dot has a length, without which nothing would be drawn."""
    points = [[float(x), float(y)] for x, y in stroke]
    (x, y), *rest = points
    return [["M", x, y], *(["L", *point] for point in rest or [[x + DOT, y]])]
