"""The contrastive loss as a force on the embeddings: the negative derivative of `losses`, in NumPy and without Keras.

A test holds it against TensorFlow's gradient of the loss that is trained.
"""

import numpy as np

from siamese_core.datasets.pairs import Pairs
from siamese_core.metrics.distances import distance

RATE, MOMENTUM = 0.06, 0.6  # of `step`


def pair_loss(same: np.ndarray | float, distances: np.ndarray | float, margin: float) -> np.ndarray:
    """Return `same * d^2 + (1 - same) * max(margin - d, 0)^2` for each pair, as `losses.pair_losses`."""
    d = np.asarray(distances, np.float64)
    return same * d**2 + (1 - same) * np.maximum(margin - d, 0) ** 2


def pair_force(same: np.ndarray | float, distances: np.ndarray | float, margin: float) -> np.ndarray:
    """Return the negative derivative of `pair_loss` by the distance: below 0 it pulls together, above 0 apart."""
    d = np.asarray(distances, np.float64)
    return -2 * same * d + 2 * (1 - same) * np.maximum(margin - d, 0)


def batch_forces(embeddings: np.ndarray, pairs: Pairs, margin: float) -> np.ndarray:
    """Return the force on each embedding (n, d): the negative gradient of the mean loss of the pairs, (n, d).

    Where two embeddings of a pair are one point there is no direction, and the force is 0, as `losses.root` has it.
    """
    points = np.asarray(embeddings, np.float64)
    apart = points[pairs.right] - points[pairs.left]  # (m, d)
    d = distance(points[pairs.left], points[pairs.right])
    push = pair_force(pairs.same, d, margin) / len(d)
    along = apart * np.divide(push, d, out=np.zeros_like(d), where=d > 0)[:, None]
    found = np.zeros_like(points)
    np.add.at(found, pairs.right, along)
    np.add.at(found, pairs.left, -along)
    return found


def step(
    same: np.ndarray | float, distances: np.ndarray, speed: np.ndarray, margin: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the distances (m,) of pairs after one step, and their speed (m,): how far this step went.

    A step goes RATE times the force, and keeps MOMENTUM of the step before. A distance is never negative: where a step
    would lead beyond 0, the two have passed each other.
    """
    speed = MOMENTUM * speed + RATE * pair_force(same, distances, margin)
    reached = distances + speed
    return np.abs(reached), np.where(reached < 0, -speed, speed)
