"""Strips of small pictures, each over its caption on a plate of its own, drawn as one image.

One picture is one element instead of many, and the answer comes sooner. It goes to the browser within the page, as a
data URL: as a file it would stay on the server until the whole page runs again, and a stroke runs only a part of it.
"""

import base64
import functools
import io
import math
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image, ImageDraw, ImageFont

from ui.shared.colours import PLATE, PLATE_TEXT

SHARP = 2  # pixels of the result for one on the screen
GAP = 8  # px on the screen, between the pictures
LINE = 20  # px on the screen, for the words
TEXT = 13  # px on the screen
MOST_KEPT = 32  # strips, at most 70 kB each with the pictures they are found by
QUICK = 1  # zlib's level: a sixth larger than its usual, in two thirds of the time
STAGE_SIDE = 64  # px on the screen, of a stage from drawing to image; four of them are as wide as a canvas
PAIR_SIZE = (80, 40)  # px on the screen, of two digits side by side


def strip_width(count: int, width: int) -> int:
    """Return the width of a strip of `count` pictures, in pixels on the screen."""
    return count * width + (count - 1) * GAP


def strip(
    pictures: Sequence[np.ndarray] | np.ndarray,
    captions: Sequence[str],
    size: tuple[int, int],
    colours: Sequence[str] | None = None,
) -> np.ndarray:
    """Return pictures (h, w) uint8 side by side, each in a black box of `size` (width, height) over its caption.

    colours: of the captions, a light grey by default; on their dark plate all can be read in both themes.
    The result is (SHARP * (height + LINE), SHARP * strip_width, 4) uint8 RGBA, transparent where nothing is drawn.
    """
    width, height = size
    field = Image.new("RGBA", (SHARP * strip_width(len(pictures), width), SHARP * (height + LINE)))
    pen, font = ImageDraw.Draw(field), ImageFont.load_default(SHARP * TEXT)
    for i, (picture, caption) in enumerate(zip(pictures, captions, strict=True)):
        left = SHARP * i * (width + GAP)
        field.paste(PLATE, (left, 0, left + SHARP * width, SHARP * (height + LINE)))
        field.paste(_boxed(picture, SHARP * width, SHARP * height), (left, 0))
        place = left + SHARP * width // 2, SHARP * (height + LINE // 2)
        pen.text(
            place, _fitting(caption, font, SHARP * width), colours[i] if colours else PLATE_TEXT, font, anchor="mm"
        )
    return np.asarray(field)


def _fitting(caption: str, font: Any, width: int) -> str:
    """Return a caption no wider than its plate: of "name · 0.12" the name is cut, and a dot stands for the rest.

    The number at the end of a name stays, as it tells "symbol 12" from "symbol 13".
    """
    whole, dot, rest = caption.partition(" · ")
    name = whole.rstrip("0123456789")
    number, shown = whole[len(name) :], caption
    while font.getlength(shown) > width and (name or number):
        name, number = (name[:-1], number) if name else ("", number[:-1])
        shown = f"{name}.{number}{dot}{rest}" if name or not number else f"{number}{dot}{rest}"
    return shown


def side_by_side(left: np.ndarray, right: np.ndarray) -> list[np.ndarray]:
    """Return the pictures (h, 2 w) of pairs of pictures (n, h, w)."""
    return list(np.concatenate([left, right], axis=2))


def _boxed(grey: np.ndarray, width: int, height: int) -> Image.Image:
    """Return a picture (h, w) uint8 in a black box, at its aspect ratio; the pixels of a small image stay visible."""
    scale = min(width / grey.shape[1], height / grey.shape[0])
    resample = Image.Resampling.NEAREST if max(grey.shape) <= min(width, height) else Image.Resampling.BOX
    h, w = (max(1, round(side * scale)) for side in grey.shape)
    image = Image.fromarray(grey).resize((w, h), resample)
    box = Image.new("L", (width, height))
    box.paste(image, ((width - w) // 2, (height - h) // 2))
    return box


def to_grey(picture: np.ndarray) -> np.ndarray:
    """Return a picture (h, w) in [0, 1] as uint8."""
    return (picture * 255).round().astype(np.uint8)


def data_url(image: Image.Image, **options: Any) -> str:
    """Return an image as a PNG in a data URL; options: Pillow's for PNG."""
    file = io.BytesIO()
    image.save(file, "PNG", **options)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")


def packed(rgba: np.ndarray) -> bytes:
    """Return a square canvas (side, side, 4) uint8, whose drawing is white on black, in a few kB."""
    return zlib.compress(np.ascontiguousarray(rgba[..., 0]).tobytes(), QUICK)


def unpacked(content: bytes) -> np.ndarray:
    """Return a canvas that was packed, (CANVAS_SIZE, CANVAS_SIZE, 4) uint8."""
    grey = np.frombuffer(zlib.decompress(content), np.uint8)
    side = math.isqrt(len(grey))
    rgba = np.full((side, side, 4), 255, np.uint8)
    rgba[..., :3] = grey.reshape(side, side, 1)
    return rgba


def shrunk(picture: np.ndarray, side: int) -> np.ndarray:
    """Return a picture (h, w) in [0, 1] as uint8, no larger than a box of this many px on the screen shows it."""
    image = Image.fromarray(to_grey(picture))
    image.thumbnail((SHARP * side, SHARP * side), Image.Resampling.BOX)
    return np.asarray(image)


def show_strip(
    pictures: Sequence[np.ndarray] | np.ndarray,
    captions: Sequence[str],
    size: tuple[int, int],
    colours: Sequence[str] | None = None,
) -> None:
    """Draw pictures side by side, each over its caption; arguments as `strip`."""
    content = tuple((each.tobytes(), each.shape) for each in pictures)
    url = _strip_url(content, tuple(captions), size, colours and tuple(colours))
    st.image(url, width=strip_width(len(pictures), size[0]), alt=", ".join(captions))


@functools.lru_cache(maxsize=MOST_KEPT)
def _strip_url(
    pictures: tuple[tuple[bytes, tuple[int, ...]], ...],
    captions: tuple[str, ...],
    size: tuple[int, int],
    colours: tuple[str, ...] | None,
) -> str:
    """Return a strip as a PNG in a data URL; most are asked for again with the next stroke on the other side."""
    greys = [np.frombuffer(content, np.uint8).reshape(shape) for content, shape in pictures]
    return data_url(Image.fromarray(strip(greys, captions, size, colours)), compress_level=QUICK)
