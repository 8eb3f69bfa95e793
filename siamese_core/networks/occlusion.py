"""Occlusion: which strokes of two images their distance rests on, found by removing the ink in small windows.

Source: M. D. Zeiler and R. Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014.
"""

from typing import Literal, NamedTuple

import numpy as np

from siamese_core.metrics.distances import distance
from siamese_core.networks.model import SiameseModel

HEAT_SIZE = 5  # pixels, side of the windows of the heat
STEPS = {3: 2, 5: 2, 7: 3, 9: 3, 11: 4, 14: 4}  # sides of the windows that may flip the verdict, and pixels between two
LEAST_INK = 0.01  # share of an image's ink in a window that is worth removing
MOST_INK = 0.5  # a window with more of it is no piece of the image

Side = Literal["left", "right"]


class Window(NamedTuple):
    """A square window of an image whose removal flips the verdict."""

    side: Side  # the image
    top: int  # pixels
    left: int
    size: int
    distance: float  # of the two images without the ink in the window


class Occlusion(NamedTuple):
    """What the ink of two images does to their distance."""

    distance: float  # of the whole images
    left: np.ndarray  # (side, side) float32: mean change of the distance without the ink around a pixel; 0 without ink
    right: np.ndarray  # (side, side)
    flip: Window | None  # of the smallest windows that flip the verdict that with the least ink; None if none does


class _Tried(NamedTuple):
    """The distances of two images without the ink in each of m windows of one of them."""

    corners: np.ndarray  # (m, 2) top and left of each window
    ink: np.ndarray  # (m,) share of the image's ink in it
    distances: np.ndarray  # (m,)


def occlude(model: SiameseModel, left: np.ndarray, right: np.ndarray) -> Occlusion:
    """Find what the ink of two images (side, side) float32 in [0, 1] does to their distance.

    Above 0 the heat tells of ink that makes the two alike, as without it they lie farther apart; below 0 of ink that
    sets them apart. Windows that may flip the verdict are tried at places some pixels apart, up to half the image's
    side. A pair takes half a second on two cores. Raises ValueError as `SiameseModel.embed`.
    """
    images: dict[Side, np.ndarray] = {"left": left, "right": right}
    embeddings = model.embed(np.stack([left, right]))
    others: dict[Side, np.ndarray] = {"left": embeddings[1], "right": embeddings[0]}
    whole = float(distance(embeddings[:1], embeddings[1:])[0])
    heats, flip = {}, None
    for size, step in STEPS.items():
        tried = {side: _try(model, images[side], others[side], size, step) for side in images}
        if size == HEAT_SIZE:
            heats = {side: _heat(images[side], found, whole) for side, found in tried.items()}
        flip = flip or _flip(model, tried, size, whole)
        if heats and flip:
            break
    return Occlusion(whole, heats["left"], heats["right"], flip)


def _try(model: SiameseModel, image: np.ndarray, other: np.ndarray, size: int, step: int) -> _Tried:
    """Remove the ink in each window with some of it; other: (d,) the embedding of the other image."""
    whole = len(image)
    places = np.arange((whole - size) % step // 2, whole - size + 1, step)
    corners = np.stack(np.meshgrid(places, places, indexing="ij"), axis=-1).reshape(-1, 2)
    held = np.lib.stride_tricks.sliding_window_view(image, (size, size)).sum(axis=(2, 3))
    ink = held[tuple(corners.T)] / max(float(image.sum()), 1e-9)
    corners, ink = (each[(ink >= LEAST_INK) & (ink <= MOST_INK)] for each in (corners, ink))
    inside = (np.arange(whole) >= corners[..., None]) & (np.arange(whole) < corners[..., None] + size)
    rest = np.where(inside[:, 0, :, None] & inside[:, 1, None, :], np.float32(0), image)
    return _Tried(corners, ink, distance(model.embed(rest), np.tile(other, (len(rest), 1))))


def _heat(image: np.ndarray, tried: _Tried, whole: float) -> np.ndarray:
    """Return for each pixel with ink the mean change of the distance over the windows around it, times the ink."""
    change, times = np.zeros(image.shape), np.zeros(image.shape)
    for (top, left), apart in zip(tried.corners, tried.distances, strict=True):
        window = slice(top, top + HEAT_SIZE), slice(left, left + HEAT_SIZE)
        change[window] += apart - whole
        times[window] += 1
    return (image * change / np.maximum(times, 1)).astype(np.float32)


def _flip(model: SiameseModel, tried: dict[Side, _Tried], size: int, whole: float) -> Window | None:
    """Return the window with the least ink of those whose removal flips the verdict on two images."""
    flips: list[tuple[float, Window]] = []
    for side, found in tried.items():
        for i in np.flatnonzero(model.is_same(found.distances) != model.is_same(whole)).tolist():
            top, first = found.corners[i].tolist()
            flips.append((float(found.ink[i]), Window(side, top, first, size, float(found.distances[i]))))
    return min(flips)[1] if flips else None
