"""From a drawing or photo to an MNIST-like image (28, 28), in the same stages as MNIST was made.

MNIST's makers scaled the ink of each digit to fit 20 x 20 pixels, kept its aspect ratio, centred its box, and shifted
it by whole pixels so that the centre of mass lies in pixel 14 (counted from 0) of 28 x 28. The images confirm both: the
longer side is 20 in 99.98 % of them, and the centre of mass lies within [13.5, 14.5) in all.
"""

from typing import NamedTuple

import numpy as np
from scipy import ndimage

from siamese_core.config import IMAGE_SIZE
from siamese_core.imaging.ink import find_ink
from siamese_core.imaging.parts import EDGE

FIT = 20  # px, longer side of the scaled ink, in an image with a side of 28
TIE = 0.01  # px, tolerance of the centre of mass, so that rounding does not shift symmetric drawings
MIN_STROKE = 1.5  # px of the scaled ink, of 20; 98 % of MNIST's digits have wider strokes


class Stages(NamedTuple):
    """The stages from a picture to an image; every array is float32 in [0, 1], light ink on black."""

    ink: np.ndarray  # (h, w): how much ink each pixel holds
    crop: np.ndarray  # (ch, cw): the part that holds ink; strokes thinner than MNIST's are thickened
    fitted: np.ndarray  # (20, 20), at a side of 56 (40, 40): scaled, with its aspect ratio kept
    digit: np.ndarray  # (28, 28), or (56, 56): shifted so that its centre of mass lies in the middle


class Box(NamedTuple):
    """The edges of the ink, in pixels and their fractions from an array's top left corner."""

    top: float
    bottom: float
    left: float
    right: float

    @property
    def side(self) -> float:
        """Return the longer side."""
        return max(self.bottom - self.top, self.right - self.left)


def canvas_to_image(rgba: np.ndarray) -> np.ndarray:
    """Turn a drawing or photo (h, w, 4) uint8 into an image (28, 28) float32 in [0, 1], light ink on black.

    Raises ValueError for any other array, and PictureError if the picture is blank or holds no more than a mark, a dot,
    a dash or a blot.
    """
    return canvas_stages(rgba).digit


def canvas_stages(rgba: np.ndarray, *, any_shape: bool = False, side: int = IMAGE_SIZE) -> Stages:
    """Turn a drawing or photo into an image and return every stage; argument and errors as `canvas_to_image`.

    any_shape: read dots, dashes and blots too, which are symbols to some. side: of the image, in pixels.
    """
    _check(rgba)
    return _stages(find_ink(rgba, any_shape=any_shape), side)


def ink_to_digit(ink: np.ndarray, side: int = IMAGE_SIZE) -> np.ndarray:
    """Turn ink (h, w) float32 in [0, 1] into an image (side, side) as `canvas_to_image` does.

    Raises ValueError for any other array, and if no pixel holds at least half of full ink.
    """
    expected = "expected ink, a float array of shape (height, width) in [0, 1], at least 0.5 somewhere"
    if not isinstance(ink, np.ndarray) or ink.ndim != 2 or ink.dtype.kind != "f":
        came = f"{ink.dtype} of shape {ink.shape}" if isinstance(ink, np.ndarray) else f"a {type(ink).__name__}"
        raise ValueError(f"{expected}, got {came}")
    low, high = (float(ink.min()), float(ink.max())) if ink.size else (0.0, 0.0)
    if not (low >= 0 and EDGE <= high <= 1):  # not a number is neither
        raise ValueError(f"{expected}, got values from {low:g} to {high:g}")
    return _stages(ink, side).digit


