"""Training on a few hundred digits: the loss falls, a seed repeats a run bit for bit, and what goes wrong is told."""

import dataclasses
from collections.abc import Sequence
from typing import Any, NamedTuple

import keras
import numpy as np
import pytest
import tensorflow as tf

from siamese_core.config import ANYTHING, ARTICLE, FAST, SHIPPED, TrainingConfig
from siamese_core.datasets.article import training_part
from siamese_core.datasets.dataset import Dataset
from siamese_core.training import loop, losses
from siamese_core.training.loop import Progress, StopTraining, train_encoder
from siamese_core.training.material import Material
from siamese_core.training.muon import DECAY, STEP
from siamese_core.training.plans import Plan, plan_steps, training_pairs
from tests.small import IMAGES, small, small_splits

WAYS = {
    "one per image": small(ARTICLE, epochs=2),
    "some per image": small(ARTICLE, pairing="some_per_image", per_image=1, encoder="small_conv", epochs=2),
    "all in batch": small(FAST, epochs=2),
    "with changes": small(SHIPPED, encoder="small_conv", columns=1, normalized=1, epochs=2),
    "columns": small(SHIPPED, encoder="small_conv", augment=False, drawn=60, others=52, epochs=2),
    "symbols": small(ANYTHING, encoder="small_conv", symbol_classes=8, invented=10, epochs=2),
    "supervised": small(FAST, loss="supervised_contrastive", drawn=60, others=52, epochs=2),
    "dense by muon": small(ARTICLE, optimizer="muon", epochs=2),
    "convolutions by muon": small(FAST, optimizer="muon", learning_rate=1e-3, epochs=2),
}
STEPS = {
    "one per image": 7,
    "some per image": 13,
    "all in batch": 6,
    "with changes": 6,
    "columns": 8,
    "symbols": 10,
    "supervised": 8,
    "dense by muon": 7,
    "convolutions by muon": 6,
}  # of an epoch: 400 images or 512, 64 a batch, with symbols 40


def digits_of(config: TrainingConfig) -> Dataset:
    return training_part(small_splits(), config.training_images)


def plan_of(config: TrainingConfig) -> Plan:
    digits = digits_of(config)
    return plan_steps(config, Material(digits, len(digits)), np.random.default_rng(0))


class Run(NamedTuple):
    """What a training leaves behind."""

    weights: list[np.ndarray]
    told: list[Progress]


def run(config: TrainingConfig) -> Run:
    told: list[Progress] = []
    encoder = train_encoder(config, digits_of(config), told.append)
    return Run([weight.numpy() for weight in encoder.weights], told)


class Twice(NamedTuple):
    """One way of training, run twice."""

    way: str
    one: Run
    again: Run


QUICK = ("one per image", "all in batch")  # the other ways are tested with the slow tests


@pytest.fixture(
    scope="module", params=[pytest.param(way, marks=[] if way in QUICK else [pytest.mark.slow]) for way in WAYS]
)
def twice(request: pytest.FixtureRequest) -> Twice:
    return Twice(request.param, run(WAYS[request.param]), run(WAYS[request.param]))


# --- what it trains on ---


def test_training_digits_lie_behind_the_articles_validation_digits() -> None:
    digits, train = digits_of(small(FAST)), small_splits().train
    assert len(digits) == IMAGES
    np.testing.assert_array_equal(digits.images, train.images[2_000 : 2_000 + IMAGES])
    np.testing.assert_array_equal(digits.labels, train.labels[2_000 : 2_000 + IMAGES])


def test_training_pairs_follow_the_seed_and_min_equals() -> None:
    config, digits = small(ARTICLE), digits_of(small(ARTICLE))
    pairs, again = training_pairs(config, digits), training_pairs(config, digits)
    np.testing.assert_array_equal(pairs.right, again.right)
    assert pairs.left.tolist() == list(range(IMAGES))
    assert pairs.same[:100].all()
    assert not pairs.same[100:].all()
    assert (training_pairs(small(ARTICLE, seed=1), digits).right != pairs.right).any()


# --- runs ---


@pytest.mark.slow
def test_same_seed_gives_the_same_weights_bit_for_bit(twice: Twice) -> None:
    for a, b in zip(twice.one.weights, twice.again.weights, strict=True):
        np.testing.assert_array_equal(a, b)
    assert [progress.loss for progress in twice.one.told] == [progress.loss for progress in twice.again.told]


def test_loss_falls(twice: Twice) -> None:
    losses = [progress.loss for progress in twice.one.told]
    assert np.mean(losses[-4:]) < 0.85 * np.mean(losses[:4])


