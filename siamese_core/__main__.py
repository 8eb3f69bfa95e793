"""The command line: python -m siamese_core train | evaluate | compare | map.

Bad input gives one line on stderr and exit code 2. With --json the last line printed is one JSON object.
"""

import argparse
import dataclasses
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from siamese_core.config import RECIPES, SHIPPED_MODEL
from siamese_core.terminal import ProgressBar, show_table

if TYPE_CHECKING:
    from siamese_core.model import SiameseModel


class _Parser(argparse.ArgumentParser):
    """A parser that complains in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {_one_line(message)}\n")


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return the exit code."""
    parsed = _parser().parse_args(arguments)
    try:
        parsed.run(parsed)
    except (ValueError, FloatingPointError, OSError) as error:
        sys.stderr.write(f"siamese_core {parsed.command}: {_one_line(error)}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write(f"siamese_core {parsed.command}: stopped\n")
        return 130
    return 0


def _one_line(message: object) -> str:
    return " ".join(str(message).split())


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="siamese_core", description="Train, evaluate and use Siamese networks on digits.")
    commands = parser.add_subparsers(dest="command", required=True)

    train = commands.add_parser("train", help="train a model and write its folder")
    train.set_defaults(run=_train)
    train.add_argument("--recipe", choices=RECIPES, default="fast")
    train.add_argument("--epochs", type=int, help="passes over the training images")
    train.add_argument("--margin", type=float, help="of the contrastive loss")
    train.add_argument("--min-equals", type=int, help="images matched with one of their own class")
    train.add_argument("--seed", type=int, help="of every random draw")
    train.add_argument("--out", type=Path, required=True, metavar="DIR", help="the model folder to write")

    evaluate = commands.add_parser("evaluate", help="measure a model on all pairs of the test digits")
    evaluate.set_defaults(run=_evaluate)
    evaluate.add_argument("model", type=Path, nargs="?", default=SHIPPED_MODEL, metavar="DIR")

    compare = commands.add_parser("compare", help="compare the digits of two image files")
    compare.set_defaults(run=_compare)
    compare.add_argument("left", type=Path, metavar="A")
    compare.add_argument("right", type=Path, metavar="B")
    compare.add_argument("--model", type=Path, default=SHIPPED_MODEL, metavar="DIR")

    maps = commands.add_parser("map", help="make the UMAP of a model's test embeddings and keep it in its folder")
    maps.set_defaults(run=_map)
    maps.add_argument("model", type=Path, nargs="?", default=SHIPPED_MODEL, metavar="DIR")

    for command in (train, evaluate, compare, maps):
        command.add_argument("--json", action="store_true", help="print one JSON object last")
    return parser


def _train(arguments: argparse.Namespace) -> None:
    """Train a model, write its folder and show what it reached."""
    given = {name: getattr(arguments, name) for name in ("epochs", "margin", "min_equals", "seed")}
    config = dataclasses.replace(
        RECIPES[arguments.recipe], **{name: value for name, value in given.items() if value is not None}
    )
    _check_target(arguments.out)
    _start_tensorflow()
    from siamese_core.data import load_mnist
    from siamese_core.recipes import make_model

    splits = load_mnist()
    start = time.perf_counter()
    with ProgressBar(config) as bar:
        model = make_model(config, splits, bar.listener)
    seconds = time.perf_counter() - start
    model.save(arguments.out)
    figures = {**model.card["figures"], "threshold": model.threshold, "seconds": seconds}
    _show(
        arguments,
        "Training",
        figures,
        {"recipe": config.recipe, "model": str(arguments.out), "test": model.card["test"]},
    )


def _evaluate(arguments: argparse.Namespace) -> None:
    """Measure a model on all pairs of the test digits."""
    model = _load(arguments.model)
    from siamese_core.data import load_test, to_float
    from siamese_core.figures import measure

    test = load_test()
    start = time.perf_counter()
    figures = measure(model.embed(to_float(test.images)), test.labels, model.threshold)
    seconds = time.perf_counter() - start
    _show(
        arguments,
        "All pairs of the test digits",
        {**figures._asdict(), "seconds": seconds},
        {"model": str(arguments.model)},
    )


def _compare(arguments: argparse.Namespace) -> None:
    """Compare the digits of two image files."""
    paths = (arguments.left, arguments.right)
    digits = [_read_digit(path) for path in paths]
    model = _load(arguments.model)
    from siamese_core.comparison import compare

    found = compare(model, *digits)
    same = found.distance <= model.threshold
    unlike = [str(path) for path, far in zip(paths, found.unlike, strict=True) if far]
    figures = {
        "verdict": "same digit" if same else "different digits",
        "distance": found.distance,
        "threshold": model.threshold,
        "probability_same": found.probability_same,
    }
    if unlike:
        figures["unlike_any_digit"] = f"{' and '.join(unlike)}; do not rely on the verdict"
    _show(arguments, f"{paths[0].name} and {paths[1].name}", figures, {"same": same, "unlike_any_digit": unlike})


def _map(arguments: argparse.Namespace) -> None:
    """Make the maps that the app shows at once, in two and in three dimensions, and write them beside the model."""
    model = _load(arguments.model)
    from siamese_core import maps
    from siamese_core.data import load_test, to_float
    from siamese_core.space import measure

    test = load_test()
    embeddings = model.test_embeddings if model.test_embeddings is not None else model.embed(to_float(test.images))
    shown = maps.sample(len(embeddings), maps.MOST_DIGITS)
    figures: dict[str, Any] = {"digits": len(shown)}
    for dimensions in (2, 3):
        settings = maps.MapSettings(dimensions=dimensions)
        xy = maps.fit_umap(embeddings[shown], settings)
        maps.write_map(arguments.model / maps.file_name(settings), embeddings[shown], xy)
        figures[f"trustworthiness_{dimensions}d"] = measure(embeddings[shown], xy, test.labels[shown]).trustworthiness
    _show(arguments, "UMAP of test digits", figures, {"model": str(arguments.model)})


def _show(arguments: argparse.Namespace, title: str, figures: dict[str, Any], more: dict[str, Any]) -> None:
    """Print a table of the figures, and with --json one JSON object of these and more."""
    show_table(title, figures)
    if arguments.json:
        print(json.dumps({**figures, **more}))


def _read_digit(path: Path) -> np.ndarray:
    from siamese_core.pictures import read_picture
    from siamese_core.preprocess import canvas_to_digit

    try:
        return canvas_to_digit(read_picture(path))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def _load(folder: Path) -> "SiameseModel":
    if not folder.is_dir():
        raise ValueError(f"there is no model folder {folder}")
    _start_tensorflow()
    from siamese_core.model import load_model

    return load_model(folder)


def _start_tensorflow() -> None:
    from siamese_core.startup import import_tensorflow

    import_tensorflow()


def _check_target(folder: Path) -> None:
    """Refuse before the training what could not be written after it."""
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"{folder} is a file; --out takes a folder")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass


if __name__ == "__main__":
    sys.exit(main())
