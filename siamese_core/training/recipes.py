"""From a recipe to a finished model."""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np

from siamese_core.config import TrainingConfig
from siamese_core.datasets.article import training_part
from siamese_core.datasets.dataset import Dataset, Splits
from siamese_core.datasets.mnist import load_mnist
from siamese_core.datasets.omniglot import Omniglot, omniglot_images
from siamese_core.metrics import report
from siamese_core.networks.card import KERAS_FILE, ModelError, config_of, read_card, side_of
from siamese_core.networks.encoders import build_encoder
from siamese_core.networks.keras_encoder import read_keras
from siamese_core.networks.model import SiameseModel
from siamese_core.training.finishing import finish, measure_test
from siamese_core.training.loop import Listener, train_encoder
from siamese_core.training.parts import prepare

FEW = 2_000  # validation images for the calibration of a live run: 1,999,000 pairs, sorted in a tenth of a second


def train(
    config: TrainingConfig,
    data: Splits | None = None,
    on_progress: Listener | None = None,
    symbols: Omniglot | None = None,
) -> SiameseModel:
    """Train by the recipe and return the model with its card, measured on all pairs of the test images.

    data: MNIST if not given. symbols: drawings by people that the run trains on as well, beside those that the project
    invents, where its configuration asks for symbols. Raises as `loop.train_encoder`, ValueError for data without pairs
    of both kinds, and DataError if MNIST cannot be read.
    """
    parts = prepare(config, data or load_mnist())
    splits = parts.seen
    _check_kinds(splits, config, splits.validation)
    start = time.perf_counter()
    drawn = None if symbols is None else omniglot_images(symbols, np.random.default_rng([config.seed, 6]))
    encoder = train_encoder(config, training_part(splits, config.training_images), on_progress, symbols=drawn)
    model = finish(encoder, config, parts, time.perf_counter() - start, splits.validation, symbols)
    model.card |= measure_test(model, parts.test)
    return model


def train_live(
    config: TrainingConfig,
    splits: Splits,
    on_progress: Listener | None = None,
    on_start: Callable[[keras.Model, int], None] | None = None,
) -> SiameseModel:
    """Train by the recipe while someone watches, and return the model with the figures that take under a second.

    It is calibrated on fewer validation images and measured only on the frozen pairs of the test images. Arguments and
    errors as `train`.
    """
    parts = prepare(config, splits)
    splits = parts.seen
    validation = splits.validation.subset(slice(FEW))
    _check_kinds(splits, config, validation)
    start = time.perf_counter()
    encoder = train_encoder(config, training_part(splits, config.training_images), on_progress, on_start)
    return finish(encoder, config, parts, time.perf_counter() - start, validation)


def untrained(folder: Path) -> keras.Model:
    """Return the encoder of a model folder as its training began: with the same random weights.

    Raises ModelError if the folder cannot be read, or if an older version of the project has built its encoder
    differently.
    """
    config = config_of(read_card(folder))
    rng = np.random.default_rng(config.seed)
    encoder = build_encoder(
        config.encoder, config.embedding_size, rng, config.columns, config.normalized, side_of(read_card(folder))
    )
    trained = read_keras(folder / KERAS_FILE).model
    ours, its = (Counter(w.shape for w in each.weights if w.name == "kernel") for each in (encoder, trained))
    if ours - its:  # one of an older version may have more: class probabilities
        raise ModelError(f"an older version of this project has built the encoder of {folder} in another way")
    return encoder


def _check_kinds(splits: Splits, config: TrainingConfig, validation: Dataset) -> None:
    """Raise ValueError, before the training, if its images or those it is measured on have no pairs of both kinds."""
    trained = training_part(splits, config.training_images)
    for data, what in ((trained, "training"), (validation, "validation"), (splits.test, "test")):
        if not report.has_both_kinds(data.labels):
            classes = len(np.unique(data.labels))
            raise ValueError(
                f"expected {what} images of two classes at least, one of them with two, got {len(data)} of {classes}"
            )
