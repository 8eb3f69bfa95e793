"""Random changes keep a digit a digit, repeat with their seed, and move, turn and thicken as they say."""

import numpy as np
import pytest
import tensorflow as tf

from siamese_core.datasets.dataset import to_float
from siamese_core.training import augment as changes
from siamese_core.training.augment import augment
from tests.small import small_splits

SEED = (3, 4)
NO_CHANGE = {
    **dict.fromkeys(("TURN", "SHEAR", "ZOOM", "STRETCH", "SHIFT", "PERSPECTIVE"), 0.0),
    "THICKEN": -1.0,  # of a draw from 0 to 1
}


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    return to_float(small_splits().test.images[:200])


def changed(images: np.ndarray, seed: tuple[int, int] = SEED) -> np.ndarray:
    return np.asarray(augment(tf.constant(images), tf.constant(seed)))


def without_draws(monkeypatch: pytest.MonkeyPatch, but: str = "") -> None:
    """Let no change of any kind happen, but one."""
    for name, none in NO_CHANGE.items():
        if name != but:
            monkeypatch.setattr(changes, name, none)


def thickness(images: np.ndarray) -> np.ndarray:
    """Return how much of each digit's ink outlives taking the 2 x 2 minimum: more for thicker strokes."""
    core = np.minimum.reduce([images[:, y : 27 + y, x : 27 + x] for y in (0, 1) for x in (0, 1)])
    share: np.ndarray = core.sum((1, 2)) / images.sum((1, 2))
    return share


def test_shape_type_and_range_stay(digits: np.ndarray) -> None:
    out = changed(digits)
    assert out.shape == digits.shape
    assert out.dtype == np.float32
    assert out.min() >= 0
    assert out.max() <= 1


def test_same_seed_repeats_and_another_does_not(digits: np.ndarray) -> None:
    np.testing.assert_array_equal(changed(digits), changed(digits))
    assert (changed(digits) != changed(digits, (3, 5))).any(axis=(1, 2)).all()


def test_each_digit_is_changed_in_its_own_way(digits: np.ndarray) -> None:
    copies = changed(np.repeat(digits[:1], 8, axis=0))
    assert len({copy.tobytes() for copy in copies}) == 8


def test_ink_stays_in_the_picture_and_about_as_much(digits: np.ndarray) -> None:
    ratio = changed(digits).sum((1, 2)) / digits.sum((1, 2))
    assert 0.85 < ratio.mean() < 1.15
    assert ratio.min() > 0.2
    assert ratio.max() < 3


def test_a_dot_in_the_middle_moves_by_no_more_than_the_shift_and_half_a_pixel(digits: np.ndarray) -> None:
    dot = np.zeros((500, 28, 28), np.float32)
    dot[:, 13:15, 13:15] = 1
    out = changed(dot)
    out = out[out.sum((1, 2)) > 0]  # a thinned dot may vanish
    grid = np.arange(28) - 13.5
    for axis in (1, 2):
        moved = (out.sum(3 - axis) * grid).sum(1) / out.sum((1, 2))
        # the inverse map shifts, so a zoom of up to exp(0.18 + 0.15) and the shear enlarge what arrives
        assert np.abs(moved).max() < 2 * changes.SHIFT + 1
        assert moved.min() < -changes.SHIFT / 2
        assert moved.max() > changes.SHIFT / 2


def test_without_its_draws_the_map_changes_nothing(digits: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    without_draws(monkeypatch)
    np.testing.assert_allclose(changed(digits), digits, atol=1e-6)


def test_a_quarter_turn_about_the_centre_is_a_quarter_turn(digits: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    without_draws(monkeypatch)
    monkeypatch.setattr(tf.random, "stateless_uniform", lambda shape, *_: tf.ones(shape))
    monkeypatch.setattr(changes, "TURN", np.pi / 2)
    np.testing.assert_allclose(changed(digits[:3]), np.rot90(digits[:3], axes=(1, 2)), atol=1e-5)


def test_tilt_enlarges_one_side_and_leaves_the_centre(digits: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    without_draws(monkeypatch)
    monkeypatch.setattr(tf.random, "stateless_uniform", lambda shape, *_: tf.ones(shape))
    monkeypatch.setattr(changes, "PERSPECTIVE", 0.01)
    spots = np.zeros((3, 28, 28), np.float32)
    for spot, at in zip(spots, (6, 13, 20), strict=True):
        spot[at : at + 2, at : at + 2] = 1
    before, centre, after = changed(spots).sum((1, 2))
    assert centre == pytest.approx(4, rel=0.05)
    assert after > 1.3 * centre > 1.3 * 1.2 * before


def test_some_strokes_become_thicker_and_as_many_thinner(digits: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    without_draws(monkeypatch, but="THICKEN")
    change = thickness(changed(digits)) - thickness(digits)
    assert (change > 0.01).mean() == pytest.approx(changes.THICKEN, abs=0.12)
    assert (change < -0.01).mean() == pytest.approx(changes.THICKEN, abs=0.12)
