"""The benchmark of levers changes what exists, and its ways of preparing digits and its losses do what they say."""

import dataclasses
import importlib
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from benchmarks import levers
from siamese_core.augment import augment
from siamese_core.data import to_float
from siamese_core.loss import supervised_contrastive
from siamese_core.preprocess import stroke_width
from tests.moments import moments
from tests.small import small_splits

DIGITS = small_splits().test.images[:60]
CLASSES = np.repeat(np.eye(4, dtype=np.float32), 2, axis=0)  # two embeddings each of four classes, far apart
SAME = CLASSES @ CLASSES.T


def of_the_core(target: str) -> Any:
    """Return what stands in the core under "module.attribute"."""
    module, name = target.split(".")
    return getattr(importlib.import_module(f"siamese_core.{module}"), name)


@pytest.mark.parametrize("lever", levers.LEVERS.values(), ids=levers.LEVERS)
def test_each_lever_changes_something_that_exists(lever: levers.Lever) -> None:
    for target, value in lever.attributes.items():
        assert levers.AS_THEN.get(target, of_the_core(target)) != value
    changed = dataclasses.replace(levers.BASE, **lever.config)
    assert (changed != levers.BASE) == bool(lever.config)


def test_what_stood_then_still_has_its_place() -> None:
    for target, value in levers.AS_THEN.items():
        assert isinstance(of_the_core(target), type(value))


def test_removing_slant_makes_digits_upright() -> None:
    before, after = ([moments(x)[2] for x in images] for images in (DIGITS, map(levers.slant_removed, DIGITS)))
    assert np.abs(after).mean() < np.abs(before).mean() / 5


def test_evened_strokes_differ_less_in_width() -> None:
    before = [stroke_width(image) for image in to_float(DIGITS)]
    after = [stroke_width(levers.stroke_evened(image) / 255) for image in DIGITS]
    assert np.std(after) < np.std(before) / 1.5
    assert np.mean(after) == pytest.approx(levers.EVEN_WIDTH, abs=0.3)


def test_no_elastic_change_leaves_the_others() -> None:
    images, seed = tf.constant(to_float(DIGITS)), tf.constant((1, 2))
    changed = levers.elastic(0.0)(images, seed)
    np.testing.assert_allclose(changed, augment(images, tf.random.split(seed, 2)[0]), atol=1e-6)
    assert np.abs(levers.elastic(1.0)(images, seed) - changed).mean() > 0.01


def test_hard_partners_are_all_partners_where_each_has_one() -> None:
    noisy = tf.math.l2_normalize(CLASSES + np.random.default_rng(0).normal(0, 0.3, CLASSES.shape).astype(np.float32), 1)
    expected = supervised_contrastive(noisy, tf.constant(SAME), 0.1)
    np.testing.assert_allclose(levers.hard_partners(levers.BASE, noisy, tf.constant(SAME)), expected, rtol=1e-5)


def test_multi_similarity_is_nothing_for_classes_apart_and_much_for_mixed_ones() -> None:
    assert levers.multi_similarity(tf.constant(CLASSES), tf.constant(SAME), 0.1).numpy() == pytest.approx(0, abs=1e-6)
    mixed = np.roll(CLASSES, 1, axis=0)
    assert levers.multi_similarity(tf.constant(mixed), tf.constant(SAME), 0.1).numpy() > 0.5
