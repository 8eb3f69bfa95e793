"""From one image to another in even steps."""

import numpy as np


def blend(first: np.ndarray, last: np.ndarray, steps: int) -> np.ndarray:
    """Return `steps` images (steps, h, w) float32 from the first (h, w) to the last: weighted means of both.

    Raises ValueError unless both have one shape and there are at least two steps.
    """
    if first.shape != last.shape or steps < 2:
        raise ValueError(f"expected two images of one shape and 2 steps, got {first.shape}, {last.shape} and {steps}")
    share = np.linspace(0, 1, steps, dtype=np.float32)[:, None, None]
    return (1 - share) * first[None] + share * last[None]
