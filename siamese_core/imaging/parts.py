"""The connected parts of a mask: which of them form the drawing, and which are specks and marks beside it."""

from typing import NamedTuple

import numpy as np
from scipy import ndimage

from siamese_core.imaging.picture_error import PictureError

EDGE = 0.5  # ink level at which an edge lies
EIGHT = np.ones((3, 3))  # pixels that touch at a corner are connected
MIN_EXTENT = 0.02  # longer side of a part / longer side of the picture; a smaller part is a speck
MIN_PIXELS = 3  # px, least longer side of a part in a picture too small for MIN_EXTENT
MIN_PART = 0.03  # area of a part of the drawing / area of its largest part
MAX_GAP = 0.3  # distance of a part from the largest one / longer side of the largest one
LONG, BAND = 0.5, 0.08  # of a side: a part this long, wholly in a band this wide along the border, is a frame's line
TWIN_PART, TWIN_EXTENT = 0.25, 0.5  # area and longer side / those of the largest part; kept at any distance


class Parts(NamedTuple):
    """The connected parts of a mask (h, w), at least one."""

    labels: np.ndarray  # (h, w): 0 outside, 1 .. n in the parts
    areas: np.ndarray  # (n,) in pixels
    starts: np.ndarray  # (n, 2): the top left corners of their boxes
    sizes: np.ndarray  # (n, 2): height and width of their boxes

    @property
    def main(self) -> int:
        """Return which part is the largest."""
        return int(np.argmax(self.areas))


def find_parts(mask: np.ndarray) -> Parts:
    """Find the connected parts of a mask (h, w) that is not empty."""
    labels, _ = ndimage.label(mask, EIGHT)
    boxes = ndimage.find_objects(labels)
    starts = np.array([[side.start for side in box] for box in boxes])
    sizes = np.array([[side.stop for side in box] for box in boxes]) - starts
    return Parts(labels, np.bincount(labels.ravel())[1:], starts, sizes)


def digit_ink(ink: np.ndarray, parts: Parts) -> np.ndarray:
    """Clear the ink (h, w) outside the parts that form the drawing, except for the soft edges around them."""
    keep = _forming_the_drawing(parts)
    if keep.all():
        return ink
    mask = np.concatenate([[False], keep])[parts.labels]
    return np.where(ndimage.binary_dilation(mask, iterations=2), ink, np.float32(0))


def _forming_the_drawing(parts: Parts) -> np.ndarray:
    """Return which parts form the drawing: the largest one, and those of some size close to it.

    A part almost as large is kept at any distance, so that two digits stay two. Raises PictureError if even the largest
    part is too small to be drawn on purpose.
    """
    labels, areas, starts, sizes = parts
    if len(areas) > 1 and (sizes > LONG * np.array(labels.shape)).any():
        areas = _without_border_lines(parts)
    main = int(np.argmax(areas))
    extent = sizes[main].max()
    if extent < max(MIN_PIXELS, MIN_EXTENT * max(labels.shape)):
        raise PictureError(f"The picture holds no more than a mark of {extent} px.")
    stops = starts + sizes
    gaps = np.maximum(starts[main] - stops, starts - stops[main]).max(axis=1)
    near = (areas >= MIN_PART * areas[main]) & (gaps <= MAX_GAP * extent)
    twin = (areas >= TWIN_PART * areas[main]) & (sizes.max(axis=1) >= TWIN_EXTENT * extent)
    return near | twin


def _without_border_lines(parts: Parts) -> np.ndarray:
    """Return the areas (n,), those of long parts wholly along the border set to 0 unless there is nothing else."""
    height, width = parts.labels.shape
    band = max(1, round(BAND * max(height, width)))
    inner = np.bincount(parts.labels[band:-band, band:-band].ravel(), minlength=len(parts.areas) + 1)[1:]
    line = (inner == 0) & (parts.sizes > LONG * np.array([height, width])).any(axis=1)
    return parts.areas if line.all() else np.where(line, 0, parts.areas)
