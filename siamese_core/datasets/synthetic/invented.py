"""Invented symbols: characters of alphabets that nobody writes, made by chance of lines, corners, arcs and rings.

A network that is to tell apart what it has never seen learns from many classes more than from many images of a few.
Each symbol is a list of strokes as in `strokes`; it is then written anew for every image, as in handwriting.
"""

import numpy as np

from siamese_core.datasets.dataset import Dataset
from siamese_core.datasets.synthetic.rendering import images_of
from siamese_core.datasets.synthetic.strokes import Stroke, vary

STROKES = (2, 6)  # from, and less than, so many strokes
CONNECTED = 0.5  # probability that a stroke begins on an earlier one
PLACES = (0, 50, 100)  # where strokes begin and end, across and down, but for STRAY
STRAY = 10.0  # standard deviation, in hundredths of the box
BOW = 25.0  # of the middle of an arc from the straight line


def invented_symbols(n: int, each: int, rng: np.random.Generator) -> Dataset:
    """Invent n symbols and write each of them `each` times: a data set of images (n * each, 28, 28), n classes."""
    symbols = [invent(rng) for _ in range(n)]
    labels = np.repeat(np.arange(n, dtype=np.int64), each)
    images = images_of((vary(symbols[label], rng) for label in labels), rng)
    return Dataset("invented symbols", images, labels, tuple(f"invented {i}" for i in range(n)))


def invent(rng: np.random.Generator) -> tuple[Stroke, ...]:
    """Return the strokes of a random symbol in a box of 100 x 100, each a list of smooth parts (k, 2)."""
    strokes: list[Stroke] = []
    for _ in range(rng.integers(*STROKES)):
        start = _place(rng)
        if strokes and rng.random() < CONNECTED:
            earlier = np.concatenate(strokes[rng.integers(len(strokes))])
            start = earlier[rng.integers(len(earlier))]
        strokes.append(_stroke(start, rng))
    return tuple(strokes)


def _stroke(start: np.ndarray, rng: np.random.Generator) -> Stroke:
    kind = rng.choice(["line", "corner", "arc", "curve", "ring"], p=[0.3, 0.25, 0.2, 0.15, 0.1])
    if kind == "ring":
        angle = np.linspace(0, 2 * np.pi, 9) + rng.uniform(0, 2 * np.pi)
        across, down = rng.uniform(10, 40, 2)
        return (start + np.stack([across * np.cos(angle), down * np.sin(angle)], axis=1),)
    end = _place(rng, start)
    if kind == "line":
        return (np.stack([start, end]),)
    if kind == "corner":
        last = _place(rng, end)
        return np.stack([start, end]), np.stack([end, last])
    if kind == "arc":
        along = (end - start) / max(float(np.hypot(*(end - start))), 1.0)
        middle = (start + end) / 2 + rng.normal(0, BOW) * np.array([-along[1], along[0]])
        return (np.stack([start, middle, end]),)
    return (np.stack([start, end, *(_place(rng) for _ in range(rng.integers(1, 3)))]),)


def _place(rng: np.random.Generator, other: np.ndarray | None = None) -> np.ndarray:
    """Return a random place, and if another one is given, one that is not near it."""
    while True:
        place = rng.choice(PLACES, 2) + rng.normal(0, STRAY, 2)
        if other is None or np.hypot(*(place - other)) > 2 * STRAY:
            return place
