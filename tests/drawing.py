"""Drawings and photos of digits for the tests, made by code: strokes as a person draws them, and what a camera adds."""

import io
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from PIL import Image
from scipy import ndimage

Points = Sequence[tuple[float, float]]
Colour = tuple[int, int, int]  # red, green, blue


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> list[tuple[float, float]]:
    """Return points of an ellipse from one angle to another, in degrees, clockwise from the right."""
    angles = np.radians(np.linspace(start, end, 24))
    return [(x + rx * float(np.cos(a)), y + ry * float(np.sin(a))) for a in angles]


# Strokes in a box of 1 x 1, x right and y down.
DIGITS: dict[int, list[Points]] = {
    0: [arc(0.5, 0.5, 0.32, 0.5, -90, 270)],
    1: [[(0.35, 0.2), (0.55, 0.0), (0.5, 1.0)]],
    2: [[*arc(0.5, 0.27, 0.32, 0.27, -170, 40), (0.18, 1.0), (0.85, 0.97)]],
    3: [arc(0.45, 0.25, 0.3, 0.25, -150, 90), arc(0.45, 0.74, 0.36, 0.26, -90, 150)],
    4: [[(0.45, 0.0), (0.12, 0.62), (0.9, 0.6)], [(0.68, 0.3), (0.64, 1.0)]],
    5: [[(0.3, 0.02), (0.25, 0.45), *arc(0.45, 0.7, 0.35, 0.3, -110, 140)], [(0.3, 0.0), (0.85, 0.03)]],
    6: [[(0.65, 0.0), (0.25, 0.5), *arc(0.5, 0.73, 0.29, 0.27, 180, 530)]],
    7: [[(0.12, 0.03), (0.88, 0.0), (0.4, 1.0)], [(0.3, 0.5), (0.75, 0.5)]],
    8: [arc(0.5, 0.25, 0.26, 0.25, 90, 450), arc(0.5, 0.75, 0.32, 0.25, -90, 270)],
    9: [[*arc(0.5, 0.28, 0.28, 0.28, 0, -360), (0.74, 1.0)]],
}


def ink(
    strokes: Sequence[Points],
    *,
    size: int = 280,
    height: float = 0.6,
    centre: tuple[float, float] = (0.5, 0.5),
    pen: float = 18,
) -> np.ndarray:
    """Draw strokes as (size, size) float64 in [0, 1]: a round pen of `pen` pixels, edges smoothed over a pixel.

    `height` and `centre` of the strokes' box are parts of the size.
    """
    y, x = np.mgrid[:size, :size] + 0.5
    away = np.full((size, size), np.inf)
    corner = np.array(centre) - height / 2
    for stroke in strokes:
        points = (np.array(stroke) * height + corner) * size
        for (ax, ay), (bx, by) in pairwise(points):
            dx, dy = bx - ax, by - ay
            along = np.clip(((x - ax) * dx + (y - ay) * dy) / max(dx * dx + dy * dy, 1e-9), 0, 1)
            away = np.minimum(away, np.hypot(x - ax - along * dx, y - ay - along * dy))
    return np.clip(pen / 2 + 0.5 - away, 0, 1)


def grey_rgba(grey: np.ndarray) -> np.ndarray:
    """Turn (h, w) uint8 into an opaque (h, w, 4) uint8 picture."""
    return np.dstack([grey, grey, grey, np.full_like(grey, 255)])


def canvas(digit: int, **options: Any) -> np.ndarray:
    """Draw a digit in white on black; options as of `ink`."""
    return grey_rgba(np.round(255 * ink(DIGITS[digit], **options)).astype(np.uint8))


def coloured(amount: np.ndarray, pen: Colour, ground: Colour) -> np.ndarray:
    """Mix the colours of pen and ground, (r, g, b) in 0 .. 255, by the amount of ink (h, w) in [0, 1]."""
    mixed = np.array(ground, float) + amount[..., None] * (np.array(pen, float) - np.array(ground, float))
    return np.dstack([np.round(mixed), np.full(amount.shape, 255)]).astype(np.uint8)


def shadow(size: int, *, angle: float, at: float, depth: float, width: float) -> np.ndarray:
    """Return the light (size, size) in [0, 1] at the soft edge of a shadow, `at` and `width` in parts of the side."""
    y, x = np.mgrid[:size, :size] / size - 0.5
    return 1 - depth / (1 + np.exp(-(x * np.cos(angle) + y * np.sin(angle) - at) / width))


def photo(picture: np.ndarray, light: np.ndarray, rng: np.random.Generator, *, noise: float = 4) -> np.ndarray:
    """Take a picture (h, w, 4) uint8 as a phone does: under a light (h, w), blurred, noisy, as a JPEG of quality 60."""
    seen = ndimage.gaussian_filter(picture[..., :3] * light[..., None], (1, 1, 0))
    noisy = np.clip(seen + rng.normal(0, noise, seen.shape), 0, 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(noisy).save(file, "JPEG", quality=60)
    return np.asarray(Image.open(file).convert("RGBA"))
