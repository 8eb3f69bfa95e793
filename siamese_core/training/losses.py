"""The losses, as Keras operations, for training and for its curves.

A loss is one function of embeddings, labels and the configuration, and one entry in LOSSES. A reduction, which makes
one number of the terms of a loss, is one entry in REDUCTIONS.

Contrastive loss: Hadsell, Chopra, LeCun, "Dimensionality Reduction by Learning an Invariant Mapping", CVPR 2006, in the
article's form without the factor 1/2. Supervised contrastive loss: Khosla, Teterwak, Wang and others, "Supervised
Contrastive Learning", NeurIPS 2020, there called L_out.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from keras import ops

from siamese_core.config import Reduction, TrainingConfig
from siamese_core.datasets.pairs import Pairs, create_balanced_pairs, create_pairs

TEMPERATURE = 0.1  # of the supervised contrastive loss
Loss = Callable[[Any, Any, TrainingConfig], Any]


def distance(a: Any, b: Any) -> Any:
    """Return the Euclidean distances between rows of two batches of embeddings, (n, d) and (n, d) -> (n,)."""
    return root(ops.sum(ops.square(a - b), axis=-1))


def all_distances(embeddings: Any) -> Any:
    """Return the distance of every embedding to every other, (n, d) -> (n, n).

    Computed from inner products, so exact to about 1e-3 for embeddings of length 1: enough for a loss, not for metrics.
    """
    squares = ops.sum(ops.square(embeddings), axis=-1)
    gram = ops.matmul(embeddings, ops.transpose(embeddings))
    return root(ops.relu(squares[:, None] + squares[None, :] - 2 * gram))


def root(square: Any) -> Any:
    """Return the square root, with gradient 0 at 0 (that of the plain root is infinite); NaN stays NaN."""
    zero = square <= 0
    return ops.where(zero, 0.0, ops.sqrt(ops.where(zero, 1.0, square)))


# --- reductions: terms, same and weight of pairs, all of one shape -> one number ---


def mean(values: Any, same: Any, weight: Any) -> Any:
    """Return the weighted mean over all pairs, 0 if all weights are 0; `same` is not used."""
    return ops.divide_no_nan(ops.sum(weight * values), ops.sum(weight))


def mean_nonzero(values: Any, same: Any, weight: Any) -> Any:
    """Return the weighted mean over the pairs whose loss is not 0."""
    return mean(values, same, weight * ops.cast(values > 0, values.dtype))


def by_kind(values: Any, same: Any, weight: Any) -> Any:
    """Return half the mean over the genuine pairs plus half the mean over the impostor pairs whose loss is not 0.

    Most impostor pairs lie beyond the margin and have no loss: counting them would dilute the others.
    """
    return (mean(values, same, weight * same) + mean_nonzero(values, same, weight * (1 - same))) / 2


REDUCTIONS: dict[Reduction, Callable[[Any, Any, Any], Any]] = {
    "mean": mean,
    "mean_nonzero": mean_nonzero,
    "by_kind": by_kind,
}


# --- losses ---


def pair_losses(same: Any, distances: Any, margin: float) -> Any:
    """Return `same * d^2 + (1 - same) * max(margin - d, 0)^2` for each pair, in the shape of the arguments."""
    return same * ops.square(distances) + (1 - same) * ops.square(ops.relu(margin - distances))


def contrastive_loss(margin: float, reduction: Reduction = "mean") -> Callable[..., Any]:
    """Return the Keras loss `(same, distance, weight=1) -> contrastive loss`, a scalar.

    margin: the distance from which on impostor pairs have no loss, in units of the embedding. Raises ValueError unless
    it is positive and finite.
    """
    if not 0 < margin < float("inf"):
        raise ValueError(f"expected margin to be positive and finite, got {margin}")

    def loss(same: Any, distances: Any, weight: Any = None) -> Any:
        distances = ops.convert_to_tensor(distances)
        same = ops.cast(ops.reshape(same, ops.shape(distances)), distances.dtype)
        weight = ops.ones_like(distances) if weight is None else weight
        return REDUCTIONS[reduction](pair_losses(same, distances, margin), same, weight)

    return loss


def contrastive(embeddings: Any, labels: Any, config: TrainingConfig) -> Any:
    """Return the contrastive loss over all pairs of a batch: embeddings (n, d), labels (n,) -> a scalar."""
    return contrastive_loss(config.margin, config.reduction)(
        same_matrix(labels), all_distances(embeddings), 1 - ops.eye(ops.shape(embeddings)[0])
    )


def supervised_contrastive(embeddings: Any, labels: Any, config: TrainingConfig) -> Any:
    """Return the supervised contrastive loss of a batch: embeddings (n, d) of length 1, labels (n,) -> a scalar.

    It is the mean negative log probability of picking an embedding's partners, those of its class, among all others.
    The probability falls as exp(-distance^2 / (2 * TEMPERATURE)); an embedding without partners only repels the others.
    The margin is not used.
    """
    same, itself = same_matrix(labels), ops.eye(ops.shape(embeddings)[0])
    alike = ops.matmul(embeddings, ops.transpose(embeddings)) / TEMPERATURE - 1e9 * itself
    log_p = alike - ops.logsumexp(alike, axis=1, keepdims=True)  # (n, n)
    partners = same - itself
    counts = ops.sum(partners, axis=1)
    each = -ops.sum(ops.where(partners > 0, log_p, 0.0), axis=1) / ops.maximum(counts, 1.0)  # (n,)
    return ops.sum(each) / ops.maximum(ops.sum(ops.cast(counts > 0, each.dtype)), 1.0)


LOSSES: dict[str, Loss] = {"contrastive": contrastive, "supervised_contrastive": supervised_contrastive}


def same_matrix(labels: Any) -> Any:
    """Return 1 where two of the labels (n,) are equal and 0 elsewhere, (n, n) float32."""
    return ops.cast(labels[:, None] == labels[None, :], "float32")


# --- the loss that training minimises ---


def batch_loss(embeddings: Any, labels: Any, config: TrainingConfig) -> Any:
    """Return the loss over all pairs of a batch, a scalar: the losses of the encoder's columns, added up.

    embeddings: (n, d), the columns side by side and the whole of length 1; labels: (n,).
    """
    columns = [part * config.columns**0.5 for part in ops.split(embeddings, config.columns, axis=1)]
    return sum(LOSSES[config.loss](column, labels, config) for column in columns)


def pairs_loss(left: Any, right: Any, same: Any, config: TrainingConfig, weight: Any = None) -> Any:
    """Return the loss over given pairs, a scalar: embeddings left and right (m, d), same (m,), weight (m,)."""
    return contrastive_loss(config.margin, config.reduction)(same, distance(left, right), weight)


# --- the same loss of a network at rest, as its curves show it ---


def resting_loss(embeddings: np.ndarray, labels: np.ndarray, config: TrainingConfig) -> float:
    """Return the loss that is trained, of finished embeddings (n, d) with labels (n,), on whatever images.

    The same embeddings always give the same number. Over pairs it is one mean of all, `resting_pairs`; with the pairing
    "all_in_batch" it is the mean over shuffled batches of the training's size.
    """
    if config.pairing != "all_in_batch":
        left, right, same = resting_pairs(labels, config)
        return float(pairs_loss(embeddings[left], embeddings[right], same, config))
    n, size = len(labels), min(config.batch_size, len(labels))
    batches = np.random.default_rng(0).permutation(n)[: n // size * size].reshape(-1, size)
    single = embeddings.astype(np.float32)
    return float(np.mean([batch_loss(single[batch], labels[batch], config) for batch in batches]))


def resting_pairs(labels: np.ndarray, config: TrainingConfig) -> Pairs:
    """Return pairs of images with labels (n,), formed as the training's: with the same share of genuine ones."""
    rng = np.random.default_rng(0)
    if config.pairing == "some_per_image":
        return create_balanced_pairs(labels, per_image=config.per_image, rng=rng)
    return create_pairs(labels, min_equals=round(config.min_equals / config.training_images * len(labels)), rng=rng)
