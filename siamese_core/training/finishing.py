"""Make a model of a trained encoder: fit the threshold and the calibration, fill in the card, and measure."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from siamese_core.config import TrainingConfig
from siamese_core.datasets.article import training_part, watched_pairs, watched_part
from siamese_core.datasets.dataset import Dataset, Splits, join, to_float
from siamese_core.datasets.mnist import MNIST
from siamese_core.datasets.omniglot import Omniglot
from siamese_core.datasets.synthetic.gallery import UNTRAINED, drawn_symbols
from siamese_core.datasets.synthetic.rendering import drawn_digits
from siamese_core.imaging.canonical import stroke_width
from siamese_core.metrics import novelty, report, verification
from siamese_core.metrics.calibration import SAME_SHARE, fit_threshold
from siamese_core.metrics.distances import distance
from siamese_core.networks.card import left_out
from siamese_core.networks.keras_encoder import KerasEncoder
from siamese_core.networks.model import SiameseModel
from siamese_core.training.parts import Parts
from siamese_core.training.plans import training_pairs

MOST_CALIBRATED = 2_500  # drawn digits for the calibration
SYMBOLS_EACH = 20  # drawings of each symbol for the calibration


def finish(
    encoder: keras.Model,
    config: TrainingConfig,
    parts: Parts,
    seconds: float,
    validation: Dataset,
    symbols: Omniglot | None = None,
) -> SiameseModel:
    """Make a model of a trained encoder: threshold, calibration, figures, embeddings of the test images.

    Threshold and calibration are fitted to all pairs of the validation images (`calibration.fit_threshold`), and of as
    many digits that the project draws, if the run was trained on such. Those for symbols, if it was trained on symbols,
    are fitted to symbols that the project draws and on which no network is trained: how far apart the classes lie on
    which a network was trained says too little about others. The test images choose none of them; without their labels,
    they are the known images that `novelty_limit` refers to. Classes left out choose nothing either, and are measured
    apart. seconds: how long the training took. symbols: what it was trained on beside the data set.
    """
    splits, about = parts.seen, _describe_parts(config, parts)
    model = SiameseModel(KerasEncoder(encoder), _describe(config, splits, seconds, symbols) | about)
    fitted_to = with_drawn(config, validation)  # the validation images come first
    whole = _embed(model, fitted_to)
    embeddings = whole[: len(validation)]
    model.card |= _fitted(whole, fitted_to.labels) | {"same_share": SAME_SHARE}
    if config.symbol_classes:
        pictures = drawn_symbols(SYMBOLS_EACH, np.random.default_rng([config.seed, 7]), UNTRAINED)
        fit = _fitted(_embed(model, pictures), pictures.labels)
        model.card["symbols"] = fit | {"drawings": len(pictures), "classes": pictures.classes}
    pairs = verification.all_pairs(embeddings, validation.labels)
    eer = verification.equal_error_rate(pairs)
    model.card["figures"] = _accuracies(model, config, splits) | {"validation_eer": eer.rate}
    model.test_embeddings = _embed(model, parts.test)
    if len(parts.test) >= novelty.NOVELTY_NEIGHBOURS:
        model.card["novelty_limit"] = novelty.fit_limit(embeddings, model.test_embeddings)
    own = {each["which"]: each for each in measure_parts(model, parts.test)}
    model.card["frozen"] = {name: own["seen"][name] for name in ("pairs", "accuracy", "eer")}
    if config.left_out:
        model.card["parts"] = own
    model.own_test = None if parts.test.name == MNIST else parts.test
    return model


def measure_parts(model: SiameseModel, test: Dataset) -> list[dict[str, Any]]:
    """Measure on frozen pairs of the test images, those of the classes trained on, and those of classes left out.

    One class alone has no impostor pairs: then its entry has, instead of figures, a sentence "why" that says so.
    """
    embeddings, unseen = model.test_embeddings, left_out(model.card)
    assert embeddings is not None
    away = test.is_of(unseen)
    found = []
    for which, chosen in (("seen", ~away), ("unseen", away)):
        labels = test.labels[chosen]
        names = [name for name in test.class_names if (name in unseen) == (which == "unseen")]
        about: dict[str, Any] = {"which": which, "classes": names, "images": len(labels)}
        if report.has_both_kinds(labels):
            frozen = report.measure_frozen(embeddings[chosen], labels, model.threshold)
            figures = {"accuracy": frozen.accuracy._asdict(), "eer": frozen.eer._asdict()}
            about |= {"pairs": frozen.pairs, **figures}
        else:
            about["why"] = "It takes test images of two classes, of one of them two, to measure on."
        found.append(about)
    return found


def measure_test(model: SiameseModel, test: Dataset) -> dict[str, Any]:
    """Return the card's figures on the test images: over all pairs, by class, and by stroke width in pixels.

    Over all pairs without classes left out, as they are measured apart (`measure_parts`).
    """
    embeddings = model.test_embeddings
    assert embeddings is not None
    accepted = report.accepted_by_class(embeddings, test.labels, model.threshold, test.classes)
    seen = ~test.is_of(left_out(model.card))
    found = {
        "test": report.measure(embeddings[seen], test.labels[seen], model.threshold)._asdict(),
        "test_accepted_by_class": accepted.tolist(),
    }
    if test.look == "ink":
        widths = np.array([stroke_width(image) for image in to_float(test.images)])
        thirds = report.measure_thirds(embeddings, test.labels, model.threshold, widths)
        found["test_by_stroke_width"] = thirds
    return found


def _accuracies(model: SiameseModel, config: TrainingConfig, splits: Splits) -> dict[str, float]:
    """Measure the accuracy on the article's pairs, at the article's threshold and at the fitted one."""
    trained, watched = training_part(splits, config.training_images), watched_part(splits)
    sets = {
        "train": (trained, training_pairs(config, trained)),
        "validation": (watched, watched_pairs(watched.labels)),
    }
    found = {}
    for name, (data, pairs) in sets.items():
        embeddings = _embed(model, data)
        distances = distance(embeddings[pairs.left], embeddings[pairs.right])
        thresholds = {"accuracy": report.article_threshold(config.margin), "accuracy_at_threshold": model.threshold}
        for kind, threshold in thresholds.items():
            found[f"{name}_{kind}"] = report.pair_accuracy(distances, pairs.same, threshold)
    return found


def with_drawn(config: TrainingConfig, validation: Dataset) -> Dataset:
    """Return the validation images, with up to as many digits drawn by the project if the run was trained on such."""
    if not config.drawn:
        return validation
    digits = drawn_digits(min(len(validation), MOST_CALIBRATED), np.random.default_rng([config.seed, 5]))
    return join([validation, digits.without(config.left_out)])


def _fitted(embeddings: np.ndarray, labels: np.ndarray) -> dict[str, Any]:
    """Return the card's threshold and calibration, fitted to all pairs of embeddings (n, d) with labels (n,)."""
    fit = fit_threshold(verification.all_pairs(embeddings, labels))
    return {"threshold": fit.threshold, "calibration": fit.calibration._asdict()}


