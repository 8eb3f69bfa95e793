"""Helpers for tests that train: a few real digits, and settings that train within a second."""

import dataclasses
import functools
from typing import Any

import numpy as np

from siamese_core.config import TrainingConfig
from siamese_core.datasets.dataset import Splits
from siamese_core.datasets.mnist import load_mnist

IMAGES = 400  # to train on


@functools.cache
def small_splits() -> Splits:
    """Return MNIST with only 500 validation and 400 test digits, but all training digits, as the article needs them."""
    mnist = load_mnist()
    return Splits(mnist.train, mnist.validation.subset(slice(500)), mnist.test.subset(slice(400)))


def small(config: TrainingConfig, **changes: Any) -> TrainingConfig:
    """Return the recipe with few images, a short batch and one epoch, and with these changes."""
    few: dict[str, Any] = {"training_images": IMAGES, "min_equals": 100, "batch_size": 64, "epochs": 1}
    few |= {"drawn": 0, "others": 0}
    return dataclasses.replace(config, **few | changes)


def digit(seed: int = 0) -> np.ndarray:
    """Return noise in the shape of a digit, (28, 28) float32 in [0, 1]."""
    return np.random.default_rng(seed).random((28, 28), np.float32)
