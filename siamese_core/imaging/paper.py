"""Find what a digit is on or in: a sheet on a desk, a window, a printed box, a frame.

All are panels: regions without edges inside a closed edge, nearly rectangular, with something in them.
"""

import numpy as np
from scipy import ndimage

from siamese_core.imaging.photo import reduce
from siamese_core.imaging.shape import fullness, solidity
from siamese_core.imaging.tones import rim

SIDE = 256  # px, longer side to which a picture is reduced for the search
LEAST_EDGE = 4.0  # levels of 255 a pixel; a weaker edge is light or noise
NOISE = 5  # medians of the gradient; a weaker edge is noise
LEAST_AREA = 0.03  # of the picture; a smaller region is no sheet or box
WHOLE = 0.9  # of the border; a region that has more of it is the whole picture's ground
CONVEX = 0.93  # area of a panel / area of its convex hull, at least
RECTANGULAR = 0.82  # area of a panel / area of the least rectangle around it; an ellipse's is 0.785
CONTENT = 0.12  # extent of what is in a panel / root of the panel's area, at least
SQUARE = 0.93  # the same for a sheet with a solid thing of the desk's colour on it, which may be a thick 0
SOLID = 0.85  # area of a solid thing / area of its convex hull, at least
AROUND = 8  # px of the reduced picture: from a panel across its edge
ROUND_CONTENT = 0.45  # the same in a round outline, which may be a 0 with a dot or bar in it
ROUND_WIDTH = 0.25  # the least width of it / its length


def find_panel(colours: np.ndarray) -> np.ndarray | None:
    """Find the largest panel with something in it in a picture (3, h, w) uint8: a mask (h, w), or None."""
    planes = reduce(colours, SIDE)
    regions, _ = ndimage.label(_smooth(planes))
    areas = np.bincount(regions.ravel())
    areas[0] = 0
    for number in np.argsort(-areas)[:8]:
        if areas[number] < LEAST_AREA * regions.size:
            break
        region = regions == number
        panel = ndimage.binary_fill_holes(region)
        if rim(panel).mean() < WHOLE and _is_panel(planes, panel, region):
            return _enlarged(panel, colours.shape[1:])
    return None


def inside(colours: np.ndarray, panel: np.ndarray) -> np.ndarray:
    """Cut a mask's box out of (3, h, w); pixels outside the mask take the colours of the nearest ones in it."""
    rows, columns = (np.flatnonzero(panel.any(axis=axis)) for axis in (1, 0))
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    part, mask = colours[:, *box], panel[box]
    if mask.all():
        return part
    y, x = ndimage.distance_transform_edt(~mask, return_distances=False, return_indices=True)
    return part[:, y, x]


def _smooth(planes: np.ndarray) -> np.ndarray:
    """Mark the pixels of (3, h, w) float32 at which there is no edge."""
    steepness = np.max([ndimage.gaussian_gradient_magnitude(plane, 1.0) for plane in planes], axis=0)
    return steepness < max(LEAST_EDGE, NOISE * float(np.median(steepness)))


def _is_panel(planes: np.ndarray, panel: np.ndarray, region: np.ndarray) -> bool:
    """Return whether a region, its holes filled, is a panel, and whether the largest of its holes can be a digit."""
    content = _largest(panel & ~region)
    if content is None:
        return False
    extent = _extent(content) / np.sqrt(panel.sum())
    convex, rectangular = fullness(panel)
    if extent < CONTENT or convex < CONVEX:
        return False
    if _is_ring(planes, panel, region, content):
        return rectangular >= SQUARE
    if rectangular >= RECTANGULAR or rim(panel).any():
        return True
    return bool(extent >= ROUND_CONTENT and _width(content) > ROUND_WIDTH)


def _is_ring(planes: np.ndarray, panel: np.ndarray, region: np.ndarray, content: np.ndarray) -> bool:
    """Return whether a panel is rather the thick stroke of a 0: what is in it is solid and of the colour around it."""
    core = ndimage.binary_erosion(content, iterations=2)
    around = ndimage.binary_dilation(panel, iterations=AROUND) & ~ndimage.binary_dilation(panel, iterations=AROUND // 2)
    if not core.any() or not around.any() or solidity(content) < SOLID:
        return False
    stroke, hole, outside = (np.median(planes[:, mask], axis=1) for mask in (region, core, around))
    return bool(2 * np.abs(hole - outside).max() < np.abs(stroke - outside).max())


def _largest(mask: np.ndarray) -> np.ndarray | None:
    """Return the connected part of a mask (h, w) with the longest side, None if there is none."""
    labels, n = ndimage.label(mask, np.ones((3, 3)))
    sides = [max(side.stop - side.start for side in box) for box in ndimage.find_objects(labels)]
    return labels == 1 + int(np.argmax(sides)) if n else None


def _extent(mask: np.ndarray) -> int:
    """Return the longer side of a mask's box."""
    return max(int(np.ptp(np.flatnonzero(mask.any(axis=axis)))) + 1 for axis in (0, 1))


def _width(mask: np.ndarray) -> float:
    """Return the width of a mask / its length, as standard deviations across and along."""
    least, most = np.linalg.eigvalsh(np.cov(np.argwhere(mask).T))
    return float(np.sqrt(max(least, 0) / most))


def _enlarged(mask: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Enlarge a mask to a shape (h, w)."""
    y, x = (np.arange(side) * small // side for side, small in zip(shape, mask.shape, strict=True))
    return mask[y][:, x]
