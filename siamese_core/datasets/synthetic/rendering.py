"""Synthetic drawings: strokes drawn with the canvas's pen and turned into images like its drawings.

Half the canvas's resolution is enough, as the ink is scaled to 20 x 20 afterwards.
"""

from collections.abc import Iterable

import numpy as np

from siamese_core.config import CANVAS_SIZE, PEN_WIDTH
from siamese_core.datasets.dataset import Dataset, to_uint8
from siamese_core.datasets.synthetic.non_digits import no_digit
from siamese_core.datasets.synthetic.strokes import FORMS, digit_strokes
from siamese_core.imaging.canonical import ink_to_digit

HEIGHTS = (0.3, 0.7)  # range of the longer side of the pen's path, as a share of the canvas
SCALE = 0.5  # pixels drawn per pixel of the canvas
APART = 1.5  # pixels between two dabs of the pen; their outline is then smooth to 0.06 pixels


def drawn_digits(n: int, rng: np.random.Generator) -> Dataset:
    """Draw n digits, the ten labels in turn: a data set of images (n, 28, 28) like MNIST's."""
    labels = np.arange(n, dtype=np.int64) % len(FORMS)
    images = images_of((digit_strokes(label, rng) for label in labels.tolist()), rng)
    return Dataset("drawn digits", images, labels, tuple(map(str, FORMS)))


def drawn_non_digits(n: int, rng: np.random.Generator) -> Dataset:
    """Draw n non-digits, each a class of its own: a data set of images (n, 28, 28)."""
    images = images_of((no_digit(rng) for _ in range(n)), rng)
    return Dataset("non-digits", images, np.arange(n, dtype=np.int64), tuple(f"non-digit {i}" for i in range(n)))


def images_of(drawings: Iterable[list[np.ndarray]], rng: np.random.Generator) -> np.ndarray:
    """Turn the drawings into images, one after the other: (n, 28, 28) uint8."""
    return np.stack([to_uint8(seen(strokes, rng)) for strokes in drawings])


def seen(strokes: list[np.ndarray], rng: np.random.Generator, pen_width: float = PEN_WIDTH) -> np.ndarray:
    """Draw polylines (k, 2) at a random height and return the canvas's image of them, (28, 28) float32 in [0, 1]."""
    return ink_to_digit(draw(strokes, rng.uniform(*HEIGHTS) * CANVAS_SIZE, pen_width))


def draw(strokes: list[np.ndarray], height: float, pen_width: float = PEN_WIDTH) -> np.ndarray:
    """Draw polylines (k, 2), their longer side `height` pixels of the canvas, with a round pen.

    pen_width: in pixels of the canvas. Returns the ink (h, w) float32 in [0, 1] at half the canvas's resolution,
    cropped to the drawing.
    """
    points = np.concatenate(strokes)
    corner, side = points.min(axis=0), float(np.ptp(points, axis=0).max())
    radius = pen_width * SCALE / 2
    rim = int(np.ceil(radius + 0.5)) + 1
    scale = height * SCALE / max(side, 1e-6)
    path = np.concatenate([_dense((stroke - corner) * scale + rim) for stroke in strokes])
    width, height_px = (np.ceil(path.max(axis=0)) + rim).astype(int)
    ink = np.zeros((height_px, width), np.float32)
    reach = np.arange(-rim, rim)
    x, y = (np.floor(side).astype(int)[:, None] + reach for side in path.T)  # (m, 2 rim): the pixels a dab may touch
    dx, dy = x + 0.5 - path[:, :1], y + 0.5 - path[:, 1:]
    dabs = np.clip(radius + 0.5 - np.hypot(dx[:, None, :], dy[:, :, None]), 0, 1)  # (m, 2 rim, 2 rim)
    np.maximum.at(ink, (y[:, :, None], x[:, None, :]), dabs.astype(np.float32))
    return ink


def _dense(stroke: np.ndarray) -> np.ndarray:
    """Return points on the polyline that are at most APART pixels apart, (m, 2)."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])
    at = np.linspace(0, along[-1], int(np.ceil(along[-1] / APART)) + 1)
    return np.stack([np.interp(at, along, side) for side in stroke.T], axis=1)
