"""Occlusion: by hand with an encoder that weighs the ink of two places, and for the shipped model."""

import time

import numpy as np
import pytest

from siamese_core.datasets.dataset import to_float
from siamese_core.datasets.mnist import load_test
from siamese_core.networks.inference import Encoder
from siamese_core.networks.model import SiameseModel, load_model
from siamese_core.networks.occlusion import STEPS, occlude


class Corner(Encoder):
    """An encoder whose embedding (n, 1) is the ink in the top left quarter."""

    def __init__(self) -> None:
        self.embedding_size = 1

    def embed(self, images: np.ndarray) -> np.ndarray:
        """Return the ink in the top left quarter."""
        return images[:, :14, :14].sum(axis=(1, 2))[:, None]


def corner_model(threshold: float) -> SiameseModel:
    return SiameseModel(Corner(), {"threshold": threshold})


def squares(*corners: tuple[int, int]) -> np.ndarray:
    """Return an image with squares of 4 x 4 pixels of full ink."""
    image = np.zeros((28, 28), np.float32)
    for y, x in corners:
        image[y : y + 4, x : x + 4] = 1
    return image


LEFT = squares((4, 4), (20, 20), (20, 4))  # 16 of ink in the quarter that counts
RIGHT = squares((20, 20), (4, 20))  # none


def test_the_heat_lies_on_the_ink_that_counts() -> None:
    found = occlude(corner_model(30), LEFT, RIGHT)
    assert found.distance == 16
    assert (found.left[4:8, 4:8] < 0).all(), "without this ink the two are more alike"
    assert not found.left[LEFT == 0].any()
    assert not found.left[14:].any()
    assert not found.right.any()
    assert found.left.dtype == np.float32
    assert found.left.shape == (28, 28)


def test_ink_that_makes_two_alike_is_above_0() -> None:
    found = occlude(corner_model(30), LEFT, squares((6, 6), (20, 20)))
    assert found.distance == 0
    assert found.left[4:8, 4:8].min() > 0
    assert found.right[6:10, 6:10].min() > 0


def test_the_smallest_window_that_flips_the_verdict() -> None:
    # Different at 16; a window of 3 removes at most 9 and leaves 7, one of 5 removes all.
    found = occlude(corner_model(8), LEFT, RIGHT).flip
    assert found is not None
    assert (found.side, found.size) == ("left", 3)
    assert found.distance <= 8
    assert 4 <= found.top + found.size <= 10
    alone = occlude(corner_model(1), LEFT, RIGHT).flip
    assert alone is not None
    assert alone.size == 5
    assert alone.distance == 0


def test_no_window_may_take_most_of_the_ink() -> None:
    assert occlude(corner_model(7), squares((4, 4)), RIGHT).flip is None


def test_no_window_flips_what_no_ink_decides() -> None:
    assert occlude(corner_model(99), LEFT, RIGHT).flip is None
    assert max(STEPS) == 14, "half the image"


def test_of_a_blank_image_nothing_is_known() -> None:
    found = occlude(corner_model(8), np.zeros((28, 28), np.float32), RIGHT)
    assert not found.left.any()
    assert found.flip is None


def test_bad_images_are_refused() -> None:
    with pytest.raises(ValueError, match="expected pixels in"):
        occlude(corner_model(8), LEFT * 2, RIGHT)


def test_the_shipped_model_flips_by_a_piece_of_a_digit() -> None:
    model, images = load_model(), to_float(load_test().images[:40])
    start = time.process_time()
    found = occlude(model, images[0], images[1])
    assert time.process_time() - start < 2, "a second on two cores"
    assert found.distance == pytest.approx(float(model.distance(images[:1], images[1:2])[0]), abs=1e-5)
    assert np.abs(found.left).max() > 0
    if found.flip:
        changed = images[:2].copy()
        side, top, left, size, distance = found.flip
        changed[("left", "right").index(side), top : top + size, left : left + size] = 0
        assert float(model.distance(changed[:1], changed[1:])[0]) == pytest.approx(distance, abs=1e-5)
        assert model.is_same(distance) != model.is_same(found.distance)
