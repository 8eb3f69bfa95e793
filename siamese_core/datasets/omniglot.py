"""Symbols that people wrote: a file of strokes and bitmaps, such as Omniglot's small background sets, as images.

Omniglot: Lake, Salakhutdinov, Tenenbaum, "Human-level concept learning through probabilistic program induction",
Science 350, 2015. The file is a NumPy archive without pickle: `points` (n, 2) int16 of the pen's path, x to the right
and y down; stroke k is `points[stroke_ends[k - 1]:stroke_ends[k]]`, from 0 for the first; drawing i has the strokes
`symbol_ends[i - 1]` up to `symbol_ends[i]`; `labels` (m,) are indices into `class_names`, such as "Greek/character03";
`drawers` (m,) say who wrote; `images` (m, side, bytes) uint8 hold a bit a pixel, 1 where there is ink.
"""

from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy import ndimage

from siamese_core.datasets.dataset import DataError, Dataset, join, to_uint8
from siamese_core.datasets.synthetic.rendering import seen
from siamese_core.datasets.synthetic.strokes import move
from siamese_core.imaging.canonical import ink_to_digit

PEN_WIDTHS = (6.0, 24.0)  # px on the canvas, with which drawings are written anew
VERSIONS = 3  # in which each drawing is written anew
STEP = 4  # of a drawing's points, each fourth is kept: they lie close
QUARTERS = 4  # turns of 90 degrees, each of which makes another class
ALIKE = 0.85  # correlation of a class's mean image with its turned self from which on they are one class
BLUR = 1.0  # px, of mean images before they are correlated


class Omniglot(NamedTuple):
    """Drawings of symbols."""

    strokes: list[list[np.ndarray]]  # of each drawing, each (k, 2) float64, x to the right and y down
    bitmaps: np.ndarray  # (m, side, side) bool, True where there is ink
    labels: np.ndarray  # (m,) int64
    class_names: tuple[str, ...]


def read_omniglot(path: Path) -> Omniglot:
    """Read a file of symbols. Raises DataError with one sentence if it is missing or of another kind."""
    try:
        with np.load(path, allow_pickle=False) as file:
            points, ends, symbols = file["points"].astype(float), file["stroke_ends"], file["symbol_ends"]
            labels, names = file["labels"].astype(np.int64), tuple(str(name) for name in file["class_names"])
            bitmaps = np.unpackbits(file["images"], axis=-1)[..., : file["images"].shape[1]].astype(bool)
    except FileNotFoundError:
        raise DataError(f"there is no file {path}") from None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DataError(f"{path} is no file of symbols ({error})") from None
    strokes = [points[a:b] for a, b in pairwise([0, *ends])]
    drawings = [strokes[a:b] for a, b in pairwise([0, *symbols])]
    if not len(drawings) == len(bitmaps) == len(labels) or labels.max() >= len(names):
        raise DataError(f"{path} is no file of symbols: its drawings, pictures and labels differ in number")
    return Omniglot(drawings, bitmaps, labels, names)


def omniglot_images(symbols: Omniglot, rng: np.random.Generator, versions: int = VERSIONS) -> Dataset:
    """Return images (n, 28, 28) of the drawings: their bitmaps, and each written anew `versions` times.

    Every quarter turn of a class is a class of its own, unless it looks like one that is already there. Source of the
    turned classes: Santoro, Bartunov, Botvinick and others, "Meta-Learning with Memory-Augmented Neural Networks", ICML
    2016.
    """
    upright = Dataset("symbols", bitmap_images(symbols.bitmaps), symbols.labels, symbols.class_names)
    parts = [upright]
    for _ in range(versions):
        written = (_written(strokes, rng) for strokes in symbols.strokes)
        images = np.stack([to_uint8(seen(strokes, rng, rng.uniform(*PEN_WIDTHS))) for strokes in written])
        parts.append(Dataset("symbols", images, symbols.labels, symbols.class_names))
    return _with_turns(join(parts))


def bitmap_images(bitmaps: np.ndarray) -> np.ndarray:
    """Turn bitmaps (n, h, w) bool, True where there is ink, into images as the canvas does: (n, 28, 28) uint8."""
    return np.stack([to_uint8(ink_to_digit(bitmap.astype(np.float32))) for bitmap in bitmaps])


def _written(strokes: list[np.ndarray], rng: np.random.Generator) -> list[np.ndarray]:
    """Write a drawing anew: strokes displaced, the whole slanted, turned, stretched and bent, in a box of 100."""
    points = np.concatenate(strokes)
    corner, side = points.min(axis=0), max(float(np.ptp(points, axis=0).max()), 1.0)
    thinned = [np.concatenate([stroke[:-1:STEP], stroke[-1:]]) for stroke in strokes]
    return move([(stroke - corner) * (100 / side) for stroke in thinned], rng)


def _with_turns(upright: Dataset) -> Dataset:
    """Return the images and their quarter turns, without those of classes that a turn leaves as they are."""
    parts = [upright]
    means = np.stack([upright.images[upright.labels == label].mean(axis=0) for label in range(upright.classes)])
    seen_so_far = [means]
    for quarter in range(1, QUARTERS):
        turned = np.rot90(means, quarter, axes=(1, 2))
        new = np.all([_correlation(turned, earlier) < ALIKE for earlier in seen_so_far], axis=0)
        seen_so_far.append(turned)
        part = upright.subset(new[upright.labels])
        names = tuple(f"{name} turned {90 * quarter}" for name in upright.class_names)
        parts.append(Dataset(part.name, np.rot90(part.images, quarter, axes=(1, 2)).copy(), part.labels, names))
    return join(parts)


def _correlation(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the correlation of each image of a with its fellow of b, (n, h, w) each, both blurred: (n,)."""
    flat = [ndimage.gaussian_filter(each.astype(float), (0, BLUR, BLUR)).reshape(len(each), -1) for each in (a, b)]
    x, y = (each - each.mean(axis=1, keepdims=True) for each in flat)
    return (x * y).sum(axis=1) / np.sqrt((x * x).sum(axis=1) * (y * y).sum(axis=1))