def _embed(model: SiameseModel, data: Dataset) -> np.ndarray:
    return model.embed(to_float(data.images))


def _describe_parts(config: TrainingConfig, parts: Parts) -> dict[str, Any]:
    """Return the part of the card that says how the data set was seen, and what of it was not trained on."""
    found: dict[str, Any] = {"side": parts.test.side, "look": parts.test.look}
    if config.left_out:
        found["class_names"] = list(parts.test.class_names)
    if parts.stood_in:
        found["stood_in"] = list(parts.stood_in)
    return found


def _describe(
    config: TrainingConfig, splits: Splits, seconds: float, symbols: Omniglot | None = None
) -> dict[str, Any]:
    """Return the part of the card that is known before any measurement."""
    name = splits.train.name
    added = f" without {_listed(config.left_out)}" if config.left_out else ""
    if config.drawn or config.others:
        added += f", {config.drawn:,} digits and {config.others:,} non-digits drawn by the project"
    if symbols is not None:
        added += f", {len(symbols.labels):,} drawings of {len(symbols.class_names):,} symbols by people"
    if config.symbol_classes and config.invented:
        added += f", {config.invented:,} symbols invented by the project"
    fitted_to = f"images among its {len(splits.validation):,} for validation"
    if splits.validation is splits.train:
        fitted_to = "the same, as it has too few for validation"
    also = " and from drawn digits" if config.drawn else ""
    return {
        "recipe": config.recipe,
        "config": dataclasses.asdict(config),
        "data_set": name,
        "class_names": list(splits.train.class_names),
        "data": f"{config.training_images:,} training images of {name}{added}; threshold and calibration from "
        f"{fitted_to}{also}",
        "keras": keras.__version__,
        "numpy": np.__version__,
        "training_seconds": round(seconds, 1),
    }


def _listed(names: Sequence[str]) -> str:
    """Return names as a text lists them: "4 and 9"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
