"""The thresholds at which pairs are counted, and how many of them lie below a distance. NumPy only."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

MOST_POINTS = 600  # of the even grid, at least half as many over the same reach
NICE = (1.0, 2.0, 2.5, 5.0, 10.0)  # steps, times a power of ten
CELLS = 4096  # of the table in which thresholds are looked up


class Lookup(NamedTuple):
    """For equally wide cells of the distance, how many thresholds lie below a cell, and those inside it."""

    scale: np.float32  # cells per unit of distance
    below: np.ndarray  # (cells,) int32, thresholds in cells before
    inside: np.ndarray  # (m, cells) float32, thresholds in the cell, infinite where there are fewer than m

    def bins(self, distances: np.ndarray) -> np.ndarray:
        """Return how many thresholds lie below each distance, int32: the index of the first that accepts it.

        Exactly what float32 comparisons with every threshold give, as a cell never falls with the distance. The
        distances are float32 and not beyond the largest threshold.
        """
        cell = (distances * self.scale).astype(np.int32)
        found: np.ndarray = self.below[cell]
        for thresholds in self.inside:
            found += distances > thresholds[cell]
        return found


def make_grid(reach: float, special: Sequence[float]) -> np.ndarray:
    """Return an even grid from 0 to beyond a reach, united with special thresholds: (k,) float64, ascending.

    No two are the same in float32; a special threshold stands for a point of the grid that is. Raises ValueError unless
    the special ones are numbers of at least 0.
    """
    wanted = np.asarray(special, np.float64).ravel()
    if not (np.isfinite(wanted) & (wanted >= 0)).all():
        raise ValueError(f"expected thresholds of at least 0, got {list(special)}")
    step = nice_step(reach / MOST_POINTS)
    even = step * np.arange(int(np.ceil(reach / step)) + 2)
    both = np.concatenate([wanted, even])
    _, first = np.unique(both.astype(np.float32), return_index=True)  # the first of equal ones is the special one
    return both[first]


def nice_step(least: float) -> float:
    """Return the smallest step of at least `least` that is 1, 2, 2.5 or 5 times a power of ten."""
    power = np.floor(np.log10(least))
    return next(float(f"{nice:g}e{power:.0f}") for nice in NICE if nice * 10.0**power >= least * (1 - 1e-9))


def make_lookup(thresholds: np.ndarray) -> Lookup:
    """Prepare ascending thresholds (k,) for many distances."""
    exact = thresholds.astype(np.float32)
    scale = np.float32((CELLS - 2) / exact[-1])
    cell = (exact * scale).astype(np.int32)
    counts = np.bincount(cell, minlength=CELLS)
    below = np.cumsum(counts) - counts
    inside = np.full((counts.max(), CELLS), np.inf, np.float32)
    inside[np.arange(len(exact)) - below[cell], cell] = exact
    return Lookup(scale, below.astype(np.int32), inside)
