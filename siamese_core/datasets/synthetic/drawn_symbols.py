"""The project's own symbols as strokes on the canvas and as examples."""

import numpy as np

from siamese_core.config import CANVAS_SIZE, PEN_WIDTH
from siamese_core.datasets.symbols import Example, Symbol, Symbols, example
from siamese_core.datasets.synthetic.rendering import draw
from siamese_core.datasets.synthetic.strokes import parse, smooth, vary
from siamese_core.datasets.synthetic.symbols import OPENING, SYMBOLS
from siamese_core.imaging.canonical import ink_to_digit

SHARE = 0.6  # of the canvas, for the longer side of a symbol


def opening_symbols() -> Symbols:
    """Return the set that the page opens with: each symbol by one example."""
    return tuple(Symbol(name, (drawn_example(name),)) for name in OPENING)


def drawn_example(name: str) -> Example:
    """Return a symbol of SYMBOLS, as it is written there, as an example."""
    strokes = symbol_strokes(name)
    return example(ink_to_digit(draw(strokes, SHARE * CANVAS_SIZE, PEN_WIDTH)), strokes)


def symbol_strokes(name: str, rng: np.random.Generator | None = None) -> list[np.ndarray]:
    """Return the strokes (k, 2) of a symbol of SYMBOLS in the middle of the canvas, in its pixels.

    rng: varies them as in handwriting; without it they are as they are written there.
    """
    parts = parse(SYMBOLS[name])
    strokes = vary(parts, rng) if rng else [np.concatenate([smooth(part) for part in stroke]) for stroke in parts]
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = SHARE * CANVAS_SIZE / (high - low).max()
    return [(stroke - (low + high) / 2) * scale + CANVAS_SIZE / 2 for stroke in strokes]
