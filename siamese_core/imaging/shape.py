"""What is no digit by its shape: a dot, a dash, a blot. A digit is made of strokes; a lone upright one is a 1."""

import numpy as np
from scipy import ndimage
from scipy.spatial import ConvexHull

from siamese_core.imaging.parts import EDGE, EIGHT
from siamese_core.imaging.picture_error import PictureError

# Of 10,000 test digits of MNIST and 7,494 digits drawn with a pen, the lengths refuse 5, all sixes with filled loops.
LEAST_LENGTH = 1.28  # area of the ink / area of the square around its largest circle: a disc has 0.79, a square 1
SOLID_LENGTH, SOLID = 1.9, 0.85  # the same for a shape whose area is this share of its convex hull's
MIN_FILL = 0.4  # area / area of its box; with less, ink is no blot
SHEET_CONVEX, SHEET_RECTANGULAR = 0.93, 0.9  # of a sheet; no digit reaches both, its holes filled
BAR_LENGTH = 1.8  # length / width of a bar, at least
BAR_FILL = 0.75  # area / length x width; a line that is not straight has less
MAX_WIDTHS = 2.4  # widest place / mean width of strokes; of MNIST's digits 99 % have up to 2.1
DASH_SLANT = 40  # degrees from the horizontal, at most; the flattest 1 of all those digits has 44


def check_shape(ink: np.ndarray) -> None:
    """Raise PictureError if the ink (h, w) in [0, 1] is a dot, a dash or a blot and so no digit."""
    mask = ink >= EDGE
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    part = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = part.shape
    if width > height and _is_dash(part):
        raise PictureError("The picture holds a dash and no digit; draw or show a whole digit.")
    if part.mean() < MIN_FILL or max(height, width) > 3 * min(height, width):
        return
    main = _main(part)
    if _is_sheet(main):
        raise PictureError(
            "The picture shows a sheet, a window or a box, but no clear digit in it; crop it to the digit."
        )
    if _is_blot(main):
        raise PictureError(
            "The picture holds a dot or a filled shape and no digit; draw or show a digit made of strokes."
        )


def _main(mask: np.ndarray) -> np.ndarray:
    """Keep the largest connected part of a mask."""
    labels, n = ndimage.label(mask, EIGHT)
    return mask if n == 1 else labels == 1 + int(np.argmax(np.bincount(labels.ravel())[1:]))


def _is_sheet(mask: np.ndarray) -> bool:
    """Return whether a mask (h, w) of one part, its holes filled, is a rectangle with something in it."""
    filled = ndimage.binary_fill_holes(mask)
    if filled.sum() == mask.sum() or not is_compact(filled):
        return False
    convex, rectangular = fullness(filled)
    return convex > SHEET_CONVEX and rectangular > SHEET_RECTANGULAR


def _is_blot(mask: np.ndarray) -> bool:
    """Return whether a mask (h, w) of one part is filled and not drawn with a stroke."""
    radius = float(ndimage.distance_transform_edt(np.pad(mask, 1)).max())
    length = float(mask.sum()) / (2 * radius) ** 2
    return length < LEAST_LENGTH or (length < SOLID_LENGTH and solidity(mask) > SOLID)


def _is_dash(mask: np.ndarray) -> bool:
    """Return whether a mask (h, w) is one straight bar that lies more than it stands."""
    _, axes = _moments(mask)
    slant = np.degrees(np.arctan2(abs(axes[0, 1]), abs(axes[1, 1])))
    return bool(slant < DASH_SLANT and is_bar(mask))


def is_bar(mask: np.ndarray) -> bool:
    """Return whether a mask (h, w) is one straight bar."""
    variances, _ = _moments(mask)
    width, length = np.sqrt(12 * np.maximum(variances, 1 / 12))  # a bar's variances are width^2 / 12 and length^2 / 12
    return bool(length > BAR_LENGTH * width and mask.sum() > BAR_FILL * length * width)


def _moments(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the variances (2,) of a mask's pixels across and along it, and these axes (y, x) as columns (2, 2)."""
    variances, axes = np.linalg.eigh(np.cov(np.argwhere(mask).T))
    return variances, axes


def is_strokes(ink: np.ndarray) -> bool:
    """Return whether the widest place of ink (h, w) is not much wider than its strokes are in the mean."""
    mask = np.pad(ink >= EDGE, 1)
    edge = np.pi / 4 * sum(int((mask != np.roll(mask, 1, axis)).sum()) for axis in (0, 1))  # its length, by Crofton
    mean_width = 2 * float(mask.sum()) / edge
    return 2 * float(ndimage.distance_transform_edt(mask).max()) < MAX_WIDTHS * mean_width


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


def fullness(mask: np.ndarray) -> tuple[float, float]:
    """Return the area of a mask (h, w) / that of its convex hull, and / that of the least rectangle around it."""
    hull = ConvexHull(outline(mask))
    corners = hull.points[hull.vertices]
    sides = np.roll(corners, -1, axis=0) - corners
    sides /= np.hypot(*sides.T)[:, None]
    along, across = corners @ sides.T, corners @ (sides[:, ::-1] * (1, -1)).T  # (k, k): of each corner, by each side
    rectangle = (np.ptp(along, axis=0) * np.ptp(across, axis=0)).min()
    return float(mask.sum() / hull.volume), float(mask.sum() / rectangle)
