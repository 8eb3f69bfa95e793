"""The distance between embeddings, the contrastive loss and the supervised contrastive loss, as Keras operations.

Source of the contrastive loss: Hadsell, Chopra, LeCun, "Dimensionality Reduction by Learning an Invariant Mapping",
CVPR 2006, in the article's form without the factor 1/2. Of the supervised one: Khosla, Teterwak, Wang and others,
"Supervised Contrastive Learning", NeurIPS 2020, there called L_out.
"""

from collections.abc import Callable
from typing import Any

from keras import ops


def distance(a: Any, b: Any) -> Any:
    """Return the Euclidean distance of two batches of embeddings, (n, d) and (n, d) -> (n,)."""
    return root(ops.sum(ops.square(a - b), axis=-1))


def all_distances(embeddings: Any) -> Any:
    """Return the distance of every embedding to every other, (n, d) -> (n, n).

    By way of the inner products, so good to about 1e-3 for embeddings of length 1: enough for a loss, not for figures.
    """
    squares = ops.sum(ops.square(embeddings), axis=-1)
    gram = ops.matmul(embeddings, ops.transpose(embeddings))
    return root(ops.relu(squares[:, None] + squares[None, :] - 2 * gram))


def root(square: Any) -> Any:
    """Return the square root, exactly 0 at 0 with gradient 0 there (the plain root's is infinite); NaN stays NaN."""
    zero = square <= 0
    return ops.where(zero, 0.0, ops.sqrt(ops.where(zero, 1.0, square)))


def pair_losses(same: Any, distances: Any, margin: float) -> Any:
    """Return `same * d^2 + (1 - same) * max(margin - d, 0)^2` for each pair, in the shape of the arguments."""
    return same * ops.square(distances) + (1 - same) * ops.square(ops.relu(margin - distances))


def contrastive_loss(margin: float) -> Callable[[Any, Any], Any]:
    """Return the Keras loss `(same, distance) -> mean contrastive loss`, a scalar.

    margin: the distance from which an impostor pair costs nothing, in units of the embedding. Raises
    ValueError unless it is a positive finite number.
    """
    if not 0 < margin < float("inf"):
        raise ValueError(f"margin must be a positive number, got {margin}")

    def loss(same: Any, distances: Any) -> Any:
        distances = ops.convert_to_tensor(distances)
        same = ops.cast(ops.reshape(same, ops.shape(distances)), distances.dtype)
        return ops.mean(pair_losses(same, distances, margin))

    return loss


def supervised_contrastive(embeddings: Any, same: Any, temperature: float) -> Any:
    """Return the mean over the batch of how improbable each embedding's partners are among all others, a scalar.

    embeddings: (n, d) of length 1; same: (n, n), 1 for genuine pairs. An embedding is no partner of its own, and one
    without a partner only repels the others. The probability falls with the squared distance over 2 * temperature.
    """
    itself = ops.eye(ops.shape(embeddings)[0])
    alike = ops.matmul(embeddings, ops.transpose(embeddings)) / temperature - 1e9 * itself
    log_p = alike - ops.logsumexp(alike, axis=1, keepdims=True)  # (n, n)
    partners = same - itself
    counts = ops.sum(partners, axis=1)
    each = -ops.sum(ops.where(partners > 0, log_p, 0.0), axis=1) / ops.maximum(counts, 1.0)  # (n,)
    return ops.sum(each) / ops.maximum(ops.sum(ops.cast(counts > 0, each.dtype)), 1.0)
