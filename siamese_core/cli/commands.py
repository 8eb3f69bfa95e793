"""The commands train, evaluate, compare, map and convert."""

import argparse
import dataclasses
import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from siamese_core.cli import own
from siamese_core.cli.terminal import ProgressBar, show_table
from siamese_core.config import ANYTHING_MODEL, RECIPES, SHIPPED_MODEL

if TYPE_CHECKING:
    from siamese_core.config import TrainingConfig
    from siamese_core.datasets.omniglot import Omniglot
    from siamese_core.networks.model import SiameseModel

SHOWN_OF_REPORT = ("threshold_at_far_0.01", "threshold_at_far_0.001", "best_threshold", "best_accuracy", "brier")


def train(arguments: argparse.Namespace) -> None:
    """Train a model, write its folder and show its figures."""
    given = {name: getattr(arguments, name) for name in ("epochs", "margin", "min_equals", "seed")}
    config = dataclasses.replace(
        RECIPES[arguments.recipe],
        **{name: value for name, value in given.items() if value is not None},
        left_out=arguments.leave_out,
    )
    if arguments.data and arguments.symbols:
        raise ValueError("--symbols are learned beside MNIST, and do not go with --data")
    splits, config = own.splits_for(config, arguments)
    _check_target(arguments.out)
    symbols = _read_symbols(arguments.symbols, config)
    _start_tensorflow()
    from siamese_core.training import recipes

    start = time.perf_counter()
    with ProgressBar(config) as bar:
        model = recipes.train(config, splits, bar.listener, symbols)
    seconds = time.perf_counter() - start
    model.save(arguments.out)
    figures = {**model.card["figures"], "threshold": model.threshold, "seconds": seconds}
    own.show_parts(model.card)
    _show(
        arguments,
        "Training",
        figures,
        {"recipe": config.recipe, "model": str(arguments.out), "test": model.card["test"], **own.parts_of(model.card)},
    )


def evaluate(arguments: argparse.Namespace) -> None:
    """Measure a model on all pairs of the test images."""
    model = _load(arguments.model)
    from siamese_core.datasets.dataset import to_float
    from siamese_core.metrics.counting import count_pairs
    from siamese_core.metrics.report import measure
    from siamese_core.metrics.summary import report, special_thresholds
    from siamese_core.networks.kept import read_test

    test = read_test(arguments.model)
    start = time.perf_counter()
    embeddings = model.embed(to_float(test.images))
    figures = measure(embeddings, test.labels, model.threshold)._asdict()
    counted = count_pairs(embeddings, test.labels, len(test.class_names), special_thresholds(model.card))
    more = report(counted, model.threshold, model.calibration)
    seconds = time.perf_counter() - start
    shown = {name: more[name] for name in SHOWN_OF_REPORT}
    apart = own.seen_and_unseen(model, embeddings, test)
    rest = {name: value for name, value in more.items() if name not in figures}
    for which, part in apart.items():
        show_table(f"Pairs of classes {'trained on' if which == 'seen' else 'left out'}", part)
    _show(
        arguments,
        "All pairs of the test images",
        {**figures, **shown, "seconds": seconds},
        {"model": str(arguments.model), **rest, **apart},
    )


def compare(arguments: argparse.Namespace) -> None:
    """Compare two image files."""
    paths = (arguments.left, arguments.right)
    model = _load(arguments.model)
    from siamese_core.metrics.verification import is_same
    from siamese_core.networks import comparison

    anything = _load(ANYTHING_MODEL) if arguments.model == SHIPPED_MODEL else None
    left, right = (_read_digit(path, model.card) for path in paths)
    found = comparison.compare(model, left, right, anything)
    same_word, different_word, unlike_key = own.words_for(model.card, symbols=found.symbols)
    same = bool(is_same(found.distance, found.threshold))
    unlike = [str(path) for path, far in zip(paths, found.unlike, strict=True) if far]
    figures = {
        "verdict": same_word if same else different_word,
        "distance": found.distance,
        "threshold": found.threshold,
        "probability_same": found.probability_same,
    }
    if unlike:
        doubt = "" if found.symbols else "; do not rely on the verdict"
        figures[unlike_key] = f"{' and '.join(unlike)}{doubt}"
    _show(arguments, f"{paths[0].name} and {paths[1].name}", figures, {"same": same, unlike_key: unlike})


def make_map(arguments: argparse.Namespace) -> None:
    """Make the UMAPs that the app shows by default, in two and three dimensions, and write them to the model folder."""
    model = _load(arguments.model)
    from siamese_core.datasets.dataset import to_float
    from siamese_core.networks.kept import read_test
    from siamese_core.projection import umap_map
    from siamese_core.projection.quality import measure

    test = read_test(arguments.model)
    embeddings = model.test_embeddings if model.test_embeddings is not None else model.embed(to_float(test.images))
    shown = umap_map.sample(len(embeddings), umap_map.MOST_DIGITS)
    figures: dict[str, Any] = {"digits": len(shown)}
    for dimensions in (2, 3):
        settings = umap_map.MapSettings(dimensions=dimensions)
        xy = umap_map.fit_umap(embeddings[shown], settings)
        umap_map.write_map(arguments.model / umap_map.file_name(settings), embeddings[shown], xy)
        figures[f"trustworthiness_{dimensions}d"] = measure(embeddings[shown], xy, test.labels[shown]).trustworthiness
    _show(arguments, "UMAP of test images", figures, {"model": str(arguments.model)})


def convert(arguments: argparse.Namespace) -> None:
    """Add the encoder for LiteRT to a model folder that an earlier version has written."""
    _check_folder(arguments.model)
    _start_tensorflow()
    from siamese_core.networks.card import LITERT_FILE
    from siamese_core.networks.keras_encoder import convert_folder

    convert_folder(arguments.model)
    path = arguments.model / LITERT_FILE
    _show(arguments, "Encoder for LiteRT", {"file": str(path), "bytes": path.stat().st_size}, {})


def _show(arguments: argparse.Namespace, title: str, figures: dict[str, Any], more: dict[str, Any]) -> None:
    """Print a table of the figures; with --json also one JSON object of them and of more."""
    show_table(title, figures)
    if arguments.json:
        print(json.dumps({**figures, **more}))


def _read_symbols(path: Path | None, config: "TrainingConfig") -> "Omniglot | None":
    """Read a file of symbols, None without one. Raises ValueError for a recipe without symbols."""
    if path is None:
        return None
    if not config.symbol_classes:
        raise ValueError(f"the recipe {config.recipe} trains on no symbols; --symbols goes with the recipe anything")
    from siamese_core.datasets.omniglot import read_omniglot

    return read_omniglot(path)


def _read_digit(path: Path, card: dict[str, Any]) -> np.ndarray:
    """Read a picture as a model with this card sees it."""
    from siamese_core.imaging.canonical import canvas_to_image
    from siamese_core.imaging.files import read_picture
    from siamese_core.imaging.look import see
    from siamese_core.networks.card import is_of_mnist, look_of, side_of

    try:
        picture = read_picture(path)
        return canvas_to_image(picture) if is_of_mnist(card) else see(picture, look_of(card), side_of(card))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def _load(folder: Path) -> "SiameseModel":
    _check_folder(folder)
    from siamese_core.networks.model import load_model

    return load_model(folder)


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise ValueError(f"there is no model folder {folder}")


def _start_tensorflow() -> None:
    from siamese_core.networks.quiet_tensorflow import import_tensorflow

    import_tensorflow()


def _check_target(folder: Path) -> None:
    """Check before the training that its result can be written. Raises ValueError or OSError."""
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"expected a folder for --out, got the file {folder}")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass
