"""Digits as a visitor draws them, stroke by stroke: what the canvas sends, and what siamese_core makes of it."""

import base64
import io
import itertools
import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from siamese_core.config import ANYTHING_MODEL, CANVAS_SIZE, PEN_WIDTH
from siamese_core.datasets.synthetic.strokes import FORMS, digit_strokes
from siamese_core.imaging.canonical import canvas_to_image
from siamese_core.imaging.picture_error import PictureError
from siamese_core.metrics.distances import distance

SHARPER = 2  # times the canvas's resolution, then averaged, for soft edges
SIZE = 0.6  # of the canvas: a digit's box

Strokes = list[np.ndarray]  # each (k, 2), in pixels of the canvas


class Drawing(NamedTuple):
    """What a canvas holds after a stroke."""

    value: str  # as the canvas sends it, in JSON
    embedding: np.ndarray  # (d,), of its picture, by the network for digits
    as_symbol: np.ndarray  # (d,), by the one for anything
    unlike: bool  # whether it is unlike all digits, so that a pair with it is judged as symbols


def drawings(count: int, rng: np.random.Generator) -> list[list[Drawing]]:
    """Return digits, each as its drawings after one, two or more strokes; in all so many drawings or a few more.

    Each drawing is read as a digit: one that begins with a dash, to which the page gives no distance, is left out.
    """
    from siamese_core.networks.model import load_model

    made: list[tuple[Strokes, np.ndarray, np.ndarray]] = []  # with the picture and the image that is made of it
    while len(made) < count:
        box = digit_strokes(int(rng.integers(len(FORMS))), rng)  # of 100 x 100
        strokes = [(0.5 + SIZE * (stroke / 100 - 0.5)) * CANVAS_SIZE for stroke in box]
        parts = [strokes[: i + 1] for i in range(len(strokes))]
        pictures = [picture(part) for part in parts]
        with suppress(PictureError):
            made += list(zip(parts, pictures, [canvas_to_image(each) for each in pictures], strict=True))
    images, anything = np.stack([image for _, _, image in made]), load_model(ANYTHING_MODEL)
    as_symbols = anything.embed(images)
    seen = zip(load_model().embed(images), as_symbols, anything.is_novel(as_symbols), strict=True)
    digits: list[list[Drawing]] = []
    for (strokes, shown, _), each in zip(made, seen, strict=True):
        if len(strokes) == 1:
            digits.append([])
        digits[-1].append(Drawing(canvas_value(strokes, shown), *each))
    return digits


def drawings_made_apart(count: int, seed: int) -> list[list[Drawing]]:
    """Return `drawings`, made by another process: it loads the encoders, and this one does not."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as other:
        return other.submit(drawings, count, np.random.default_rng(seed)).result()


def apart(left: Drawing, right: Drawing) -> float:
    """Return the distance that the page must show for two drawings."""
    as_symbols = left.unlike or right.unlike
    a, b = (each.as_symbol if as_symbols else each.embedding for each in (left, right))
    return float(distance(a[None], b[None])[0])


def picture(strokes: Strokes) -> np.ndarray:
    """Draw strokes with the canvas's round pen, white on black: (280, 280, 4) uint8."""
    size = SHARPER * CANVAS_SIZE
    image = Image.new("L", (size, size))
    pen = ImageDraw.Draw(image)
    for stroke in strokes:
        points = [(float(x), float(y)) for x, y in SHARPER * stroke]
        pen.line(points, 255, SHARPER * PEN_WIDTH)
        for point in points:
            pen.circle(point, SHARPER * PEN_WIDTH / 2, 255)
    return np.asarray(image.resize((CANVAS_SIZE, CANVAS_SIZE), Image.Resampling.BOX).convert("RGBA"))


def canvas_value(strokes: Strokes, rgba: np.ndarray) -> str:
    """Return the JSON that the canvas sends: the strokes as objects of Fabric.js, and their picture."""
    file = io.BytesIO()
    Image.fromarray(rgba).save(file, "PNG")
    url = "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")
    objects = [_fabric(stroke.round(3).tolist()) for stroke in strokes]
    return json.dumps({"drawing": {"raw": {"objects": objects, "background": "#000000"}, "data": url}})


def _fabric(points: list[list[float]]) -> dict[str, Any]:
    curves = [["Q", *a, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2] for a, b in itertools.pairwise(points)]
    path = [["M", *points[0]], *curves, ["L", *points[-1]]]
    return {"type": "Path", "fill": None, "stroke": "#ffffff", "strokeWidth": PEN_WIDTH, "path": path}


BLANK = canvas_value([], picture([]))  # what the canvas sends once it is emptied
