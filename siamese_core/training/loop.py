"""Train an encoder: the steps of an epoch are index arrays (`plans`), and many of them run in one call of a graph.

The images are in memory once. A chunk of steps is one call into TensorFlow, so that Python costs little time. The dense
encoder is compiled with XLA (twice as fast on a CPU); the convolutional ones are not (ten times slower there), nor are
random changes to images, which XLA does not support.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from siamese_core.config import OptimizerName, TrainingConfig
from siamese_core.datasets.dataset import Dataset
from siamese_core.networks.encoders import build_encoder, folded
from siamese_core.training import losses
from siamese_core.training.augment import augment
from siamese_core.training.material import gather
from siamese_core.training.muon import KernelMuon
from siamese_core.training.plans import Plan, plan_steps

CHUNKS_PER_EPOCH = 8
OPTIMIZERS: dict[OptimizerName, Callable[..., keras.optimizers.Optimizer]] = {
    "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam,
    "muon": KernelMuon,
}


class Progress(NamedTuple):
    """What training reports after each chunk of steps."""

    epoch: int  # 1-based, the current one
    step: int  # steps done, over all epochs
    steps: int  # steps in all
    loss: float  # mean over the chunk
    pairs_per_second: float  # over the chunk


class StopTraining(Exception):  # noqa: N818 it is not an error
    """Raised by a listener to end the training and keep what was learned."""


Listener = Callable[[Progress], None]


def train_encoder(
    config: TrainingConfig,
    data: Dataset,
    on_progress: Listener | None = None,
    on_start: Callable[[keras.Model, int], None] | None = None,
    symbols: Dataset | None = None,
) -> keras.Model:
    """Train a new encoder on the images and return it.

    data: the images of `article.training_part`. symbols: images of which each batch holds `config.symbol_classes`
    classes, beside those that the project invents. All random draws depend on `config.seed` alone. `on_start` is called
    before the first step with the encoder and the number of steps, `on_progress` after each chunk of steps. If one of
    them raises StopTraining, the training ends early; any other exception reaches the caller. Raises FloatingPointError
    if the loss is no longer finite, ValueError for another number of images than `config.training_images`, for an
    unknown loss, or where the configuration asks for more classes of symbols than there are.
    """
    if len(data) != config.training_images:
        raise ValueError(f"expected {config.training_images:,} images to train on, got {len(data):,}")
    if config.loss not in losses.LOSSES:
        raise ValueError(f"expected a loss out of {', '.join(losses.LOSSES)}, got {config.loss!r}")
    material = gather(config, data, symbols)
    rng = np.random.default_rng(config.seed)
    encoder = build_encoder(config.encoder, config.embedding_size, rng, config.columns, config.normalized, data.side)
    plan = plan_steps(config, material, rng)
    data = material.images
    steps = plan.steps_per_epoch * config.epochs
    run_chunk = _compile(config, encoder, data, steps)
    with suppress(StopTraining):
        if on_start:
            on_start(encoder, steps)
        _run(config, plan, run_chunk, on_progress)
    return folded(encoder)


def _run(config: TrainingConfig, plan: Plan, run_chunk: Callable[..., tf.Tensor], on_progress: Listener | None) -> None:
    steps, total = plan.steps_per_epoch, plan.steps_per_epoch * config.epochs
    size = -(-steps // CHUNKS_PER_EPOCH)
    for epoch in range(1, config.epochs + 1):
        arrays = plan.epoch()
        for first in range(0, steps, size):
            last = min(first + size, steps)
            start = time.perf_counter()
            value = float(run_chunk(np.int32(first), np.int32(last), *arrays))
            rate = (last - first) * plan.pairs_per_step / (time.perf_counter() - start)
            done = (epoch - 1) * steps + last
            if not np.isfinite(value):
                raise FloatingPointError(
                    f"The loss became {value} in step {done}; a smaller learning rate or margin may help."
                )
            if on_progress:
                on_progress(Progress(epoch, done, total, value, rate))


def _compile(config: TrainingConfig, encoder: keras.Model, data: Dataset, steps: int) -> Callable[..., tf.Tensor]:
    """Return a function that runs the steps from `first` to `last` of an epoch and returns their mean loss.

    It calls the optimizer's `update_step` for each variable: `apply` would leave an entry in TensorFlow's registry of
    gradients that keeps the graph and the images in memory for ever.
    """
    images, labels = tf.constant(data.images), tf.constant(data.labels)
    optimizer = _optimizer(config, steps)
    optimizer.build(encoder.trainable_variables)
    loss_of = _batch_loss if config.pairing == "all_in_batch" else _pair_loss

    @tf.function(jit_compile=config.encoder == "dense" and not config.augment, autograph=False)
    def run_chunk(first: tf.Tensor, last: tf.Tensor, *arrays: tf.Tensor) -> tf.Tensor:
        def step(i: tf.Tensor, total: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            with tf.GradientTape() as tape:
                value = loss_of(config, encoder, images, labels, [a[i] for a in arrays])
            variables = [variable.value for variable in encoder.trainable_variables]
            for gradient, variable in zip(tape.gradient(value, variables), variables, strict=True):
                optimizer.update_step(gradient, variable, optimizer.learning_rate)
            optimizer.iterations.assign_add(1)
            return i + 1, total + value

        _, total = tf.while_loop(lambda i, _: i < last, step, (first, 0.0))
        return total / tf.cast(last - first, tf.float32)

    return run_chunk


def _pair_loss(
    config: TrainingConfig, encoder: keras.Model, images: tf.Tensor, labels: tf.Tensor, arrays: list[tf.Tensor]
) -> tf.Tensor:
    """Return the loss over given pairs: arrays are left, right, same and weight, (b,) each."""
    left, right, same, weight = arrays
    both = encoder(_take(images, tf.concat([left, right], 0)), training=True)  # (2b, d)
    first, second = tf.split(both, 2)
    return losses.pairs_loss(first, second, same, config, weight)


def _batch_loss(
    config: TrainingConfig, encoder: keras.Model, images: tf.Tensor, labels: tf.Tensor, arrays: list[tf.Tensor]
) -> tf.Tensor:
    """Return the loss over all pairs of a batch: arrays are the indices of its images (b,) and a seed (2,)."""
    chosen, seed = arrays
    batch = _take(images, chosen)
    embeddings = encoder(augment(batch, seed) if config.augment else batch, training=True)  # (b, d)
    return losses.batch_loss(embeddings, tf.gather(labels, chosen), config)


def _take(images: tf.Tensor, chosen: tf.Tensor) -> tf.Tensor:
    return tf.cast(tf.gather(images, chosen), tf.float32) / 255.0


def _optimizer(config: TrainingConfig, steps: int) -> Any:
    rate: Any = config.learning_rate
    if config.decay:
        rate = keras.optimizers.schedules.CosineDecay(config.learning_rate, steps)
    return OPTIMIZERS[config.optimizer](learning_rate=rate)
