"""Find the ink of a picture: how much each pixel holds, (h, w) float32 from 0, background, to 1, full ink.

A drawing has a uniform background: the ink is the distance of a pixel's colour from that of the background. A photo's
background varies from place to place: it is estimated by filling in everything dark and narrow from its sides.
"""

import numpy as np
from PIL import Image
from scipy import ndimage

from siamese_core.imaging.picture_error import PictureError

EDGE = 0.5  # ink level at which an edge lies
MIN_CONTRAST = 15  # levels of 255; a picture that differs less from its background is blank
EVEN = 2  # levels of 255 by which a uniform background or uniform ink may vary
MIN_EVEN = 0.5  # share of uniform background and ink in a drawing; the rest are soft edges
MIN_EVEN_RIM = 0.8  # the same along the border, which a photo's shadows reach and a drawing's edges hardly do
MIN_EXTENT = 0.02  # longer side of a part / longer side of the picture; a smaller part is a speck
MIN_PIXELS = 3  # px, least longer side of a part in a picture too small for MIN_EXTENT

PHOTO_SIDE = 512  # px, longer side to which a photo is reduced
DARK = 100  # grey level; a photo with a lower median may be light on dark
NARROW = 0.3  # of the longer side: dark areas up to this width are ink, wider ones are background
DIMMEST = 0.4  # of the brightest background; darker areas are not paper in a shadow and are not brightened further
MIN_DEPTH = 0.2  # least share of the paper's light that full ink takes away
NOISE_LEVELS = 6  # standard deviations of the paper's noise by which ink must differ
MIN_PART = 0.03  # area of a part of the drawing / area of its largest part
MAX_GAP = 0.3  # distance of a part from the largest one / longer side of the largest one
TWIN_PART, TWIN_EXTENT = 0.25, 0.5  # area and longer side / those of the largest part; kept at any distance
MAX_SOLID = 0.6  # area connected straight to the border / area of a part; a part with more lies along the border

EIGHT = np.ones((3, 3))  # pixels that touch at a corner are connected


def find_ink(rgba: np.ndarray) -> np.ndarray:
    """Measure the ink of a drawing or photo (h, w, 4) uint8: light on dark, dark on light, or on transparency.

    A photo is reduced to at most PHOTO_SIDE pixels on the longer side. Raises PictureError if the picture is blank, or
    holds no more than a mark.
    """
    planes = np.ascontiguousarray(rgba.transpose(2, 0, 1))  # (4, h, w)
    alpha = planes[3]
    if alpha.min() < alpha.max() and _ground_level(alpha) < 128:
        return _drawing_ink(alpha)
    colours = _fill_holes(planes)
    difference = np.maximum.reduce([_distance(plane, _ground_level(plane)) for plane in colours])
    top = int(difference.max())
    if top < MIN_CONTRAST or not alpha.any():
        raise _blank()
    even = (difference <= EVEN) | (difference >= top - EVEN)
    is_drawing = even.mean() >= MIN_EVEN and _rim(even).mean() >= MIN_EVEN_RIM
    return _drawing_ink(difference) if is_drawing else _photo_ink(colours)


def _blank() -> PictureError:
    return PictureError("The picture is blank; nothing stands out from its background.")


