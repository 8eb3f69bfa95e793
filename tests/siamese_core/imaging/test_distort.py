"""Distorted images: by hand on a few pixels, and what the canonical image undoes."""

from typing import get_args

import numpy as np
import pytest

from siamese_core.datasets.dataset import to_float
from siamese_core.datasets.mnist import load_test
from siamese_core.imaging import distort
from siamese_core.imaging.distort import AMOUNTS, NEUTRAL, Kind, distorted_digits

KINDS: tuple[Kind, ...] = get_args(Kind)


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def image(*pixels: tuple[int, int], size: int = 5) -> np.ndarray:
    """Return an image (1, size, size) with these pixels set."""
    found = np.zeros((1, size, size), np.float32)
    for y, x in pixels:
        found[0, y, x] = 1
    return found


def pixels(images: np.ndarray) -> list[tuple[int, ...]]:
    return [tuple(each) for each in np.argwhere(images[0] > 0.99).tolist()]


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    return to_float(load_test().images[:20])


def test_a_shift_moves_to_the_right_and_off_the_edge() -> None:
    moved = distort.distort(image((1, 1), (2, 3)), "shift", 2, rng())
    assert pixels(moved) == [(1, 3)]
    assert moved.sum() == 1
    assert distort.distort(image((1, 1)), "shift", 0.5, rng())[0, 1].tolist() == [0, 0.5, 0.5, 0, 0]
    assert pixels(distort.distort(image((1, 1)), "shift", -1, rng())) == [(1, 0)]


def test_a_turn_is_clockwise_about_the_centre() -> None:
    assert pixels(distort.distort(image((0, 2), (2, 2)), "turn", 90, rng())) == [(2, 2), (2, 4)]


def test_a_scale_is_about_the_centre() -> None:
    assert pixels(distort.distort(image((2, 1), (2, 2), (2, 3)), "scale", 2, rng())) == [(2, x) for x in range(5)]
    assert distort.distort(image((2, 0), (2, 4)), "scale", 0.5, rng())[0, 2].tolist() == [0, 1, 0, 1, 0]


def test_thickness_adds_pixels_to_a_stroke() -> None:
    stroke = image((2, 0), (2, 1), (2, 2), (2, 3), (2, 4))
    rows = [distort.distort(stroke, "thickness", each, rng())[0, :, 2].sum() for each in (0, 1, 1.5, 2)]
    assert rows == pytest.approx([1, 2, 2.5, 3])
    assert distort.distort(stroke, "thickness", -0.25, rng())[0, 2, 2] == pytest.approx(0.75)
    assert not distort.distort(stroke, "thickness", -1, rng()).any()


def test_noise_has_the_amount_as_its_standard_deviation() -> None:
    grey = np.full((4, 28, 28), 0.5, np.float32)
    assert distort.distort(grey, "noise", 0.1, rng()).std() == pytest.approx(0.1, rel=0.05)
    again = distort.distort(grey, "noise", 0.1, rng())
    np.testing.assert_array_equal(distort.distort(grey, "noise", 0.1, rng()), again)


@pytest.mark.parametrize("canonical", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_images_stay_images(kind: Kind, canonical: bool, digits: np.ndarray) -> None:
    before = digits.copy()
    for amount in AMOUNTS[kind]:
        found = distorted_digits(digits, kind, amount, rng(), canonical=canonical)
        assert found.shape == digits.shape
        assert found.dtype == np.float32
        assert found.min() >= 0
        assert found.max() <= 1
        if amount == NEUTRAL[kind]:
            np.testing.assert_allclose(found, digits, atol=1e-6)
    np.testing.assert_array_equal(digits, before)
    assert NEUTRAL[kind] in AMOUNTS[kind]


def test_the_canonical_image_undoes_a_shift(digits: np.ndarray) -> None:
    found = distorted_digits(digits, "shift", 8, rng(), canonical=True)
    np.testing.assert_allclose(found, digits, atol=1e-6)
    assert np.abs(distorted_digits(digits, "shift", 8, rng(), canonical=False) - digits).max() > 0.9


def test_the_canonical_image_undoes_most_of_a_scale(digits: np.ndarray) -> None:
    raw, seen = (
        np.abs(distorted_digits(digits, "scale", 0.6, rng(), canonical=c) - digits).mean() for c in (False, True)
    )
    assert seen < raw / 2


def test_without_ink_the_rest_is_kept() -> None:
    faint = np.full((1, 28, 28), 0.3, np.float32)
    assert distorted_digits(faint, "thickness", -0.5, rng(), canonical=True).shape == (1, 28, 28)


@pytest.mark.parametrize(
    ("kind", "amount", "named"),
    [
        ("melt", 1, "a distortion of shift, turn, scale, thickness, noise, got melt"),
        ("scale", 0, "amount of scale that is a number of at least 0.1, got 0"),
        ("noise", -1, "amount of noise that is a number of at least 0.0, got -1"),
        ("turn", np.nan, "amount of turn that is a number"),
    ],
)
def test_bad_input(kind: Kind, amount: float, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        distort.distort(image(), kind, amount, rng())


@pytest.mark.parametrize("canonical", [False, True])
@pytest.mark.parametrize("kind", ["shift", "turn", "scale", "thickness"])
def test_a_picture_twice_as_large_is_changed_as_much_of_its_side(kind: Kind, canonical: bool) -> None:
    small = np.zeros((1, 28, 28), np.float32)
    small[0, 6:22, 11:17] = 1
    large = small.repeat(2, axis=1).repeat(2, axis=2)
    for amount in (AMOUNTS[kind][1], AMOUNTS[kind][-1]):
        one, two = (
            distorted_digits(each, kind, amount, np.random.default_rng(0), canonical=canonical)[0]
            for each in (small, large)
        )
        assert two.shape == (56, 56)
        halved = two.reshape(28, 2, 28, 2).mean(axis=(1, 3))
        assert np.abs(halved - one).mean() < 0.06  # half a pixel at the edges
        assert halved.sum() == pytest.approx(one.sum(), rel=0.2)
