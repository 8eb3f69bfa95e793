"""Distort images step by step: shift, turn, scale, thicken or thin, noise.

The distortion is applied to the image as it is. What the app makes of a drawing, its canonical image, undoes a shift
and a change of scale by construction; `distorted_digits` gives both, the image without and with that step.
"""

from typing import Literal

import numpy as np
from scipy import ndimage

from siamese_core.config import IMAGE_SIZE
from siamese_core.imaging.canonical import ink_to_digit
from siamese_core.imaging.parts import EDGE

Kind = Literal["shift", "turn", "scale", "thickness", "noise"]
AMOUNTS: dict[Kind, tuple[float, ...]] = {
    "shift": (0, 1, 2, 3, 4, 5, 6, 7, 8),  # pixels to the right
    "turn": (-60, -45, -30, -15, 0, 15, 30, 45, 60),  # degrees, clockwise
    "scale": (0.5, 0.6, 0.75, 0.9, 1, 1.1, 1.2, 1.3, 1.4),  # times the size
    "thickness": (-1, -0.75, -0.5, -0.25, 0, 0.5, 1, 2, 3),  # pixels added to the width of the strokes
    "noise": (0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6),  # standard deviation
}
NEUTRAL: dict[Kind, float] = {"shift": 0, "turn": 0, "scale": 1, "thickness": 0, "noise": 0}  # changes nothing
IN_PIXELS = ("shift", "thickness")  # of an image with a side of 28; in a larger one as much more
ROOM = 0.5  # of an image's side, around it, so that its canonical image is made of all its ink


def distort(images: np.ndarray, kind: Kind, amount: float, rng: np.random.Generator) -> np.ndarray:
    """Return images (n, h, w) float32 in [0, 1] distorted by an amount, in the same shape and range.

    What leaves the image is lost. rng: draws the noise. Raises ValueError for an unknown kind, an amount that is not a
    number, or a scale or a noise out of range.
    """
    _check(kind, amount)
    if amount == NEUTRAL[kind]:
        return images.copy()
    if kind == "shift":
        return _moved(images, np.eye(2), (0, amount))
    if kind == "turn":
        cos, sin = np.cos(np.deg2rad(amount)), np.sin(np.deg2rad(amount))
        return _moved(images, np.array([[cos, -sin], [sin, cos]]), (0, 0))
    if kind == "scale":
        return _moved(images, np.eye(2) / amount, (0, 0))
    if kind == "thickness":
        return _thickened(images, amount)
    noise = rng.standard_normal(images.shape, np.float32)
    return np.clip(images + np.float32(amount) * noise, 0, 1)


def distorted_digits(
    images: np.ndarray, kind: Kind, amount: float, rng: np.random.Generator, *, canonical: bool
) -> np.ndarray:
    """Return images (n, side, side) distorted, and with `canonical` made canonical again, as the app does with ink.

    Noise is added to the finished image in both cases: the app finds ink in noisy photos in another way, see `ink`. An
    image without ink of at least one half keeps what is left of it. Raises ValueError as `distort`.
    """
    side = images.shape[1]
    if kind in IN_PIXELS:
        amount *= side / IMAGE_SIZE
    if not canonical or kind == "noise":
        return distort(images, kind, amount, rng)
    room = round(ROOM * side)
    with_room = np.pad(images, ((0, 0), (room, room), (room, room)))
    return np.stack([_canonical(image, side) for image in distort(with_room, kind, amount, rng)])


def _check(kind: Kind, amount: float) -> None:
    if kind not in NEUTRAL:
        raise ValueError(f"expected a distortion of {', '.join(NEUTRAL)}, got {kind}")
    least = {"scale": 0.1, "noise": 0.0}.get(kind, -np.inf)
    if not (np.isfinite(amount) and amount >= least):
        raise ValueError(f"expected an amount of {kind} that is a number of at least {least}, got {amount}")


def _canonical(ink: np.ndarray, side: int) -> np.ndarray:
    """Return the canonical image of ink (h, w); its middle, if there is hardly any."""
    if ink.max() > EDGE:
        return ink_to_digit(ink, side)
    corner = (len(ink) - side) // 2
    return ink[corner : corner + side, corner : corner + side]


def _moved(images: np.ndarray, matrix: np.ndarray, shift: tuple[float, float]) -> np.ndarray:
    """Sample images bilinearly, 0 outside: a pixel comes from matrix @ (its place from the centre - shift)."""
    size = np.array(images.shape[1:])
    centre = ((size - 1) / 2)[:, None, None]
    y, x = (
        np.einsum("ij,jhw->ihw", matrix, np.indices(images.shape[1:]) - centre - np.reshape(shift, (2, 1, 1)))
        + centre
        + 1
    )
    y, x = np.clip(y, 0, size[0] + 1), np.clip(x, 0, size[1] + 1)  # places in the padded images
    top, left = y.astype(int), x.astype(int)
    down, right = (y - top).astype(np.float32), (x - left).astype(np.float32)
    padded = np.pad(images, ((0, 0), (1, 2), (1, 2)))
    upper = padded[:, top, left] * (1 - right) + padded[:, top, left + 1] * right
    lower = padded[:, top + 1, left] * (1 - right) + padded[:, top + 1, left + 1] * right
    return upper * (1 - down) + lower * down


def _thickened(images: np.ndarray, pixels: float) -> np.ndarray:
    """Make strokes wider, or thinner below 0; between two whole numbers of pixels in proportion."""
    change = ndimage.maximum_filter if pixels > 0 else ndimage.minimum_filter
    whole, share = divmod(abs(pixels), 1)
    sizes = (int(whole) + 1, int(whole) + 2)
    less, more = (change(images, size=(1, size, size), mode="constant") for size in sizes)
    blended: np.ndarray = less + np.float32(share) * (more - less)
    return blended
