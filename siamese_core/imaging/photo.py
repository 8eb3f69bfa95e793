"""The ink on a photo of paper, in uneven light.

The background varies from place to place: it is estimated by filling in everything dark and narrow from its sides.
"""

import contextlib
from collections.abc import Callable

import numpy as np
from PIL import Image
from scipy import ndimage

from siamese_core.imaging.parts import EDGE, EIGHT, digit_ink, find_parts
from siamese_core.imaging.picture_error import PictureError, blank
from siamese_core.imaging.shape import is_bar, is_strokes

PHOTO_SIDE = 512  # px, longer side to which a photo is reduced
DARK = 100  # grey level; a photo with a lower median may be light on dark
NARROW = (
    0.3,
    0.12,
    0.05,
)  # of the longer side: dark areas up to the first are ink if that gives strokes, else the next
DIMMEST = 0.4  # of the brightest background; darker areas are not paper in a shadow and are not brightened further
MIN_DEPTH = 0.2  # least share of the paper's light that full ink takes away
BEYOND = 80  # px around a photo in which its light is continued; about half the widest window
MEDIAN_SIDE, MEDIAN_RIM = 128, 8  # px: to which faint ink is reduced for medians; the rim left out
LEAST_LIGHTER = 2.0  # levels of 255; less is noise
MOST_LIGHTER = 0.2  # contrast of what is lighter than the paper / of what is darker, squared
FAINT_DEPTH = 0.03  # the same where there is no darker ink, as with faint pencil
NOISE_LEVELS = 6  # standard deviations of the paper's noise by which ink must differ
MIN_DARKNESS = 0.8  # mean of the ink; of photos in falling light 0.93, with a shadow in it 0.6 to 0.8
PALE, PALE_SIDE = (0.12, 0.85), 8  # levels of ink, px; a stroke's soft edge is narrower
MAX_SOLID = 0.6  # area connected straight to the border / area of a part; a part with more lies along the border


def photo_ink(colours: np.ndarray) -> np.ndarray:
    """Measure the ink on paper (3, h, w) uint8, without light, shadow, noise, faint lines and objects beside it.

    Where a shadow comes out with the ink, a narrower window is tried. Raises PictureError if none gives strokes.
    """
    smooth = np.stack([ndimage.gaussian_filter(plane, 1.0) for plane in reduce(colours)])
    if _is_light_on_dark(smooth.mean(axis=0)):
        smooth = 255 - smooth
    depth = _depth(smooth, NARROW[0])
    if not _ink_level(depth, MIN_DEPTH):
        return _faint_ink(smooth)
    first = _ink(depth, MIN_DEPTH)
    found = _first_of_strokes(lambda narrow: first if narrow == NARROW[0] else _ink(_depth(smooth, narrow), MIN_DEPTH))
    if found is None:
        raise PictureError(
            "The picture has shadows as dark as its ink; take it in even light, or crop it to the digit."
        )
    return found


def _faint_ink(smooth: np.ndarray) -> np.ndarray:
    """Measure faint ink, such as pencil, on paper (3, h, w) float32."""
    height, width = smooth.shape[1:]
    by = [min(BEYOND, side - 1) for side in (height, width)]  # the light goes on beyond the border as it fell before it
    wide = np.pad(smooth, ((0, 0), (by[0],) * 2, (by[1],) * 2), "reflect", reflect_type="odd")
    inner = slice(by[0], by[0] + height), slice(by[1], by[1] + width)
    found = _first_of_strokes(lambda narrow: _ink(_depth(wide, narrow)[inner], FAINT_DEPTH))
    if found is None or _is_lighter_too(wide.mean(axis=0)):
        raise PictureError("The picture is blank; or its ink is too faint to tell from the paper: write it darker.")
    return found


def _is_lighter_too(grey: np.ndarray) -> bool:
    """Return whether much in (h, w) float32 is lighter than the medians around it, as ink of one grey in shade is."""
    height, width = grey.shape
    scale = MEDIAN_SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.asarray(Image.fromarray(grey).resize(size, Image.Resampling.BOX))
    contrast = ndimage.median_filter(small, 2 * int(NARROW[1] * MEDIAN_SIDE / 2) + 1, mode="nearest") - small
    contrast = contrast[MEDIAN_RIM:-MEDIAN_RIM, MEDIAN_RIM:-MEDIAN_RIM]
    lighter, darker = (np.square(np.clip(each - LEAST_LIGHTER, 0, None)).sum() for each in (-contrast, contrast))
    return bool(lighter > MOST_LIGHTER * darker)


def _first_of_strokes(measure: Callable[[float], np.ndarray]) -> np.ndarray | None:
    """Measure the ink by one window of NARROW after the other, until what comes out is strokes."""
    for narrow in NARROW:
        with contextlib.suppress(PictureError):  # nothing is narrow enough for this window
            ink = measure(narrow)
            if is_strokes(ink) and not _has_shadow(ink, crossing=narrow == NARROW[0]):
                return ink
    return None


