"""Plan the steps of a training: which pairs or images each of them takes, as index arrays."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from siamese_core.config import SYMBOL_IMAGES, TrainingConfig
from siamese_core.datasets.dataset import Dataset
from siamese_core.datasets.pairs import Pairs, article_pairs, create_balanced_pairs
from siamese_core.training.material import Material


class Plan(NamedTuple):
    """The steps of a training: their number, the pairs in each, and the arrays that feed the steps of an epoch."""

    steps_per_epoch: int
    pairs_per_step: int
    epoch: Callable[[], tuple[np.ndarray, ...]]  # arrays with a leading axis of steps_per_epoch


def plan_steps(config: TrainingConfig, material: Material, rng: np.random.Generator) -> Plan:
    """Plan a training as its configuration pairs images. Raises ValueError for fewer symbols than a batch needs."""
    if config.pairing != "all_in_batch":
        return _plan_pairs(config, material.images, rng)
    return _plan_batches(config, material, rng)


def training_pairs(config: TrainingConfig, data: Dataset) -> Pairs:
    """Return the article's pairs of the training images: one for each image, the first `min_equals` genuine."""
    return article_pairs(data.labels, min_equals=config.min_equals, seed=config.seed)


def _plan_pairs(config: TrainingConfig, data: Dataset, rng: np.random.Generator) -> Plan:
    """Plan a training on fixed pairs, as the article does: one set for all epochs, shuffled anew in each.

    The last batch of an epoch is filled up with pairs of weight 0, so that every step has the same shape.
    """
    pairs = training_pairs(config, data)
    if config.pairing == "some_per_image":
        pairs = create_balanced_pairs(data.labels, per_image=config.per_image, rng=rng)
    n, batch = len(pairs.same), config.batch_size
    steps = -(-n // batch)

    def epoch() -> tuple[np.ndarray, ...]:
        order = np.resize(rng.permutation(n), steps * batch)
        weight = (np.arange(steps * batch) < n).astype(np.float32)
        columns = (pairs.left[order], pairs.right[order], pairs.same[order], weight)
        return tuple(column.reshape(steps, batch) for column in columns)

    return Plan(steps, batch, epoch)


def _plan_batches(config: TrainingConfig, material: Material, rng: np.random.Generator) -> Plan:
    """Plan a training on batches and all their pairs: shuffled images, and SYMBOL_IMAGES of some classes of symbols.

    An epoch is one pass over the images that are no symbols; the remainder is left out.
    """
    rest = config.batch_size - SYMBOL_IMAGES * config.symbol_classes
    steps = material.digits // rest
    draw = _symbols(config, material, rng) if config.symbol_classes else None

    def epoch() -> tuple[np.ndarray, ...]:
        images = rng.permutation(material.digits)[: steps * rest].reshape(steps, rest)
        if draw:
            images = np.concatenate([images, np.stack([draw() for _ in range(steps)])], axis=1)
        return images, rng.integers(2**31, size=(steps, 2), dtype=np.int32)

    return Plan(steps, config.batch_size * (config.batch_size - 1) // 2, epoch)


def _symbols(config: TrainingConfig, material: Material, rng: np.random.Generator) -> Callable[[], np.ndarray]:
    """Return what draws the symbols of a batch, as indices. Raises ValueError for fewer classes than a batch needs."""
    labels = material.images.labels[material.digits :]
    order = material.digits + np.argsort(labels, kind="stable")  # the symbols, class by class
    _, starts, counts = np.unique(np.sort(labels), return_index=True, return_counts=True)
    if len(starts) < config.symbol_classes:
        raise ValueError(f"expected {config.symbol_classes} classes of symbols at least, got {len(starts)}")

    def draw() -> np.ndarray:
        chosen = rng.choice(len(starts), config.symbol_classes, replace=False)
        which = rng.random((SYMBOL_IMAGES, config.symbol_classes)) * counts[chosen]
        return order[starts[chosen] + which.astype(int)].ravel()

    return draw
