"""From a drawing to one MNIST-like digit, the way MNIST itself was made, with every stage on the way.

MNIST's makers fitted the ink of each digit into 20 x 20 pixels with its aspect kept, the ink's box in the middle, and then
shifted it by whole pixels so that its centre of mass came to lie in pixel 14 (counted from 0) of 28 x 28. Both can be
read off the images: the longer side is 20 in 99.98 % of them, and the centre of mass lies in [13.5, 14.5) in all.
"""

from typing import NamedTuple

import numpy as np
from PIL import Image

FIELD = 28  # px, side of a digit's image
FIT = 20  # px, longer side of the ink in it
MIN_CONTRAST = 0.06  # of the full range; ink that differs less from its ground counts as none
MIN_EXTENT = 0.02  # longer side of the ink / longer side of the picture; less is a slip of the pen
MIN_PIXELS = 3  # px, longer side of the ink, in pictures so small that MIN_EXTENT says nothing
EDGE = 0.5  # ink level at which an edge lies


class Stages(NamedTuple):
    """What a picture becomes on its way to a digit; every array is float32 in [0, 1], ink light on black."""

    ink: np.ndarray  # (h, w): how much each pixel differs from its ground
    crop: np.ndarray  # (ch, cw): the smallest part of it that holds all the ink
    fitted: np.ndarray  # (20, 20): that part, scaled with its aspect kept
    digit: np.ndarray  # (28, 28): shifted so that its centre of mass lies in the middle


class Box(NamedTuple):
    """The edges of the ink in pixels from the picture's top left corner, to fractions of a pixel."""

    top: float
    bottom: float
    left: float
    right: float


def canvas_to_digit(rgba: np.ndarray) -> np.ndarray:
    """Turn a drawing (h, w, 4) uint8 of any size into a digit (28, 28) float32 in [0, 1], light ink on black.

    Raises ValueError if it is no such array, or holds no ink to speak of.
    """
    return canvas_stages(rgba).digit


def canvas_stages(rgba: np.ndarray) -> Stages:
    """Turn a drawing (h, w, 4) uint8 on an even ground into a digit and show every stage; raises as canvas_to_digit."""
    check_rgba(rgba)
    return _stages(_even_ground_ink(rgba))


def check_rgba(rgba: np.ndarray) -> None:
    """Raise a ValueError that says what came unless `rgba` is an (h, w, 4) uint8 array with a pixel in it."""
    expected = "expected an RGBA picture, a uint8 array of shape (height, width, 4)"
    if not isinstance(rgba, np.ndarray):
        raise ValueError(f"{expected}, but got a {type(rgba).__name__}")
    if rgba.ndim != 3 or rgba.shape[2] != 4 or rgba.size == 0:
        raise ValueError(f"{expected}, but got the shape {rgba.shape}")
    if rgba.dtype != np.uint8:
        raise ValueError(f"{expected}, but got the dtype {rgba.dtype}")


def _even_ground_ink(rgba: np.ndarray) -> np.ndarray:
    """Measure how far each pixel lies from the colour of the ground, as (h, w) float32 in [0, 1].

    The largest difference among the channels counts, so coloured ink of any hue is full ink.
    """
    clear = rgba[..., 3] < 128
    if clear.mean() > 0.3:
        return _stretch(rgba[..., 3])
    if clear.any():
        rgba = np.where(clear[..., None], np.append(np.median(rgba[~clear], axis=0), 255).astype(np.uint8), rgba)
    rgb = rgba[..., :3]
    ground = _ground_colour(rgb)
    return _stretch(np.maximum(rgb, ground) - np.minimum(rgb, ground))


def _ground_colour(rgb: np.ndarray) -> np.ndarray:
    """Find the colour (3,) uint8 of the ground: what most of the picture has, its rim counting half as much again."""
    rim = np.concatenate([rgb[0], rgb[-1], rgb[:, 0], rgb[:, -1]])
    step = max(1, int(np.sqrt(rgb.shape[0] * rgb.shape[1] / (2 * len(rim)))))
    inner = rgb[step // 2 :: step, step // 2 :: step].reshape(-1, 3)
    return np.median(np.concatenate([rim, inner]), axis=0).astype(np.uint8)


def _stretch(difference: np.ndarray) -> np.ndarray:
    if difference.ndim == 3:
        difference = difference.max(axis=2)
    peak = float(difference.max())
    if peak < 255 * MIN_CONTRAST:
        raise ValueError("expected a drawing with ink on it, but the picture is blank")
    return difference.astype(np.float32) / np.float32(peak)


def _stages(ink: np.ndarray) -> Stages:
    box = _ink_box(ink)
    crop = ink[int(box.top) : int(np.ceil(box.bottom)), int(box.left) : int(np.ceil(box.right))]
    fitted = _fit(ink, box)
    return Stages(ink, crop, fitted, _centre(fitted))


def _ink_box(ink: np.ndarray) -> Box:
    """Find the edges of the ink (h, w); raises ValueError where there is too little of it."""
    box = Box(*_span(ink.max(axis=1)), *_span(ink.max(axis=0)))
    longer = max(box.bottom - box.top, box.right - box.left)
    if longer < max(MIN_PIXELS, MIN_EXTENT * max(ink.shape)):
        raise ValueError(f"expected a drawn digit, but almost nothing is there: all ink lies within {longer:.0f} pixels")
    return box


def _span(profile: np.ndarray) -> tuple[float, float]:
    """Find where a profile (n,) first and last crosses the level of an edge, between pixels by linear interpolation."""
    reached = np.flatnonzero(profile >= EDGE)
    padded = np.pad(profile, 1)
    return _crossing(padded, reached[0] + 1, -1), _crossing(padded, reached[-1] + 1, 1)


def _crossing(padded: np.ndarray, inside: int, step: int) -> float:
    low, high = float(padded[inside + step]), float(padded[inside])
    centre = inside - 0.5  # of the pixel, in a profile that was padded by one
    return centre + step * (high - EDGE) / (high - low)


def _fit(ink: np.ndarray, box: Box) -> np.ndarray:
    """Scale the box to (20, 20): longer side filled, aspect kept, shorter side in the middle, each pixel the mean of its area."""
    side = max(box.bottom - box.top, box.right - box.left)
    top, left = (box.top + box.bottom - side) / 2, (box.left + box.right - side) / 2
    y, x, n = int(np.floor(top)), int(np.floor(left)), int(np.ceil(side)) + 1
    square = np.zeros((n, n), np.float32)
    part = ink[max(y, 0) : y + n, max(x, 0) : x + n]
    square[max(-y, 0) :, max(-x, 0) :][: part.shape[0], : part.shape[1]] = part
    area = (left - x, top - y, left - x + side, top - y + side)
    return np.asarray(Image.fromarray(square).resize((FIT, FIT), Image.Resampling.BOX, box=area))


def _centre(fitted: np.ndarray) -> np.ndarray:
    """Place (20, 20) in (28, 28) by whole pixels, centre of mass in [13.5, 14.5), and never beyond the rim."""
    rows, columns = fitted.sum(axis=1), fitted.sum(axis=0)
    index = np.arange(FIT)
    corner = [int(np.ceil(FIELD / 2 - 0.5 - index @ mass / mass.sum())) for mass in (rows, columns)]
    y, x = np.clip(corner, 0, FIELD - FIT)
    digit = np.zeros((FIELD, FIELD), np.float32)
    digit[y : y + FIT, x : x + FIT] = fitted
    return digit
