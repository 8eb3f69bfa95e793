"""Where the ink of an image lies, how it leans and how wide it is."""

import numpy as np


def moments(image: np.ndarray) -> tuple[float, float, float, float]:
    """Return the centre of the ink, its lean, and its standard deviation across once it no longer leans."""
    y, x = np.indices(image.shape)
    below, across = (float(np.average(place, weights=image)) for place in (y, x))
    down, right = y - below, x - across
    lean = float(np.average(down * right, weights=image) / np.average(down**2, weights=image))
    return below, across, lean, float(np.average((right - lean * down) ** 2, weights=image) ** 0.5)
