"""What the commands say and do about data sets of a person's own, and about classes left out."""

import argparse
import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from siamese_core.cli.terminal import show_table
from siamese_core.config import IMAGE_SIZE, Look, TrainingConfig

if TYPE_CHECKING:
    from siamese_core.datasets.dataset import Dataset, Splits
    from siamese_core.networks.model import SiameseModel

INTERVALS = ("far_interval", "frr_interval", "eer_interval")
SHOWN = ("images", "pairs", "far", "frr", "balanced_accuracy")


def splits_for(config: TrainingConfig, arguments: argparse.Namespace) -> "tuple[Splits, TrainingConfig]":
    """Return the data set of `train`, and the settings for it.

    A data set of one's own may have fewer images than a recipe takes: then all are taken. What the project draws or
    invents is none of its classes, and is left away, and so are symbols. Raises DataError, or ValueError for classes
    that cannot be left out.
    """
    from siamese_core.datasets.mnist import load_mnist
    from siamese_core.training.parts import fitted

    if arguments.data is None:
        if arguments.as_they_are or arguments.side != IMAGE_SIZE:
            raise ValueError("--side and --as-they-are say how the pictures of --data are seen, expected --data")
        splits = load_mnist()
        return splits, fitted(config, splits) if config.left_out else config
    from siamese_core.datasets.reading.read import read_dataset

    look: Look = "grey" if arguments.as_they_are else "ink"
    splits = read_dataset(arguments.data, side=arguments.side, look=look)
    return splits, fitted(dataclasses.replace(config, drawn=0, others=0, symbol_classes=0, invented=0), splits)


def parts_of(card: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of the seen and of the unseen classes, for JSON."""
    return {"parts": card["parts"]} if "parts" in card else {}


def show_parts(card: dict[str, Any]) -> None:
    """Show the figures of the classes trained on and of those left out, and what could not be measured."""
    for part in card.get("parts", {}).values():
        title = "Classes trained on" if part["which"] == "seen" else "Classes left out"
        rates = {name: _rate(part[name]) for name in ("accuracy", "eer") if name in part}
        rows = {"classes": ", ".join(part["classes"]), "test images": part["images"], **rates}
        show_table(title, rows | ({"not measured": part["why"]} if "why" in part else {}))
    for name in card.get("stood_in", ()):
        show_table("Too few images", {name: "measured on training images, which the network knows"})


def seen_and_unseen(model: "SiameseModel", embeddings: np.ndarray, test: "Dataset") -> dict[str, dict[str, Any]]:
    """Return the figures on all pairs of the classes trained on, and on those of the classes left out.

    Nothing if none was left out; a part without pairs of both kinds says so.
    """
    from siamese_core.metrics.counting import count_pairs
    from siamese_core.metrics.report import has_both_kinds
    from siamese_core.metrics.summary import report, special_thresholds
    from siamese_core.networks.card import left_out

    away = test.is_of(left_out(model.card))
    if not away.any():
        return {}
    found = {}
    for which, chosen in (("seen", ~away), ("unseen", away)):
        labels = test.labels[chosen]
        if not has_both_kinds(labels):
            found[which] = {"images": len(labels), "not measured": "it takes two classes, of one of them two images"}
            continue
        counted = count_pairs(embeddings[chosen], labels, test.classes, special_thresholds(model.card))
        full = report(counted, model.threshold, model.calibration)
        found[which] = {
            **{name: full[name] for name in SHOWN},
            "eer": full["eer_of_curves"],
            **{name: [round(end, 5) for end in full[name]] for name in INTERVALS},
        }
    return found


def words_for(card: dict[str, Any], *, symbols: bool) -> tuple[str, str, str]:
    """Return what `compare` calls the same and the different, and the name of its word about what is unlike all.

    symbols: whether the pair is judged as symbols.
    """
    from siamese_core.networks.card import is_of_mnist

    if symbols:
        return "same symbol", "different symbols", "unlike_any_digit"
    if is_of_mnist(card):
        return "same digit", "different digits", "unlike_any_digit"
    return "same class", "different classes", "unlike_any_picture"


def _rate(interval: dict[str, float]) -> str:
    return f"{interval['rate']:.2%} ({interval['low']:.2%} to {interval['high']:.2%})"
