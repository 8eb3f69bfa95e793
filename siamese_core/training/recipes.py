"""From a recipe to a finished model: train, fit the threshold and the calibration, fill the card."""

import dataclasses
import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from siamese_core.config import TrainingConfig
from siamese_core.datasets.dataset import Digits, Splits, to_float
from siamese_core.datasets.mnist import article_split
from siamese_core.imaging.canonical import stroke_width
from siamese_core.metrics import novelty, report, verification
from siamese_core.metrics.calibration import SAME_SHARE, fit_calibration
from siamese_core.metrics.distances import distance
from siamese_core.networks.model import SiameseModel
from siamese_core.training.loop import Listener, train_encoder, training_digits, training_pairs

FEW = 2_000  # validation digits that a live run is calibrated on: 1,999,000 pairs, sorted in a tenth of a second


def make_model(config: TrainingConfig, splits: Splits, on_progress: Listener | None = None) -> SiameseModel:
    """Train by the recipe and return the model with its card, measured on all pairs of the test digits.

    Raises as `loop.train_encoder`.
    """
    start = time.perf_counter()
    encoder = train_encoder(config, training_digits(config, splits), on_progress)
    model = finish(encoder, config, splits, time.perf_counter() - start, splits.validation)
    model.card |= measure_test(model, splits.test)
    return model


def measure_test(model: SiameseModel, test: Digits) -> dict[str, Any]:
    """Return what a card tells of the test digits: all pairs, by class, and by the width of the strokes in pixels."""
    embeddings = model.test_embeddings
    assert embeddings is not None
    widths = np.array([stroke_width(image) for image in to_float(test.images)])
    return {
        "test": report.measure(embeddings, test.labels, model.threshold)._asdict(),
        "test_accepted_by_class": report.accepted_by_class(embeddings, test.labels, model.threshold).tolist(),
        "test_by_stroke_width": report.measure_thirds(embeddings, test.labels, model.threshold, widths),
    }


def make_model_live(
    config: TrainingConfig,
    splits: Splits,
    on_progress: Listener | None = None,
    on_start: Callable[[keras.Model, int], None] | None = None,
) -> SiameseModel:
    """Train by the recipe while someone watches, and return the model with what can be measured within a second.

    It is calibrated on fewer validation digits, and measured on the frozen pairs of the test digits alone. Arguments
    and errors as `loop.train_encoder`.
    """
    start = time.perf_counter()
    encoder = train_encoder(config, training_digits(config, splits), on_progress, on_start)
    few = Digits(splits.validation.images[:FEW], splits.validation.labels[:FEW])
    return finish(encoder, config, splits, time.perf_counter() - start, few)


def finish(
    encoder: keras.Model, config: TrainingConfig, splits: Splits, seconds: float, validation: Digits
) -> SiameseModel:
    """Make a model of a trained encoder: threshold, calibration, figures, embeddings of the test digits.

    The probability of same is fitted on all pairs of the validation digits, and the threshold is where it is one
    half: there the balanced accuracy is best. Or it is the nearest at which neither FAR nor FRR is more than a quarter
    above the other: where hardly any distances lie, the best one moves far from one set of digits to another. The test
    digits choose nothing; unlabelled, they are the known ones from which `novelty_limit` says how far a digit may lie.
    seconds: that the training took.
    """
    model = SiameseModel(encoder, _describe(config) | {"training_seconds": round(seconds, 1)})
    embeddings = _embed(model, validation)
    pairs = verification.all_pairs(embeddings, validation.labels)
    calibration = fit_calibration(*pairs)
    model.card |= {
        "threshold": verification.even_threshold(pairs, calibration.threshold()),
        "calibration": calibration._asdict(),
        "same_share": SAME_SHARE,
    }
    eer = verification.equal_error_rate_of(pairs)
    train = training_digits(config, splits)
    model.card["figures"] = _accuracies(model, config, train, splits) | {"validation_eer": eer.rate}
    model.test_embeddings = _embed(model, splits.test)
    model.card["novelty_limit"] = novelty.fit_limit(embeddings, model.test_embeddings)
    frozen = report.measure_frozen(model.test_embeddings, splits.test.labels, model.threshold)
    model.card["frozen"] = {
        "pairs": frozen.pairs,
        "accuracy": frozen.accuracy._asdict(),
        "eer": frozen.eer._asdict(),
    }
    return model


def _accuracies(model: SiameseModel, config: TrainingConfig, train: Digits, splits: Splits) -> dict[str, float]:
    """Measure the accuracy on the article's pairs, at its limit and at the fitted threshold."""
    validation = article_split(splits.train)[1]
    sets = {
        "train": (train, training_pairs(config, train)),
        "validation": (validation, report.article_validation_pairs(validation)),
    }
    found = {}
    for name, (digits, pairs) in sets.items():
        embeddings = _embed(model, digits)
        distances = distance(embeddings[pairs.left], embeddings[pairs.right])
        limits = {"accuracy": report.article_limit(config.margin), "accuracy_at_threshold": model.threshold}
        for kind, limit in limits.items():
            found[f"{name}_{kind}"] = report.pair_accuracy(distances, pairs.same, limit)
    return found


def _embed(model: SiameseModel, digits: Digits) -> np.ndarray:
    return model.embed(to_float(digits.images))


def _describe(config: TrainingConfig) -> dict[str, Any]:
    """Return the part of the card that is known before the training."""
    drawn = f", {config.drawn:,} digits and {config.others:,} non-digits drawn by the project"
    added = drawn if config.drawn or config.others else ""
    return {
        "recipe": config.recipe,
        "config": dataclasses.asdict(config),
        "data": f"{config.training_images:,} of MNIST's training digits{added}; threshold and calibration from digits "
        "among MNIST's last 5,000 training digits",
        "keras": keras.__version__,
        "numpy": np.__version__,
    }
