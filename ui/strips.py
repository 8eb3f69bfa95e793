"""Several small pictures with a word under each, as one picture: arrays in, an array out; imports no streamlit.

One picture is one request of the browser after each stroke instead of many, and the answer comes sooner.
"""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from siamese_core.config import IMAGE_SIZE

SHARP = 2  # pixels of the result for one on the screen
GAP = 8  # px on the screen, between the pictures
LINE = 20  # px on the screen, for the words
TEXT = 13  # px on the screen
GREY = (138, 148, 153, 255)  # readable on light and on dark


def strip_width(count: int, size: int) -> int:
    """Return how wide a strip of so many pictures of one size is, in pixels on the screen."""
    return count * size + (count - 1) * GAP


def strip(pictures: Sequence[np.ndarray], words: Sequence[str], size: int) -> np.ndarray:
    """Return pictures (h, w) in [0, 1], each in a black square of `size` over its word, side by side.

    The result is (SHARP * (size + LINE), SHARP * strip_width, 4) uint8 RGBA, transparent where nothing is drawn.
    """
    field = Image.new("RGBA", (SHARP * strip_width(len(pictures), size), SHARP * (size + LINE)))
    pen, font = ImageDraw.Draw(field), ImageFont.load_default(SHARP * TEXT)
    for i, (picture, word) in enumerate(zip(pictures, words, strict=True)):
        left = SHARP * i * (size + GAP)
        field.paste(_square(picture, SHARP * size), (left, 0))
        pen.text((left + SHARP * size // 2, SHARP * (size + LINE // 2 + 2)), word, GREY, font, anchor="mm")
    return np.asarray(field)


def _square(grey: np.ndarray, size: int) -> Image.Image:
    """Return a picture (h, w) in [0, 1] on a black square, its aspect kept; the pixels of a digit stay visible."""
    scale = size / max(grey.shape)
    resample = Image.Resampling.NEAREST if max(grey.shape) <= IMAGE_SIZE else Image.Resampling.BOX
    height, width = (max(1, round(side * scale)) for side in grey.shape)
    image = Image.fromarray((grey * 255).round().astype(np.uint8)).resize((width, height), resample)
    square = Image.new("L", (size, size))
    square.paste(image, ((size - width) // 2, (size - height) // 2))
    return square
