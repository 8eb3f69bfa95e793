"""Find the ink of a picture: how much each pixel holds, (h, w) float32 from 0, background, to 1, full ink.

A drawing has a uniform background: the ink is the distance of a pixel's colour from that of the background. Anything
else is a photo (`photo`). Where a sheet, a window or a box surrounds the digit, only what is in it is read (`paper`).
"""

from typing import NamedTuple

import numpy as np
from scipy import ndimage

from siamese_core.imaging.paper import find_panel, inside
from siamese_core.imaging.parts import EDGE, Parts, digit_ink, find_parts
from siamese_core.imaging.photo import photo_ink
from siamese_core.imaging.picture_error import blank
from siamese_core.imaging.shape import check_shape, is_compact, is_strokes
from siamese_core.imaging.tones import ground_level, rim, tight_ground

MIN_CONTRAST = 15  # levels of 255; a picture that differs less from its background is blank
EVEN = 2  # levels of 255 by which a uniform background or uniform ink may vary
MIN_EVEN = 0.5  # share of uniform background and ink in a drawing; the rest are soft edges
MIN_EVEN_RIM = 0.8  # the same along the border, which a photo's shadows reach and a drawing's edges hardly do
MAX_RIM_INK = 0.05  # share of the border that is ink; with more there may be a frame, or a crop without a margin
MIN_WITHIN = 0.12  # extent of a part / that of the part whose box surrounds it; larger ones may be a digit in a box
MAX_FILL = 0.5  # area of the largest part / area of its box; with more it may be a sheet
MIN_SHEET_CONTRAST = 40  # levels of 255 between the tones of a cut-out sheet; uniform ink has less
MAX_NESTED = 6  # panels within panels: a window, a sheet in it, a box on the sheet


def find_ink(rgba: np.ndarray, *, any_shape: bool = False) -> np.ndarray:
    """Measure the ink of a drawing or photo (h, w, 4) uint8: light on dark, dark on light, or on transparency.

    A photo is reduced to at most PHOTO_SIDE pixels on the longer side, and what surrounds a sheet or box with the digit
    in it is cut off. Raises PictureError if the picture is blank, holds no more than a mark, or, unless `any_shape`, no
    more than a dot, a dash or a blot.
    """
    planes = np.ascontiguousarray(rgba.transpose(2, 0, 1))  # (4, h, w)
    if not planes[3].any():
        raise blank()
    ink = _alpha_ink(planes)
    if ink is None:
        ink = _ink(_fill_holes(planes), any_shape=any_shape)
    if not any_shape:
        check_shape(ink)
    return ink


def _alpha_ink(planes: np.ndarray) -> np.ndarray | None:
    """Measure the ink of a drawing on transparent ground, (4, h, w) uint8; None if the ground has a colour."""
    alpha = planes[3]
    if alpha.min() == alpha.max() or ground_level(alpha) >= 128 or _is_sheet(planes):
        return None
    ink = _scaled(alpha)
    return digit_ink(ink, find_parts(ink >= EDGE))


def _is_sheet(planes: np.ndarray) -> bool:
    """Return whether what is opaque in (4, h, w) uint8 is no ink but a cut-out sheet: compact and of two tones."""
    solid = planes[3] >= 128
    if not solid.any() or not is_compact(solid):
        return False
    low, high = np.percentile(planes[:3, solid], (1, 99), axis=1)
    return bool((high - low).max() >= MIN_SHEET_CONTRAST)


def _fill_holes(planes: np.ndarray) -> np.ndarray:
    """Give transparent pixels, such as rounded corners, the colours of the nearest others: (4, h, w) -> (3, h, w)."""
    solid = planes[3] >= 128
    if solid.all() or not solid.any():
        return planes[:3]
    whole = ndimage.binary_erosion(planes[3] >= 250, iterations=2, border_value=1)  # no soft edge, whatever its colour
    return inside(planes[:3], whole if whole.any() else solid)


def _ink(colours: np.ndarray, depth: int = 0, *, any_shape: bool = False) -> np.ndarray:
    """Measure the ink of a picture (3, h, w) uint8, or of what is in a sheet or box in it, down to MAX_NESTED.

    any_shape: in a drawing a ring or box around something is part of the drawing, as in a face or a clock.
    """
    flat = _flat(colours, [ground_level(plane) for plane in colours])
    if flat.is_drawing:
        ink = _scaled(flat.difference)
        parts = find_parts(ink >= EDGE)
        if not (_reaches_the_rim(parts) if any_shape else _may_be_framed(parts)):
            return digit_ink(ink, parts)
    panel = find_panel(colours) if depth < MAX_NESTED else None
    if panel is not None:
        return _ink(inside(colours, panel), depth + 1, any_shape=any_shape)
    ground = tight_ground(colours)
    if ground is not None and not (flat.is_drawing and _has_clear_rim(ink)):
        tight = _scaled(_flat(colours, ground).difference)
        if flat.is_drawing or is_strokes(tight):
            return digit_ink(tight, find_parts(tight >= EDGE))
    if not flat.is_drawing:
        return photo_ink(colours)
    return digit_ink(ink, find_parts(ink >= EDGE))


def _has_clear_rim(ink: np.ndarray) -> bool:
    """Return whether the border of (h, w) is nearly all ground or nearly all ink, and so not cut through a digit."""
    share = float((rim(ink) >= EDGE).mean())
    return min(share, 1 - share) <= MAX_RIM_INK


class _Flat(NamedTuple):
    """How a picture differs from one colour."""

    difference: np.ndarray  # (h, w) uint8
    is_drawing: bool  # whether nearly all of it is that colour or full ink


def _flat(colours: np.ndarray, ground: list[int]) -> _Flat:
    """Compare a picture (3, h, w) uint8 with the colour of its ground. Raises PictureError if it is all that colour."""
    difference = np.maximum.reduce([_distance(plane, level) for plane, level in zip(colours, ground, strict=True)])
    top = int(difference.max())
    if top < MIN_CONTRAST:
        raise blank()
    even = (difference <= EVEN) | (difference >= top - EVEN)
    return _Flat(difference, bool(even.mean() >= MIN_EVEN and rim(even).mean() >= MIN_EVEN_RIM))


def _distance(plane: np.ndarray, level: int) -> np.ndarray:
    return np.maximum(plane, np.uint8(level)) - np.minimum(plane, np.uint8(level))


def _scaled(difference: np.ndarray) -> np.ndarray:
    """Scale a difference from the background (h, w) uint8 so that full ink of any colour is 1."""
    inked = difference[difference >= MIN_CONTRAST]
    if not inked.size:
        raise blank()
    return np.minimum(difference / np.float32(np.percentile(inked, 95)), 1)


def _reaches_the_rim(parts: Parts) -> bool:
    """Return whether so much ink lies on a drawing's border that it may be a frame, or a crop without a margin."""
    return bool(rim(parts.labels > 0).mean() > MAX_RIM_INK)


def _may_be_framed(parts: Parts) -> bool:
    """Return whether a drawing may hold more than a digit: a part is filled, along the rim or around another."""
    _, areas, starts, sizes = parts
    if _reaches_the_rim(parts):
        return True
    height, width = sizes[parts.main]
    if areas[parts.main] > MAX_FILL * height * width and max(height, width) < 3 * min(height, width):
        return True
    if len(areas) == 1:
        return False
    outer = int(np.argmax(sizes.max(axis=1)))
    within = ((starts > starts[outer]) & (starts + sizes < starts[outer] + sizes[outer])).all(axis=1)
    return bool((within & (sizes.max(axis=1) > MIN_WITHIN * sizes[outer].max())).any())