def _stages(ink: np.ndarray, side: int) -> Stages:
    crop = _thicken(_crop(ink, _ink_box(ink)))
    fitted = _fit(crop, _ink_box(crop), FIT * side // IMAGE_SIZE)
    return Stages(ink, crop, fitted, _centre(fitted, side))


def _check(rgba: np.ndarray) -> None:
    expected = "expected an RGBA picture, a uint8 array of shape (height, width, 4)"
    if not isinstance(rgba, np.ndarray):
        raise ValueError(f"{expected}, got a {type(rgba).__name__}")
    if rgba.ndim != 3 or rgba.shape[2] != 4 or rgba.size == 0:
        raise ValueError(f"{expected}, got the shape {rgba.shape}")
    if rgba.dtype != np.uint8:
        raise ValueError(f"{expected}, got the dtype {rgba.dtype}")


def _ink_box(ink: np.ndarray) -> Box:
    return Box(*_span(ink.max(axis=1)), *_span(ink.max(axis=0)))


def _span(profile: np.ndarray) -> tuple[float, float]:
    """Find where a profile (n,) first and last crosses EDGE, by linear interpolation between pixels."""
    reached = np.flatnonzero(profile >= EDGE)
    padded = np.pad(profile, 1)
    return _crossing(padded, reached[0] + 1, -1), _crossing(padded, reached[-1] + 1, 1)


def _crossing(padded: np.ndarray, inside: int, step: int) -> float:
    low, high = float(padded[inside + step]), float(padded[inside])
    return inside - 0.5 + step * (high - EDGE) / (high - low)  # with padding, a pixel's centre lies at its index - 0.5


def _crop(ink: np.ndarray, box: Box) -> np.ndarray:
    """Cut out the box and one pixel around it, where the ink's soft edges end."""
    top, left = max(int(box.top) - 1, 0), max(int(box.left) - 1, 0)
    return ink[top : int(np.ceil(box.bottom)) + 1, left : int(np.ceil(box.right)) + 1]


def _thicken(crop: np.ndarray) -> np.ndarray:
    """Thicken strokes that would be thinner than MNIST's once scaled, and so fade; leave others unchanged."""
    missing = MIN_STROKE * _ink_box(crop).side / FIT - stroke_width(crop)
    if missing <= 0:
        return crop
    padded = np.pad(crop, int(np.ceil(missing / 2)) + 1)
    away = ndimage.distance_transform_edt(padded < EDGE)
    return np.maximum(padded, np.clip(missing / 2 + 1 - away, 0, 1).astype(np.float32))


def stroke_width(ink: np.ndarray) -> float:
    """Estimate the mean stroke width of ink (h, w) in [0, 1], in pixels: twice its area / the length of its outline.

    The length of the outline is the total variation of the ink. There must be some ink.
    """
    padded = np.pad(ink, 1)
    down, right = np.diff(padded, axis=0)[:, :-1], np.diff(padded, axis=1)[:-1]
    return 2 * float(ink.sum()) / float(np.sqrt(down * down + right * right).sum())


def _fit(crop: np.ndarray, box: Box, fit: int) -> np.ndarray:
    """Scale to (fit, fit): the box's longer side fills it, the shorter one is centred; pixels are means of areas."""
    top, left = (box.top + box.bottom - box.side) / 2, (box.left + box.right - box.side) / 2
    side = box.side
    if max(np.ceil(box.bottom) - np.floor(box.top), np.ceil(box.right) - np.floor(box.left)) == fit:
        top, left, side = np.floor(top), np.floor(left), fit  # already of MNIST's size: nothing to scale
    rows, columns = _shares(top, side, crop.shape[0], fit), _shares(left, side, crop.shape[1], fit)
    return np.clip(rows @ crop @ columns.T, 0, 1)


def _shares(start: float, length: float, pixels: int, parts: int) -> np.ndarray:
    """Return (parts, pixels) float32: the share of each pixel in each of the equal parts of a length from a start."""
    ends = start + length / parts * np.arange(parts + 1)[:, None]
    pixel = np.arange(pixels)
    overlap = np.minimum(ends[1:], pixel + 1) - np.maximum(ends[:-1], pixel)
    return (np.clip(overlap, 0, None) * (parts / length)).astype(np.float32)


def _centre(fitted: np.ndarray, side: int) -> np.ndarray:
    """Place (20, 20) in (28, 28) by whole pixels: its centre of mass within [13.5, 14.5), nothing outside.

    At a side of 56 it is (40, 40), and the centre of mass lies within [27.5, 28.5).
    """
    fit = len(fitted)
    shares = np.stack([fitted.sum(axis=1), fitted.sum(axis=0)]) / fitted.sum()
    corner = np.ceil(side / 2 - 0.5 - shares @ np.arange(fit) - TIE).astype(int)
    y, x = np.clip(corner, 0, side - fit)
    digit = np.zeros((side, side), np.float32)
    digit[y : y + fit, x : x + fit] = fitted
    return digit