def test_progress_counts_every_step_once(twice: Twice) -> None:
    told, steps = twice.one.told, STEPS[twice.way]
    size = -(-steps // 8)  # an epoch is told in at most eight parts
    ends = [*range(size, steps, size), steps]
    assert [progress.step for progress in told] == [epoch * steps + end for epoch in (0, 1) for end in ends]
    assert {progress.steps for progress in told} == {2 * steps}
    assert [progress.epoch for progress in told] == [epoch for epoch in (1, 2) for _ in ends]
    assert all(np.isfinite(progress.loss) and progress.pairs_per_second > 0 for progress in told)


def test_another_seed_gives_other_weights_and_leaves_the_global_generator_alone() -> None:
    state = str(np.random.get_state())  # noqa: NPY002 the global one is what is watched
    one, other = (run(small(FAST, seed=seed)) for seed in (0, 1))
    assert str(np.random.get_state()) == state  # noqa: NPY002
    assert all((a != b).any() for a, b in zip(one.weights, other.weights, strict=True))


def test_an_epoch_of_many_steps_is_told_in_at_most_eight_parts() -> None:
    told = run(small(FAST, batch_size=10)).told  # 40 steps
    assert [progress.step for progress in told] == [5, 10, 15, 20, 25, 30, 35, 40]


class StopHereError(Exception):
    """What a listener raises to end a training."""


def test_an_exception_of_the_listener_ends_the_training() -> None:
    told: list[Progress] = []

    def stop_at_3(progress: Progress) -> None:
        told.append(progress)
        if progress.step == 3:
            raise StopHereError

    with pytest.raises(StopHereError):
        train_encoder(small(FAST), digits_of(small(FAST)), stop_at_3)
    assert [progress.step for progress in told] == [1, 2, 3]


@pytest.mark.parametrize("config", [ARTICLE, FAST], ids=["one per image", "all in batch"])
def test_a_loss_that_is_no_number_ends_the_training(config: TrainingConfig) -> None:
    config = small(config, learning_rate=1e30)
    with pytest.raises(FloatingPointError, match=r"^The loss became (nan|inf) in step \d+; .* may help\.$"):
        train_encoder(config, digits_of(config))


def test_digits_must_be_as_many_as_configured() -> None:
    with pytest.raises(ValueError, match="expected 400 images to train on, got 30"):
        train_encoder(small(FAST), digits_of(small(FAST)).subset(slice(30)))


def test_dense_encoder_trains_with_changed_digits() -> None:
    told = run(small(SHIPPED, encoder="dense", columns=1, normalized=0)).told
    assert np.isfinite([progress.loss for progress in told]).all()


# --- what a step computes ---


def a_plan(batch_size: int, **changes: Any) -> tuple[TrainingConfig, Sequence[np.ndarray]]:
    config = small(ARTICLE, batch_size=batch_size, **changes)
    plan = plan_of(config)
    return config, plan.epoch()


def test_every_pair_counts_once_an_epoch_whatever_the_batch_size() -> None:
    config, (left, right, same, weight) = a_plan(64)
    pairs = training_pairs(config, digits_of(config))
    assert left.shape == right.shape == same.shape == weight.shape == (7, 64)
    counted = weight.astype(bool)
    assert counted.sum() == IMAGES
    found = sorted(zip(left[counted], right[counted], same[counted], strict=True))
    assert found == sorted(zip(*pairs, strict=True))


def test_epochs_have_the_same_pairs_in_another_order() -> None:
    config = small(ARTICLE, batch_size=100)
    plan = plan_of(config)
    first, second = plan.epoch()[0], plan.epoch()[0]
    assert (first != second).any()
    np.testing.assert_array_equal(np.sort(first, None), np.sort(second, None))


def constant_encoder(images: tf.Tensor, training: bool) -> tf.Tensor:
    """Take three places of the image for its embedding, so that the loss can be computed by hand."""
    return tf.gather(tf.reshape(images, (-1, 784)), [380, 406, 434], axis=1)


def test_padding_of_the_last_batch_does_not_change_its_loss() -> None:
    config, columns = a_plan(64)
    data = digits_of(config)
    images, labels = data.images, data.labels
    left, right, same, weight = (column[-1] for column in columns)
    assert 0 < weight.sum() < 64
    real = weight.astype(bool)
    args = (tf.constant(images), tf.constant(labels))
    value = loop._pair_loss(config, constant_encoder, *args, [left, right, same, weight])
    alone = loop._pair_loss(config, constant_encoder, *args, [c[real] for c in (left, right, same, weight)])
    assert float(value) == pytest.approx(float(alone), rel=1e-6)
    a, b = (constant_encoder(images[side[real]] / np.float32(255), False) for side in (left, right))
    by_hand = losses.contrastive_loss(config.margin)(same[real], losses.distance(a, b))
    assert float(value) == pytest.approx(float(by_hand), rel=1e-5)


def test_batch_loss_is_half_genuine_and_half_impostor_pairs_within_the_margin() -> None:
    config = small(FAST, batch_size=30, margin=0.8)
    data = digits_of(config)
    images, labels = data.images, data.labels
    chosen = np.arange(30)
    value = loop._batch_loss(
        config, constant_encoder, tf.constant(images), tf.constant(labels), [tf.constant(chosen), tf.constant([0, 1])]
    )
    e = np.asarray(constant_encoder(images[chosen] / np.float32(255), False), np.float64)
    genuine, impostor = [], []
    for i in range(30):
        for j in range(i + 1, 30):
            d = np.linalg.norm(e[i] - e[j])
            if labels[i] == labels[j]:
                genuine.append(d**2)
            elif d < config.margin:
                impostor.append((config.margin - d) ** 2)
    assert float(value) == pytest.approx((np.mean(genuine) + np.mean(impostor)) / 2, rel=1e-3)


@pytest.mark.parametrize("kind", ["contrastive", "supervised_contrastive"])
def test_each_column_learns_by_a_loss_of_its_own(kind: str) -> None:
    config = small(FAST, batch_size=30, columns=2, loss=kind)
    data = digits_of(config)
    images, labels = data.images, data.labels
    rng = np.random.default_rng(0)
    halves = [each / np.linalg.norm(each, axis=1, keepdims=True) for each in rng.normal(size=(2, 30, 4))]

    def value(columns: int, embeddings: np.ndarray) -> float:
        return float(
            loop._batch_loss(
                dataclasses.replace(config, columns=columns),
                lambda *_, **__: tf.constant(embeddings, tf.float32),
                tf.constant(images),
                tf.constant(labels),
                [tf.constant(np.arange(30)), tf.constant([0, 1])],
            )
        )

    whole = np.concatenate(halves, axis=1) / 2**0.5
    assert value(2, whole) == pytest.approx(sum(value(1, half) for half in halves), rel=1e-4)


def test_learning_rate_follows_the_recipe() -> None:
    fixed, falling = loop._optimizer(ARTICLE, 100), loop._optimizer(FAST, 100)
    assert isinstance(fixed, keras.optimizers.RMSprop)
    assert float(fixed.learning_rate) == pytest.approx(1e-3)
    assert isinstance(falling, keras.optimizers.Adam)
    assert float(falling.learning_rate) == pytest.approx(3e-3)
    falling.iterations.assign(100)
    assert float(falling.learning_rate) == pytest.approx(0, abs=1e-9)


def test_muon_turns_every_direction_of_a_kernel_alike_and_leaves_biases_to_adam() -> None:
    rng = np.random.default_rng(0)
    kernel, bias = keras.Variable(np.zeros((3, 3, 8, 16), np.float32)), keras.Variable(np.zeros(16, np.float32))
    optimizer = loop._optimizer(dataclasses.replace(FAST, optimizer="muon", decay=False), 10)
    optimizer.build([kernel, bias])
    left, _ = np.linalg.qr(rng.normal(size=(72, 16)))
    right, _ = np.linalg.qr(rng.normal(size=(16, 16)))
    uneven = left @ np.diag(np.geomspace(30, 1, 16)) @ right
    for variable, gradient in ((kernel, uneven.reshape(3, 3, 8, 16)), (bias, np.arange(16) - 7.5)):
        optimizer.update_step(keras.ops.cast(gradient, "float32"), variable, 0.01)
    change = -np.asarray(kernel).reshape(72, 16) / 0.01
    sizes = np.linalg.svd(change, compute_uv=False)
    assert sizes[0] < 2.5 * sizes[-1]
    assert (change * uneven).sum() > 0
    assert np.sqrt(np.mean(change**2)) == pytest.approx(STEP, rel=0.2)
    np.testing.assert_allclose(np.asarray(bias), -0.01 * np.sign(np.arange(16) - 7.5), rtol=1e-3)


def test_muon_lets_kernels_decay() -> None:
    kernel = keras.Variable(np.ones((2, 2, 3, 4), np.float32))
    optimizer = loop._optimizer(dataclasses.replace(FAST, optimizer="muon", decay=False), 10)
    optimizer.build([kernel])
    optimizer.update_step(keras.ops.zeros((2, 2, 3, 4)), kernel, 0.1)
    np.testing.assert_allclose(np.asarray(kernel), 1 - 0.1 * DECAY, rtol=1e-6)


# --- ended early ---


def test_a_listener_may_stop_it_and_keep_what_was_learned() -> None:
    config = small(ARTICLE, epochs=5)
    told: list[Progress] = []

    def listen(progress: Progress) -> None:
        told.append(progress)
        if progress.epoch == 2:
            raise StopTraining

    untrained: list[np.ndarray] = []
    stopped = train_encoder(
        config, digits_of(config), listen, lambda encoder, _: untrained.extend(w.numpy() for w in encoder.weights)
    )
    whole = run(small(ARTICLE, epochs=2))
    assert (told[-1].epoch, told[-1].step) == (2, 8)
    for other in (untrained, whole.weights):
        assert any((a.numpy() != b).any() for a, b in zip(stopped.weights, other, strict=True))


def test_the_encoder_is_handed_over_untrained_with_the_number_of_steps() -> None:
    config, seen = small(ARTICLE), []

    def begin(encoder: keras.Model, steps: int) -> None:
        seen.append(([weight.numpy() for weight in encoder.weights], steps))
        raise StopTraining

    encoder = train_encoder(config, digits_of(config), None, begin)
    ((weights, steps),) = seen
    assert steps == 7
    assert all((a == b.numpy()).all() for a, b in zip(weights, encoder.weights, strict=True))
