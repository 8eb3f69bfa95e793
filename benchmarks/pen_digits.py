"""The metrics of a model on digits that people drew with a pen on a screen, by digit and by the width of the pen.

The file is a NumPy archive of pen strokes: `points` (n, 2) in pixels, x to the right and y down; stroke k is
`points[stroke_ends[k]:stroke_ends[k + 1]]`, digit i has the strokes `digit_ends[i]` up to `digit_ends[i + 1]`, and a
label in `labels`.
Such digits are in "Pen-Based Recognition of Handwritten Digits", original strokes (E. Alpaydin and F. Alimoglu, UCI
Machine Learning Repository, CC BY 4.0), which is not part of the project. Each is drawn on the canvas at a random size
and turned into an image as there. --card writes the figures into the model's card.
"""

import argparse
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.report import finish, machine
from siamese_core.config import PEN_WIDTH, SHIPPED_MODEL
from siamese_core.datasets.synthetic.rendering import seen
from siamese_core.networks.card import read_card, write_card
from siamese_core.networks.quiet_tensorflow import import_tensorflow

SOURCE = "Pen-Based Recognition of Handwritten Digits (E. Alpaydin, F. Alimoglu; UCI, CC BY 4.0)"
WIDTHS = (8, 12, PEN_WIDTH, 26, 36)  # px on the canvas
KEPT = ("pairs", "eer", "far", "frr", "balanced_accuracy", "one_nn")


CLASSES = 10


class Pens(NamedTuple):
    """Digits as strokes."""

    strokes: list[list[np.ndarray]]  # of each digit, each (k, 2)
    labels: np.ndarray  # (n,) int64


def read_pens(path: Path) -> Pens:
    """Read a file of pen strokes."""
    with np.load(path, allow_pickle=False) as file:
        points, ends, digits = file["points"].astype(float), file["stroke_ends"], file["digit_ends"]
        labels = file["labels"].astype(np.int64)
    strokes = [points[a:b] for a, b in pairwise(ends)]
    return Pens([strokes[a:b] for a, b in pairwise(digits)], labels)


class Drawn(NamedTuple):
    """The same digits, drawn on the canvas and turned into images."""

    images: np.ndarray  # (n, 28, 28) float32 in [0, 1]
    labels: np.ndarray  # (n,)


def draw_pens(pens: Pens, rng: np.random.Generator, pen_width: float = PEN_WIDTH) -> Drawn:
    """Draw digits with a pen of a width in pixels and turn them into images, as the canvas does."""
    return Drawn(np.stack([seen(strokes, rng, pen_width) for strokes in pens.strokes]), pens.labels)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--model", type=Path, default=SHIPPED_MODEL, metavar="DIR")
    parser.add_argument("--card", action="store_true", help="keep the figures in the model's card")
    arguments = parser.parse_args()
    if arguments.file is None:
        print("Nothing measured: it needs a file of pen digits, see --help.")
        return
    import_tensorflow()
    from siamese_core.metrics.report import accepted_by_class, measure
    from siamese_core.networks.model import load_model

    print(machine())
    model, pens = load_model(arguments.model), read_pens(arguments.file)
    found: dict[str, Any] = {"source": SOURCE, "digits": len(pens.labels), "by_pen_width": {}}
    for width in WIDTHS:
        digits = draw_pens(pens, np.random.default_rng(0), width)
        embeddings = model.embed(digits.images)
        figures = measure(embeddings, digits.labels, model.threshold)._asdict()
        kept = {name: figures[name] for name in KEPT}
        if model.test_embeddings is not None and model.novelty_limit is not None:
            kept["called_no_digit"] = float(model.is_novel(embeddings).mean())
        print(f"pen of {width} px: " + ", ".join(f"{name} {value:.5g}" for name, value in kept.items()), flush=True)
        found["by_pen_width"][str(width)] = kept
        if width == PEN_WIDTH:
            found |= kept
            found["accepted_by_class"] = accepted_by_class(embeddings, digits.labels, model.threshold, CLASSES).tolist()
            for digit, frr in enumerate(1 - np.diag(found["accepted_by_class"])):
                print(f"  {digit}: FRR {frr:.2%}")
    if arguments.card:
        write_card(arguments.model, {**read_card(arguments.model), "pen_digits": found})
    finish("pen_digits", found)


if __name__ == "__main__":
    main()