def _ground_level(plane: np.ndarray) -> int:
    """Return the median level of a plane (h, w) uint8: of its border and a grid of about twice as many pixels."""
    rim = _rim(plane)
    step = max(1, int(np.sqrt(plane.size / (2 * len(rim)))))
    return int(np.median(np.concatenate([rim, plane[step // 2 :: step, step // 2 :: step].ravel()])))


def _rim(plane: np.ndarray) -> np.ndarray:
    """Return the border pixels of (h, w), as (2 h + 2 w,)."""
    return np.concatenate([plane[0], plane[-1], plane[:, 0], plane[:, -1]])


def _distance(plane: np.ndarray, level: int) -> np.ndarray:
    return np.maximum(plane, np.uint8(level)) - np.minimum(plane, np.uint8(level))


def _fill_holes(planes: np.ndarray) -> np.ndarray:
    """Give transparent pixels, such as rounded corners, the median colour of the others: (4, h, w) -> (3, h, w)."""
    clear = planes[3] < 128
    if not clear.any() or clear.all():
        return planes[:3]
    return np.stack([np.where(clear, np.uint8(np.median(plane[~clear])), plane) for plane in planes[:3]])


def _drawing_ink(difference: np.ndarray) -> np.ndarray:
    """Scale a difference from the background (h, w) uint8 so that full ink of any colour is 1."""
    inked = difference[difference >= MIN_CONTRAST]
    if not inked.size:
        raise _blank()
    ink = np.minimum(difference / np.float32(np.percentile(inked, 95)), 1)
    mask = ink >= EDGE
    digit = _digit_parts(mask)
    return ink if digit is mask else _only(ink, digit)


def _only(ink: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Clear the ink (h, w) outside a mask, except for the soft edges around it."""
    return np.where(ndimage.binary_dilation(mask, iterations=2), ink, np.float32(0))


def _digit_parts(mask: np.ndarray) -> np.ndarray:
    """Keep the parts of a mask (h, w) that form the drawing: the largest one, and those of some size close to it.

    A part almost as large is kept at any distance, so that two digits stay two. Raises PictureError if even the largest
    part is too small to be drawn on purpose.
    """
    labels, _ = ndimage.label(mask, EIGHT)
    areas = np.bincount(labels.ravel())[1:]
    starts, sizes = _boxes(labels)
    main = int(np.argmax(areas))
    extent = sizes[main].max()
    if extent < max(MIN_PIXELS, MIN_EXTENT * max(mask.shape)):
        raise PictureError(f"The picture holds no more than a mark of {extent} px.")
    stops = starts + sizes
    gaps = np.maximum(starts[main] - stops, starts - stops[main]).max(axis=1)
    near = (areas >= MIN_PART * areas[main]) & (gaps <= MAX_GAP * extent)
    keep = near | ((areas >= TWIN_PART * areas[main]) & (sizes.max(axis=1) >= TWIN_EXTENT * extent))
    return mask if keep.all() else np.concatenate([[False], keep])[labels]


def _boxes(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the boxes of n labelled parts of (h, w): their top left corners (n, 2) and their sizes (n, 2) in pixels."""
    boxes = ndimage.find_objects(labels)
    starts = np.array([[side.start for side in box] for box in boxes])
    return starts, np.array([[side.stop for side in box] for box in boxes]) - starts


def _photo_ink(colours: np.ndarray) -> np.ndarray:
    """Measure the ink on paper (3, h, w) uint8, without light, shadow, noise, faint lines and objects beside it."""
    smooth = np.stack([ndimage.gaussian_filter(plane, 1.0) for plane in _reduce(colours)])
    if _is_light_on_dark(smooth.mean(axis=0)):
        smooth = 255 - smooth
    depth, level = _without_table(_depth(smooth))
    ink = np.clip(2 * depth / level - EDGE, 0, 1).astype(np.float32)
    return _only(ink, _digit_parts(ink >= EDGE))


def _reduce(colours: np.ndarray) -> np.ndarray:
    """Reduce (3, h, w) uint8 to float32 with at most PHOTO_SIDE pixels on the longer side, by means of areas."""
    height, width = colours.shape[1:]
    scale = min(1.0, PHOTO_SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    floats = [Image.fromarray(plane.astype(np.float32)) for plane in colours]
    return np.stack([np.asarray(image.resize(size, Image.Resampling.BOX)) for image in floats])


def _is_light_on_dark(grey: np.ndarray) -> bool:
    """Return whether (h, w) float32 is mostly dark and what stands out is clearly lighter."""
    small = np.asarray(Image.fromarray(grey).resize((48, 48), Image.Resampling.BOX))
    rest = small - ndimage.median_filter(small, size=17, mode="nearest")
    lighter, darker = np.clip(rest, 0, None), np.clip(rest, None, 0)
    return bool(np.median(small) < DARK and (lighter**2).sum() > 3 * (darker**2).sum())


def _depth(planes: np.ndarray) -> np.ndarray:
    """Return the share of the paper's light that each pixel of (3, h, w) float32 lacks, in the channel that lacks most.

    The paper's light is a grey closing of the picture: it fills in everything that is darker and narrower than its
    window, but keeps shadows and gradients of the light.
    """
    window = 2 * int(NARROW * max(planes.shape[1:]) / 2) + 1
    ground = np.stack([ndimage.grey_closing(plane, size=(window, window)) for plane in planes])
    floor = max(1.0, DIMMEST * float(np.percentile(ground, 95)))
    return ((ground - planes) / np.maximum(ground, floor)).max(axis=0)


def _ink_level(depth: np.ndarray) -> float:
    """Find the depth of full ink in (h, w), or 0 if nothing stands out from the noise of the paper."""
    middle = float(np.median(depth))
    noise = 1.4826 * float(np.median(np.abs(depth - middle)))  # the standard deviation, if the noise is Gaussian
    inked = depth[depth > max(MIN_DEPTH, middle + NOISE_LEVELS * noise)]
    return float(np.percentile(inked, 95)) if inked.size else 0.0


def _without_table(depth: np.ndarray) -> tuple[np.ndarray, float]:
    """Clear areas along the border, such as a table beside the paper, and find the ink's level in the rest.

    If the rest holds no ink, the areas along the border are the drawing, unless they fill a whole side.
    """
    level = _ink_level(depth)
    if not level:
        raise _blank()
    mask = depth > EDGE * level
    labels, _ = ndimage.label(mask, EIGHT)
    areas = np.bincount(labels.ravel())
    solid = np.bincount(labels[_solid_from_rim(mask)], minlength=len(areas)) / np.maximum(areas, 1)
    table = mask & (solid > MAX_SOLID)[labels]
    rest = np.where(ndimage.binary_dilation(table, iterations=5), np.float32(0), depth)
    if rest_level := _ink_level(rest):
        return rest, rest_level
    if any(side.all() for side in (table[0], table[-1], table[:, 0], table[:, -1])):
        raise _blank()
    return depth, level


def _solid_from_rim(mask: np.ndarray) -> np.ndarray:
    """Mark the pixels of a mask (h, w) that are connected straight to the border, in at least one direction."""
    views = (mask, mask[::-1], mask.T, mask[:, ::-1].T)
    down, up, right, left = (np.logical_and.accumulate(view, axis=0) for view in views)
    return down | up[::-1] | right.T | left.T[:, ::-1]
