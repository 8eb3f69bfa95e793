"""From a recipe to a finished model: train, fit the threshold and the calibration, fill the card."""

import dataclasses
from typing import Any

import keras
import numpy as np

from siamese_core import evaluation, figures
from siamese_core.calibration import SAME_SHARE, Calibration, fit_calibration
from siamese_core.config import TrainingConfig
from siamese_core.data import Digits, Splits, article_split, to_float
from siamese_core.model import SiameseModel
from siamese_core.training import Listener, train_encoder, training_digits, training_pairs

_UNFITTED = {"threshold": 1.0, "calibration": Calibration([0.0], [0.0])._asdict()}


def make_model(config: TrainingConfig, splits: Splits, on_progress: Listener | None = None) -> SiameseModel:
    """Train by the recipe and return the model with its card and its embeddings of the test digits.

    The probability of same is fitted on all pairs of the 5,000 validation digits, and the threshold is where it is one
    half. That is where the balanced accuracy is best, and it moves less from one set of digits to another than the
    point where FAR and FRR meet. The test digits choose nothing. Raises as `training.train_encoder`.
    """
    train = training_digits(config, splits)
    encoder = train_encoder(config, train, on_progress)
    model = SiameseModel(encoder, dict(_UNFITTED))
    fitted = _fit(model, splits.validation)
    model.card = {**_describe(config), **fitted}
    model.card["figures"] = _figures(model, config, train, splits) | {"validation_eer": fitted["validation_eer"]}
    del model.card["validation_eer"]
    model.test_embeddings = model.embed(to_float(splits.test.images))
    test = figures.measure(model.test_embeddings, splits.test.labels, model.threshold)
    model.card["test"] = test._asdict()
    return model


def _fit(model: SiameseModel, validation: Digits) -> dict[str, Any]:
    """Fit threshold and calibration on all pairs of the validation digits."""
    pairs = evaluation.all_pairs(model.embed(to_float(validation.images)), validation.labels)
    calibration = fit_calibration(*pairs)
    return {
        "threshold": calibration.threshold(),
        "calibration": calibration._asdict(),
        "same_share": SAME_SHARE,
        "validation_eer": evaluation.equal_error_rate_of(pairs).rate,
    }


def _figures(model: SiameseModel, config: TrainingConfig, train: Digits, splits: Splits) -> dict[str, float]:
    """Measure the accuracies as the article counts them, at its limit and at the fitted threshold."""
    validation = article_split(splits.train)[1]
    sets = {
        "train": (train, training_pairs(config, train)),
        "validation": (validation, figures.article_validation_pairs(validation)),
    }
    limits = {"accuracy": figures.article_limit(config.margin), "accuracy_at_threshold": model.threshold}
    return {
        f"{name}_{kind}": figures.pair_accuracy(model, *digits_and_pairs, limit)
        for name, digits_and_pairs in sets.items()
        for kind, limit in limits.items()
    }


def _describe(config: TrainingConfig) -> dict[str, Any]:
    """Return the part of the card that is known before the training."""
    return {
        "recipe": config.recipe,
        "config": dataclasses.asdict(config),
        "data": "MNIST training digits; threshold and calibration from its last 5,000 training digits",
        "keras": keras.__version__,
        "numpy": np.__version__,
    }
