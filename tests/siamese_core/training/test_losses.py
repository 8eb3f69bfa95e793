"""The distance and the contrastive loss in Keras: by hand, against NumPy, their gradients, and in a Keras training."""

import dataclasses
import math
from unittest.mock import patch

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from siamese_core.config import ANYTHING, ARTICLE, FAST
from siamese_core.datasets.article import training_part
from siamese_core.datasets.dataset import to_float
from siamese_core.metrics.distances import distance, distances_to_all
from siamese_core.networks.keras_encoder import KerasEncoder
from siamese_core.training import losses
from siamese_core.training.loop import train_encoder
from tests.small import small, small_splits


def numpy_loss(same: np.ndarray, distance: np.ndarray, margin: float) -> float:
    return float(np.mean([d**2 if s else max(margin - d, 0) ** 2 for s, d in zip(same, distance, strict=True)]))


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(3)


# --- by hand ---


def test_distance_of_3_and_4_is_5() -> None:
    a, b = tf.constant([[0.0, 0.0], [1.0, 2.0]]), tf.constant([[3.0, 4.0], [1.0, 2.0]])
    assert losses.distance(a, b).numpy().tolist() == [5.0, 0.0]


def test_genuine_pairs_pay_for_distance_and_impostor_pairs_for_nearness() -> None:
    same, distances = tf.constant([1.0, 1.0, 0.0, 0.0, 0.0]), tf.constant([0.0, 0.5, 0.0, 0.5, 2.0])
    assert losses.pair_losses(same, distances, 1.0).numpy().tolist() == [0.0, 0.25, 1.0, 0.25, 0.0]
    assert losses.pair_losses(same, distances, 3.0).numpy().tolist() == [0.0, 0.25, 9.0, 6.25, 1.0]


def test_contrastive_loss_is_the_mean() -> None:
    value = losses.contrastive_loss(1.0)(np.array([1.0, 0.0]), np.array([0.5, 0.75], np.float32))
    assert float(value) == (0.25 + 0.0625) / 2


@pytest.mark.parametrize("margin", [0, -1, float("nan"), float("inf")])
def test_margin_must_be_a_positive_number(margin: float) -> None:
    with pytest.raises(ValueError, match=f"expected margin to be positive and finite, got {margin}"):
        losses.contrastive_loss(margin)


# --- against NumPy ---


def test_distances_are_those_of_numpy(rng: np.random.Generator) -> None:
    a, b = rng.normal(size=(2, 40, 16)).astype(np.float32)
    np.testing.assert_allclose(losses.distance(a, b), distance(a, b), rtol=1e-6)
    np.testing.assert_allclose(losses.all_distances(a), distances_to_all(a, a), atol=3e-3)


def test_all_distances_are_good_to_1e_3_at_length_1(rng: np.random.Generator) -> None:
    unit = rng.normal(size=(96, 64)).astype(np.float32)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    unit[1] = unit[0]
    np.testing.assert_allclose(losses.all_distances(unit), distances_to_all(unit, unit), atol=1e-3)


@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0, 5, width=32)), min_size=1, max_size=20), st.floats(0.125, 4))
def test_loss_is_that_of_numpy(pairs: list[tuple[int, float]], margin: float) -> None:
    same, distances = (np.array(column, np.float32) for column in zip(*pairs, strict=True))
    expected = numpy_loss(same, distances, margin)
    value = losses.contrastive_loss(margin)
    assert float(value(same, distances)) == pytest.approx(expected, rel=1e-5, abs=1e-6)
    assert float(value(same[:, None], distances)) == pytest.approx(expected, rel=1e-5, abs=1e-6)  # as Keras hands it on


# --- gradients ---


@pytest.mark.parametrize("by_xla", [False, True])  # whose gradient of a root at 0 is another one
def test_gradient_is_finite_and_0_where_the_distance_is_0(by_xla: bool) -> None:
    @tf.function(jit_compile=by_xla)
    def gradient(a: tf.Tensor, b: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            tape.watch(a)
            distances = losses.distance(a, b)
        return tape.gradient(distances, a)

    found = gradient(tf.constant([[0.5, 0.5], [1.0, 0.0]]), tf.constant([[0.5, 0.5], [0.0, 0.0]]))
    assert found.numpy().tolist() == [[0.0, 0.0], [1.0, 0.0]]


@pytest.mark.parametrize("same", [0.0, 1.0])
def test_gradient_of_the_loss_is_finite_where_all_embeddings_are_one(same: float) -> None:
    embeddings = tf.Variable(tf.ones((4, 3)) / 7)
    with tf.GradientTape() as tape:
        value = tf.reduce_mean(losses.pair_losses(same, losses.all_distances(embeddings), 1.0))
    assert np.isfinite(tape.gradient(value, embeddings).numpy()).all()


def test_gradient_pulls_genuine_pairs_together_and_pushes_impostor_pairs_apart() -> None:
    for same, sign in ((1.0, 1), (0.0, -1)):
        a, b = tf.Variable([[0.4, 0.0]]), tf.constant([[0.0, 0.0]])
        with tf.GradientTape() as tape:
            value = losses.contrastive_loss(1.0)(np.array([same]), losses.distance(a, b))
        expected = 2 * 0.4 if same else 2 * (1 - 0.4)
        np.testing.assert_allclose(tape.gradient(value, a), [[sign * expected, 0]], rtol=1e-6)


def test_what_is_no_number_stays_none() -> None:
    """Otherwise a training whose weights have become NaN would go on as if all embeddings were one."""
    nan = tf.constant([[np.nan, 0.0]])
    assert np.isnan(losses.distance(nan, tf.zeros((1, 2))).numpy()).all()
    assert np.isnan(losses.all_distances(tf.concat([nan, nan], 0)).numpy()).all()
    assert np.isnan(float(losses.contrastive_loss(1.0)(np.array([0.0]), losses.distance(nan, nan))))


# --- the supervised contrastive loss ---


def numpy_supervised(embeddings: np.ndarray, labels: np.ndarray, temperature: float) -> float:
    """Count for each embedding with partners the mean of -log p(partner), p as softmax over all others."""
    each = []
    for i in range(len(labels)):
        others = [j for j in range(len(labels)) if j != i]
        weight = {j: np.exp(-((embeddings[i] - embeddings[j]) ** 2).sum() / 2 / temperature) for j in others}
        partners = [j for j in others if labels[j] == labels[i]]
        if partners:
            each.append(np.mean([-np.log(weight[j] / sum(weight.values())) for j in partners]))
    return float(np.mean(each)) if each else 0.0


def supervised(embeddings: np.ndarray, labels: np.ndarray, temperature: float = 0.5) -> float:
    with patch.object(losses, "TEMPERATURE", temperature):
        return float(losses.supervised_contrastive(tf.constant(embeddings, tf.float32), labels, ANYTHING))


def test_supervised_loss_of_two_pairs_at_right_angles() -> None:
    """Each sees its partner at e^1 and two others at e^0: the loss is log((e + 2) / e)."""
    embeddings = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], np.float32)
    value = supervised(embeddings, np.array([0, 0, 1, 1]), temperature=1.0)
    assert value == pytest.approx(math.log((math.e + 2) / math.e), rel=1e-6)


