"""Robustness: by hand with an encoder that sees where the ink lies, and for the shipped model."""

import numpy as np
import pytest

from siamese_core.datasets.dataset import to_float
from siamese_core.datasets.mnist import load_test
from siamese_core.datasets.pairs import frozen_pairs
from siamese_core.imaging.distort import AMOUNTS
from siamese_core.metrics.confidence import share_interval
from siamese_core.metrics.robustness import pair_robustness, robustness
from siamese_core.networks.model import load_model


class Centre:
    """An encoder whose embedding (n, 1) is the column of the ink's centre of mass."""

    def embed(self, images: np.ndarray) -> np.ndarray:
        """Return the column of the centre of mass."""
        columns = images.sum(axis=1)
        return (columns @ np.arange(28) / np.maximum(columns.sum(axis=1), 1e-9))[:, None].astype(np.float32)


def bars(*columns: int) -> np.ndarray:
    """Return an upright bar two pixels wide in each image, left of and at a column."""
    images = np.zeros((len(columns), 28, 28), np.float32)
    for image, column in zip(images, columns, strict=True):
        image[4:24, column - 1 : column + 1] = 1
    return images


def test_by_hand() -> None:
    # Bars at 10, of class 0, and at 20, of class 1.
    labels = np.repeat([0, 1], 10)
    found = robustness(Centre(), bars(*[10] * 10, *[20] * 10), labels, "shift", (-6, -2, 0, 3, 6), 2.5)
    assert found.amounts.tolist() == [-6, -2, 0, 3, 6]
    np.testing.assert_allclose(found.distance, [6, 2, 0, 3, 6], atol=1e-5)
    np.testing.assert_allclose(found.quartiles, np.repeat(found.distance, 3).reshape(5, 3), atol=1e-5)
    assert found.flipped.tolist() == [1, 0, 0, 1, 1]
    assert found.flip == 3
    assert found.errors[1:3] == [share_interval(0, len(frozen_pairs(labels).same))] * 2
    assert found.errors[0].rate == 0.5, "the genuine pairs are rejected"


def test_one_image_has_no_pairs_but_a_flip() -> None:
    found = robustness(Centre(), bars(10), np.array([0]), "shift", (0, 1, 2, 3), 1.5)
    assert found.errors == []
    assert found.flip == 2
    assert robustness(Centre(), bars(10), np.array([0]), "shift", (0, 1), 1.5).flip is None


def test_the_canonical_image_undoes_a_shift() -> None:
    found = robustness(Centre(), bars(10, 12), np.array([0, 1]), "shift", (0, 5), 1.5, canonical=True)
    np.testing.assert_allclose(found.distance, 0, atol=1e-4)


def test_a_pair_by_hand() -> None:
    left, right = bars(10, 14)
    found = pair_robustness(Centre(), left, right, "shift", (-4, -2, 0, 2, 4, 8), 2.5)
    np.testing.assert_allclose(found.distances, [8, 6, 4, 2, 0, 4], atol=1e-5)
    assert found.flip == 2, "different as they are, the same from 2 on"
    assert pair_robustness(Centre(), left, right, "shift", (-4, -2, 0), 2.5).flip is None
    assert pair_robustness(Centre(), left, right, "shift", (-4, 0, 4), 4.5).flip == -4
    found = pair_robustness(Centre(), left, right, "shift", (0, 4), 2.5, canonical=True)
    np.testing.assert_allclose(found.distances, 0, atol=1e-4)


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="images and amounts, got 0 images and 1 amounts"):
        robustness(Centre(), bars(), np.zeros(0, int), "shift", (1,), 1)
    with pytest.raises(ValueError, match="images and amounts, got 1 images and 0 amounts"):
        robustness(Centre(), bars(9), np.zeros(1, int), "shift", (), 1)


def test_errors_rise_with_the_turn() -> None:
    test, model = load_test().subset(slice(60)), load_model()
    found = robustness(model, to_float(test.images), test.labels, "turn", AMOUNTS["turn"], model.threshold)
    middle = AMOUNTS["turn"].index(0)
    assert found.distance[middle] == 0
    assert (np.diff(found.distance[middle:]) > 0).all()
    assert found.errors[-1].rate > found.errors[middle].rate
    assert found.errors[-1].low < found.errors[-1].rate < found.errors[-1].high
