"""Distort images step by step: shift, turn, scale, thicken or thin, noise."""

from typing import Literal

import numpy as np

Kind = Literal["shift", "turn", "scale", "thickness", "noise"]
AMOUNTS: dict[Kind, tuple[float, ...]] = {
    "shift": (0, 1, 2, 3, 4, 5, 6, 7, 8),  # pixels to the right
    "turn": (-60, -45, -30, -15, 0, 15, 30, 45, 60),  # degrees, anticlockwise
    "scale": (0.5, 0.6, 0.75, 0.9, 1, 1.1, 1.2, 1.3, 1.4),  # times the size
    "thickness": (-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1),  # -1 the thinnest, 1 the thickest
    "noise": (0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6),  # standard deviation
}


def distort(images: np.ndarray, kind: Kind, amount: float) -> np.ndarray:
    """Return images (n, h, w) float32 in [0, 1] distorted by an amount, in the same shape and range."""
    raise NotImplementedError