@pytest.mark.parametrize("labels", [[0, 0, 0, 1, 1, 1], [0, 1, 0, 1, 2, 0], [0, 0, 1, 2, 3, 4], [5, 4, 3, 2, 1, 0]])
def test_supervised_loss_is_numpys(labels: list[int], rng: np.random.Generator) -> None:
    embeddings = rng.normal(size=(6, 3))
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    for temperature in (0.1, 1.0):
        expected = numpy_supervised(embeddings, np.array(labels), temperature)
        assert supervised(embeddings, np.array(labels), temperature) == pytest.approx(expected, rel=1e-4, abs=1e-6)


def test_supervised_loss_draws_partners_together_and_drives_others_apart() -> None:
    angles, labels = tf.Variable([0.0, 0.3, 0.6, 0.9]), np.array([0, 0, 1, 1])
    with tf.GradientTape() as tape:
        value = losses.supervised_contrastive(tf.stack([tf.cos(angles), tf.sin(angles)], axis=1), labels, ANYTHING)
    down = -tape.gradient(value, angles).numpy()
    assert down[1] < 0 < down[2]  # away from each other, each towards its own partner
    assert np.isfinite(down).all()


# --- of a network at rest ---


@pytest.mark.parametrize(("min_equals", "genuine"), [(0, 0.1), (15_000, 0.4375), (40_000, 1)])
def test_pairs_of_curves_have_the_trainings_share_of_genuine_ones(min_equals: int, genuine: float) -> None:
    labels = np.arange(4_000) % 10
    pairs = losses.resting_pairs(labels, dataclasses.replace(ARTICLE, min_equals=min_equals))
    assert len(pairs.same) == 4_000
    assert pairs.same.mean() == pytest.approx(genuine, abs=0.02)
    config = dataclasses.replace(ARTICLE, pairing="some_per_image", per_image=3, min_equals=min_equals)
    pairs = losses.resting_pairs(labels, config)
    assert (len(pairs.same), pairs.same.mean()) == (24_000, 0.5)


def test_loss_at_rest_is_the_plain_mean_over_the_articles_pairs(rng: np.random.Generator) -> None:
    labels, embeddings = np.arange(300) % 10, rng.normal(size=(300, 4)) / 3
    left, right, same = losses.resting_pairs(labels, ARTICLE)
    expected = numpy_loss(same, distance(embeddings[left], embeddings[right]), ARTICLE.margin)
    assert losses.resting_loss(embeddings, labels, ARTICLE) == pytest.approx(expected, rel=1e-5)


@pytest.mark.slow  # trains
def test_loss_at_rest_is_what_a_training_at_rest_reports() -> None:
    """On one batch of all images, by a network without dropout that learns next to nothing."""
    told: list[float] = []
    config = small(FAST, training_images=200, batch_size=200, learning_rate=1e-12)
    data = training_part(small_splits(), 200)
    encoder = train_encoder(config, data, lambda progress: told.append(progress.loss))
    embeddings = KerasEncoder(encoder).embed(to_float(data.images))
    assert told == [pytest.approx(losses.resting_loss(embeddings, data.labels, config), rel=1e-4)]


# --- in Keras ---


def test_keras_trains_a_siamese_model_with_it(rng: np.random.Generator) -> None:
    keras.utils.set_random_seed(1)
    left, right = rng.normal(size=(2, 60, 4)).astype(np.float32)
    same = (rng.random(60) < 0.5).astype(np.float32)
    encoder = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    inputs = [keras.Input((4,)), keras.Input((4,))]
    siamese = keras.Model(inputs, losses.distance(*map(encoder, inputs)))
    siamese.compile(optimizer="adam", loss=losses.contrastive_loss(1.5))
    distances = distance(*(np.asarray(encoder(side)) for side in (left, right)))
    before = siamese.evaluate([left, right], same, batch_size=60, verbose=0)
    assert before == pytest.approx(numpy_loss(same, distances, 1.5), rel=1e-5)
    history = siamese.fit([left, right], same, epochs=5, verbose=0).history["loss"]
    assert history[-1] < history[0]
