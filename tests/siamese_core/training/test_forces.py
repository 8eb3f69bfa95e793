"""The loss as a force: by hand, and against TensorFlow's gradient of the loss that is trained."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from siamese_core.config import ARTICLE
from siamese_core.datasets.pairs import Pairs, create_balanced_pairs
from siamese_core.training import losses
from siamese_core.training.forces import RATE, batch_forces, pair_force, pair_loss, step


def test_a_same_pair_is_pulled_and_a_different_one_pushed_up_to_the_margin() -> None:
    assert pair_force(1, 0.5, 1.0) == -1.0
    assert pair_force(0, 0.25, 1.0) == 1.5
    assert pair_force(0, np.array([1.0, 1.7]), 1.0).tolist() == [0, 0]


@pytest.mark.parametrize("margin", [0.2, 1.0, 3.0])
def test_loss_and_force_are_those_of_the_project(margin: float) -> None:
    d = np.linspace(0.013, 2.5, 60, dtype=np.float32)
    for same in (0.0, 1.0):
        distances = tf.constant(d)
        with tf.GradientTape() as tape:
            tape.watch(distances)
            value = losses.pair_losses(same, distances, margin)
        np.testing.assert_allclose(pair_loss(same, d, margin), value.numpy(), rtol=1e-5, atol=1e-7)
        np.testing.assert_allclose(pair_force(same, d, margin), -tape.gradient(value, distances).numpy(), atol=1e-5)


def test_the_forces_of_a_batch_are_the_gradient_of_its_loss() -> None:
    rng = np.random.default_rng(3)
    labels = np.arange(12) % 3
    points = rng.normal(0, 0.6, (12, 2)).astype(np.float32)
    points[1] = points[0]  # where there is no direction
    pairs = create_balanced_pairs(labels, per_image=3, rng=rng)
    variable = tf.Variable(points)
    with tf.GradientTape() as tape:
        left, right = tf.gather(variable, pairs.left), tf.gather(variable, pairs.right)
        value = losses.pairs_loss(left, right, pairs.same, dataclasses.replace(ARTICLE, margin=1.0))
    gradient = tf.convert_to_tensor(tape.gradient(value, variable)).numpy()
    forces = batch_forces(points, pairs, 1.0)
    np.testing.assert_allclose(forces, -gradient, atol=1e-6)
    assert np.abs(forces).max() > 0.01


def test_two_points_pull_each_other_along_the_line_between_them() -> None:
    pair = Pairs(np.array([0]), np.array([1]), np.array([1.0]))
    np.testing.assert_allclose(batch_forces(np.array([[0.0, 0.0], [3.0, 4.0]]), pair, 1.0), [[6, 8], [-6, -8]])


def test_same_pairs_come_together_and_different_ones_rest_just_beyond_the_margin() -> None:
    same, d, speed = np.array([1.0, 0.0, 0.0]), np.array([1.4, 0.1, 2.0]), np.zeros(3)
    first, _ = step(same, d, speed, 1.0)
    np.testing.assert_allclose(first, d + RATE * pair_force(same, d, 1.0))
    for _ in range(200):
        d, speed = step(same, d, speed, 1.0)
    assert d[0] < 1e-3
    assert 1.0 < d[1] < 1.2
    assert d[2] == 2.0, "beyond the margin nothing pulls"
