"""Symbols that somebody taught: names, each with a few drawings. A set is never changed; each act gives another set."""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from siamese_core.config import IMAGE_SIZE
from siamese_core.datasets.dataset import to_uint8

MOST_SYMBOLS, MOST_EXAMPLES = 30, 5
LONGEST_NAME = 30  # characters
UNKNOWN = "Unknown"  # the answer to what was not taught, and so no name
MOST_STROKES, MOST_POINTS = 200, 2_000  # kept of an example
PIXELS = IMAGE_SIZE**2

Stroke = tuple[tuple[int, int], ...]  # points in pixels of the canvas, x right and y down, in the order of the pen


class SymbolError(ValueError):
    """A set of symbols cannot be what it was asked to be; says why in a sentence for its visitor."""


class Example(NamedTuple):
    """One drawing of a symbol."""

    picture: bytes  # 28 x 28 pixels from the top left, light ink on black: what a network sees
    strokes: tuple[Stroke, ...] = ()  # how it was drawn; none for a photo


class Symbol(NamedTuple):
    """A name with its drawings, the oldest first."""

    name: str
    examples: tuple[Example, ...]  # 1 to MOST_EXAMPLES


Symbols = tuple[Symbol, ...]  # at most MOST_SYMBOLS; no two names differ in nothing but case


def example(image: np.ndarray, strokes: Sequence[np.ndarray] = ()) -> Example:
    """Return the example of an image (28, 28) in [0, 1] and its strokes (k, 2), in pixels of the canvas.

    Strokes are rounded and thinned to MOST_POINTS; with more than MOST_STROKES of them the picture alone is kept.
    """
    step = max(1, -(-sum(map(len, strokes)) // (MOST_POINTS - 2 * MOST_STROKES)))
    kept = tuple(_thinned(stroke, step) for stroke in strokes) if len(strokes) <= MOST_STROKES else ()
    return Example(to_uint8(image).tobytes(), kept)


def checked_name(name: str) -> str:
    """Return a name as it is kept. Raises SymbolError if it is blank, too long, or holds what cannot be written."""
    kept = " ".join(unicodedata.normalize("NFC", name).split())
    if not kept:
        raise SymbolError("Give the symbol a name first.")
    if len(kept) > LONGEST_NAME:
        raise SymbolError(f"A name has at most {LONGEST_NAME} characters; this one has {len(kept)}.")
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn") for letter in kept):
        raise SymbolError("A name is made of letters, digits and signs; this one holds something else.")
    if kept.casefold() == UNKNOWN.casefold():
        raise SymbolError(f"“{UNKNOWN}” is the answer to what was not taught; choose another name.")
    return kept


def find(symbols: Symbols, name: str) -> Symbol | None:
    """Return the symbol of a name, whatever its case; None if it was not taught."""
    wanted = " ".join(unicodedata.normalize("NFC", name).split()).casefold()
    return next((symbol for symbol in symbols if symbol.name.casefold() == wanted), None)


def teach(symbols: Symbols, name: str, drawing: Example) -> Symbols:
    """Return the set with one more example; a new name is a new symbol.

    Where a symbol has MOST_EXAMPLES, the oldest makes room. Raises SymbolError as `checked_name`, for more than
    MOST_SYMBOLS symbols, and if the symbol has this very picture already.
    """
    known = find(symbols, name)
    if known is None:
        if len(symbols) == MOST_SYMBOLS:
            raise SymbolError(f"A set holds at most {MOST_SYMBOLS} symbols; take one away first.")
        return (*symbols, Symbol(checked_name(name), (drawing,)))
    if drawing.picture in {each.picture for each in known.examples}:
        raise SymbolError(f"This drawing is an example of “{known.name}” already.")
    return _with(symbols, known, known._replace(examples=(*known.examples, drawing)[-MOST_EXAMPLES:]))


def rename(symbols: Symbols, old: str, new: str) -> Symbols:
    """Return the set with a symbol under another name. Raises SymbolError as `checked_name`, or if it is taken."""
    known, kept = _known(symbols, old), checked_name(new)
    if find(symbols, kept) not in (None, known):
        raise SymbolError(f"There is a symbol “{kept}” already.")
    return _with(symbols, known, known._replace(name=kept))


def forget(symbols: Symbols, name: str) -> Symbols:
    """Return the set without a symbol. Raises SymbolError if it is not in it."""
    known = _known(symbols, name)
    return tuple(symbol for symbol in symbols if symbol is not known)


def forget_example(symbols: Symbols, name: str, drawing: Example) -> Symbols:
    """Return the set without one example; with the last one its symbol goes. Raises SymbolError if it is not in it."""
    known = _known(symbols, name)
    left = tuple(each for each in known.examples if each != drawing)
    return _with(symbols, known, known._replace(examples=left)) if left else forget(symbols, name)


def images_of(examples: Sequence[Example]) -> np.ndarray:
    """Return the pictures of examples (n, 28, 28) uint8."""
    pixels = np.frombuffer(b"".join(each.picture for each in examples), np.uint8)
    return pixels.reshape(-1, IMAGE_SIZE, IMAGE_SIZE)


def examples_of(symbols: Symbols) -> tuple[list[Example], np.ndarray]:
    """Return all n examples, and for each the index of its symbol, (n,) int64."""
    labels = [i for i, symbol in enumerate(symbols) for _ in symbol.examples]
    return [each for symbol in symbols for each in symbol.examples], np.array(labels, np.int64)


def _known(symbols: Symbols, name: str) -> Symbol:
    known = find(symbols, name)
    if known is None:
        raise SymbolError(f"There is no symbol “{name}”.")
    return known


def _with(symbols: Symbols, old: Symbol, new: Symbol) -> Symbols:
    return tuple(new if symbol is old else symbol for symbol in symbols)


def _thinned(stroke: np.ndarray, step: int) -> Stroke:
    """Return each step-th point of a stroke and its last one, rounded, without repetitions."""
    kept = [*range(0, len(stroke) - 1, step), len(stroke) - 1]
    points = [(int(x), int(y)) for x, y in np.round(np.asarray(stroke, np.float64)[kept]).tolist()]
    return tuple(each for i, each in enumerate(points) if not i or each != points[i - 1])
