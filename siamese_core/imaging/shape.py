"""What is no digit by its shape: a dot, a dash, a blot. A digit is made of strokes; a lone upright one is a 1."""

import numpy as np
from scipy import ndimage
from scipy.spatial import ConvexHull

from siamese_core.imaging.parts import EDGE, EIGHT
from siamese_core.imaging.picture_error import PictureError

# Of 10,000 test digits of MNIST and 7,494 digits drawn with a pen, the lengths refuse 5, all sixes with filled loops.
LEAST_LENGTH = 1.28  # area of the ink / area of the square around its largest circle: a disc has 0.79, a square 1
SOLID_LENGTH, SOLID = 1.9, 0.85  # the same for a shape whose area is this share of its convex hull's
DASH_LENGTH = 1.8  # length / width of a dash, at least
DASH_FILL = 0.75  # area / length x width; a line that is not straight has less
DASH_SLANT = 40  # degrees from the horizontal, at most; the flattest 1 of all those digits has 44


def check_shape(ink: np.ndarray) -> None:
    """Raise PictureError if the ink (h, w) in [0, 1] is a dot, a dash or a blot and so no digit."""
    mask = ink >= EDGE
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    part = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = part.shape
    if width > height and _is_dash(part):
        raise PictureError("The picture holds a dash and no digit; draw or show a whole digit.")
    if part.mean() > 0.4 and max(height, width) < 3 * min(height, width) and _is_blot(_main(part)):
        raise PictureError(
            "The picture holds a dot or a filled shape and no digit; draw or show a digit made of strokes."
        )


def _main(mask: np.ndarray) -> np.ndarray:
    """Keep the largest connected part of a mask."""
    labels, n = ndimage.label(mask, EIGHT)
    return mask if n == 1 else labels == 1 + int(np.argmax(np.bincount(labels.ravel())[1:]))


def _is_blot(mask: np.ndarray) -> bool:
    """Return whether a mask (h, w) of one part is filled and not drawn with a stroke."""
    radius = float(ndimage.distance_transform_edt(np.pad(mask, 1)).max())
    length = float(mask.sum()) / (2 * radius) ** 2
    return length < LEAST_LENGTH or (length < SOLID_LENGTH and solidity(mask) > SOLID)


def _is_dash(mask: np.ndarray) -> bool:
    """Return whether a mask (h, w) is one straight bar that lies more than it stands."""
    variances, axes = np.linalg.eigh(np.cov(np.argwhere(mask).T))  # of (y, x); a bar's are length^2 / 12
    width, length = np.sqrt(12 * np.maximum(variances, 1 / 12))
    slant = np.degrees(np.arctan2(abs(axes[0, 1]), abs(axes[1, 1])))
    return bool(length > DASH_LENGTH * width and mask.sum() > DASH_FILL * length * width and slant < DASH_SLANT)


def is_compact(mask: np.ndarray) -> bool:
    """Return whether a mask (h, w), its holes filled, is a filled shape up to four times as long as wide."""
    filled = np.pad(ndimage.binary_fill_holes(mask), 1)
    radius = float(ndimage.distance_transform_edt(filled).max())
    return float(filled.sum()) < 4 * (2 * radius) ** 2 and solidity(filled) > SOLID


def solidity(mask: np.ndarray) -> float:
    """Return the area of a mask (h, w) that is not empty / that of its convex hull."""
    return float(mask.sum() / ConvexHull(outline(mask)).volume)


def outline(mask: np.ndarray) -> np.ndarray:
    """Return the corners (n, 2) of the first and last pixel in each row of a mask (h, w): its convex hull is theirs."""
    rows = np.flatnonzero(mask.any(axis=1))
    left = mask[rows].argmax(axis=1)
    right = mask.shape[1] - mask[rows, ::-1].argmax(axis=1)
    return np.stack(
        [np.concatenate([rows, rows, rows + 1, rows + 1]), np.concatenate([left, right, left, right])], axis=1
    )