def _ink(depth: np.ndarray, least: float) -> np.ndarray:
    """Scale a depth (h, w) so that full ink, at least so deep, is 1, and keep what forms the drawing."""
    depth, level = _without_table(depth, least)
    ink = np.clip(2 * depth / level - EDGE, 0, 1).astype(np.float32)
    return digit_ink(ink, find_parts(ink >= EDGE))


def _has_shadow(ink: np.ndarray, *, crossing: bool) -> bool:
    """Return whether ink (h, w) is partly a shadow: pale over an area, or reaching from one side to another.

    crossing: strokes may do the latter, as in a picture cropped to its digit; a bar may not.
    """
    mask = ink >= EDGE
    pale = ndimage.minimum_filter((ink > PALE[0]) & (ink < PALE[1]), PALE_SIDE, mode="constant").any()
    crosses = sum(bool(side.any()) for side in (mask[0], mask[-1], mask[:, 0], mask[:, -1])) > 1
    return bool(pale or ink[mask].mean() < MIN_DARKNESS or (crosses and (not crossing or is_bar(mask))))


def reduce(colours: np.ndarray, side: int = PHOTO_SIDE) -> np.ndarray:
    """Reduce (3, h, w) uint8 to float32 with at most `side` pixels on the longer side, by means of areas."""
    height, width = colours.shape[1:]
    scale = min(1.0, side / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    floats = [Image.fromarray(plane.astype(np.float32)) for plane in colours]
    return np.stack([np.asarray(image.resize(size, Image.Resampling.BOX)) for image in floats])


def _is_light_on_dark(grey: np.ndarray) -> bool:
    """Return whether (h, w) float32 is mostly dark and what stands out is clearly lighter."""
    small = np.asarray(Image.fromarray(grey).resize((48, 48), Image.Resampling.BOX))
    rest = small - ndimage.median_filter(small, size=17, mode="nearest")
    lighter, darker = np.clip(rest, 0, None), np.clip(rest, None, 0)
    return bool(np.median(small) < DARK and (lighter**2).sum() > 3 * (darker**2).sum())


def _depth(planes: np.ndarray, narrow: float) -> np.ndarray:
    """Return the share of the paper's light that each pixel of (3, h, w) float32 lacks, in the channel that lacks most.

    The paper's light is a grey closing of the picture: it fills in everything that is darker and narrower than its
    window, but keeps shadows and gradients of the light.
    """
    window = 2 * int(narrow * max(planes.shape[1:]) / 2) + 1
    ground = np.stack([ndimage.grey_closing(plane, size=(window, window)) for plane in planes])
    floor = max(1.0, DIMMEST * float(np.percentile(ground, 95)))
    return ((ground - planes) / np.maximum(ground, floor)).max(axis=0)


def _ink_level(depth: np.ndarray, least: float) -> float:
    """Find the depth of full ink in (h, w), or 0 if nothing stands out from the noise of the paper."""
    middle = float(np.median(depth))
    noise = 1.4826 * float(np.median(np.abs(depth - middle)))  # the standard deviation, if the noise is Gaussian
    inked = depth[depth > max(least, middle + NOISE_LEVELS * noise)]
    return float(np.percentile(inked, 95)) if inked.size else 0.0


def _without_table(depth: np.ndarray, least: float) -> tuple[np.ndarray, float]:
    """Clear areas along the border, such as a table beside the paper, and find the ink's level in the rest.

    If the rest holds no ink, the areas along the border are the drawing, unless they fill a whole side.
    """
    level = _ink_level(depth, least)
    if not level:
        raise blank()
    mask = depth > EDGE * level
    labels, _ = ndimage.label(mask, EIGHT)
    areas = np.bincount(labels.ravel())
    solid = np.bincount(labels[_solid_from_rim(mask)], minlength=len(areas)) / np.maximum(areas, 1)
    table = mask & (solid > MAX_SOLID)[labels]
    rest = np.where(ndimage.binary_dilation(table, iterations=5), np.float32(0), depth)
    if rest_level := _ink_level(rest, least):
        return rest, rest_level
    if any(side.all() for side in (table[0], table[-1], table[:, 0], table[:, -1])):
        raise blank()
    return depth, level


def _solid_from_rim(mask: np.ndarray) -> np.ndarray:
    """Mark the pixels of a mask (h, w) that are connected straight to the border, in at least one direction."""
    views = (mask, mask[::-1], mask.T, mask[:, ::-1].T)
    down, up, right, left = (np.logical_and.accumulate(view, axis=0) for view in views)
    return down | up[::-1] | right.T | left.T[:, ::-1]
