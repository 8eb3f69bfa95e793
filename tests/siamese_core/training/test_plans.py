"""What each step takes: digits once an epoch, and of some classes of symbols three images each."""

import dataclasses

import numpy as np
import pytest

from siamese_core.config import ANYTHING, SYMBOL_IMAGES
from siamese_core.datasets.dataset import Dataset
from siamese_core.training.material import INVENTED_IMAGES, gather
from siamese_core.training.plans import plan_steps
from tests.small import small

CONFIG = small(ANYTHING, training_images=80, min_equals=0, batch_size=20, symbol_classes=4, invented=6)
DIGITS = Dataset("d", np.zeros((80, 28, 28), np.uint8), np.arange(80, dtype=np.int64) % 10, tuple("0123456789"))
SYMBOLS = Dataset("s", np.zeros((21, 28, 28), np.uint8), np.arange(21, dtype=np.int64) % 3, ("a", "b", "c"))


def test_batches_hold_digits_once_an_epoch_and_images_of_some_classes_of_symbols() -> None:
    material = gather(CONFIG, DIGITS, SYMBOLS)
    assert material.digits == 80
    assert len(material.images) == 80 + 21 + 6 * INVENTED_IMAGES
    assert len(np.unique(material.images.labels)) == 10 + 3 + 6
    plan = plan_steps(CONFIG, material, np.random.default_rng(0))
    chosen, seeds = plan.epoch()
    assert chosen.shape == (80 // 8, 20)
    assert seeds.shape == (10, 2)
    assert sorted(chosen[:, :8].ravel()) == list(range(80))
    for batch in chosen[:, 8:]:
        labels, counts = np.unique(material.images.labels[batch], return_counts=True)
        assert len(labels) == 4
        assert (counts == SYMBOL_IMAGES).all()
        assert (labels >= 10).all()


def test_all_symbols_come_in_the_end() -> None:
    material = gather(CONFIG, DIGITS, SYMBOLS)
    plan = plan_steps(CONFIG, material, np.random.default_rng(0))
    met = np.unique(np.concatenate([plan.epoch()[0][:, 8:].ravel() for _ in range(20)]))
    np.testing.assert_array_equal(met, np.arange(80, len(material.images)))


def test_too_few_classes_of_symbols_are_refused() -> None:
    material = gather(dataclasses.replace(CONFIG, invented=0), DIGITS, SYMBOLS)
    with pytest.raises(ValueError, match="expected 4 classes of symbols at least, got 3"):
        plan_steps(CONFIG, material, np.random.default_rng(0))
