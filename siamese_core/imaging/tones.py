"""Which of two tones is the background: that of most of the border, or in a crop without a margin, of its corners."""

import numpy as np
from scipy import ndimage

CORNER = 0.06  # side of a corner / longer side of the picture
NEAR = 0.1  # of the contrast: pixels this near to the background's tone are background
MAX_UNEVEN = 0.1  # of the contrast: how much the background may differ between the quarters of a picture in even light
BETWEEN = 0.25  # of the contrast, from either tone: what lies between belongs to neither
AREA = 0.12  # of the longer side: squares of neither tone are wider than a soft edge
LONG = 2.5  # longer side / shorter side of a crop that may be a lone stroke, with ink all along a side
LEAST_COVER = 0.2  # of the picture, covered by ink; a soft-edged drawing with a margin has less and is read as a photo


def rim(plane: np.ndarray) -> np.ndarray:
    """Return the border pixels of (h, w), as (2 h + 2 w,)."""
    return np.concatenate(_sides(plane))


def _sides(plane: np.ndarray) -> list[np.ndarray]:
    return [plane[0], plane[-1], plane[:, 0], plane[:, -1]]


def ground_level(plane: np.ndarray) -> int:
    """Return the median level of a plane (h, w) uint8: of its border and a grid of about twice as many pixels."""
    border = rim(plane)
    step = max(1, int(np.sqrt(plane.size / (2 * len(border)))))
    return int(np.median(np.concatenate([border, plane[step // 2 :: step, step // 2 :: step].ravel()])))


def tight_ground(colours: np.ndarray) -> list[int] | None:
    """Find the background's colour in a picture cropped to its digit (3, h, w) uint8, drawn in two tones.

    It is the tone that the border and the corners come nearer to: in crops of 2,000 of MNIST's digits always the right
    one. Returns None if the light is uneven, if a whole side is inked, or if ink neither reaches the border nor covers
    much of the picture.
    """
    spread = np.ptp(np.percentile(colours, (1, 99), axis=(1, 2)), axis=0)
    plane = colours[int(np.argmax(spread))].astype(np.float32)
    low, high = np.percentile(plane, (1, 99))
    away = np.clip((plane - low) / max(high - low, 1.0), 0, 1)  # from the darker tone
    if rim(away).mean() + _corners(away).mean() > 1:
        away = 1 - away
    if (
        _has_third_tone(away)
        or not _is_even(away)
        or not ((rim(away) > 0.5).any() or (away > 0.5).mean() > LEAST_COVER)
    ):
        return None
    height, width = away.shape
    if max(height, width) < LONG * min(height, width) and any((side > 0.5).all() for side in _sides(away)):
        return None  # a desk or a shadow along a whole side
    ground = away < NEAR
    return [int(np.median(each[ground])) for each in colours]


def _corners(plane: np.ndarray) -> np.ndarray:
    """Return the means of the four corners of (h, w)."""
    side = max(1, round(CORNER * max(plane.shape)))
    return np.array([view[:side, :side].mean() for view in (plane, plane[::-1], plane[:, ::-1], plane[::-1, ::-1])])


def _is_even(away: np.ndarray) -> bool:
    """Return whether the quarters of (h, w), how far each pixel is from the background, reach the background.

    One of four need not, as the corner of a close crop may hold ink.
    """
    y, x = (side // 2 + 1 for side in away.shape)
    quarters = (away[:y, :x], away[-y:, :x], away[:y, -x:], away[-y:, -x:])
    return sorted(float(np.percentile(quarter, 5)) for quarter in quarters)[2] <= MAX_UNEVEN


def _has_third_tone(away: np.ndarray) -> bool:
    """Return whether an area of (h, w) wider than a soft edge is of neither tone, as in a shadow."""
    between = (away > BETWEEN) & (away < 1 - BETWEEN)
    side = max(4, round(AREA * max(away.shape)))
    return bool(ndimage.minimum_filter(between, side, mode="constant").any())
