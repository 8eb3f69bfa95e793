"""Drawn digits look as the canvas would see them, are made like MNIST's, and show the digit their label names."""

import numpy as np
import pytest
from scipy import ndimage

from siamese_core.config import CANVAS_SIZE
from siamese_core.datasets.dataset import Dataset, to_float
from siamese_core.datasets.synthetic.rendering import draw, drawn_digits, drawn_non_digits
from siamese_core.datasets.synthetic.strokes import digit_strokes
from siamese_core.imaging.canonical import canvas_to_image, ink_to_digit
from tests.drawing import grey_rgba, ink


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return drawn_digits(200, np.random.default_rng(0))


def test_labels_come_in_turns_and_images_are_mnists_kind(digits: Dataset) -> None:
    assert digits.images.shape == (200, 28, 28)
    assert digits.images.dtype == np.uint8
    assert digits.labels.dtype == np.int64
    assert digits.labels.tolist() == [*range(10)] * 20


def test_ink_is_centred_and_fills_twenty_pixels(digits: Dataset) -> None:
    grid = np.arange(28)
    images = to_float(digits.images)
    for axis in (1, 2):
        centre = (images.sum(3 - axis) * grid).sum(1) / images.sum((1, 2))
        assert centre.min() > 13.45
        assert centre.max() < 14.55
    sides = [max(np.ptp(np.flatnonzero(image.max(axis=k) > 40)) + 1 for k in (0, 1)) for image in images * 255]
    assert set(sides) <= {19, 20}


def test_a_seed_repeats_and_another_does_not(digits: Dataset) -> None:
    np.testing.assert_array_equal(drawn_digits(20, np.random.default_rng(0)).images, digits.images[:20])
    other = drawn_digits(20, np.random.default_rng(1)).images
    assert (other != digits.images[:20]).any(axis=(1, 2)).all()


@pytest.mark.parametrize("height", [0.3, 0.5, 0.7])
@pytest.mark.parametrize("label", [0, 4, 7, 8])
def test_drawing_small_gives_what_the_canvas_gives(label: int, height: float) -> None:
    strokes = digit_strokes(label, np.random.default_rng(label))
    points = np.concatenate(strokes)
    middle, side = (points.min(0) + points.max(0)) / 2, np.ptp(points, axis=0).max()
    placed = [((stroke - middle) / side + 0.5).tolist() for stroke in strokes]  # in the box of 1 x 1 of the other pen
    seen = canvas_to_image(grey_rgba(np.round(255 * ink(placed, height=height)).astype(np.uint8)))
    quick = ink_to_digit(draw(strokes, height * CANVAS_SIZE))
    shifts = [
        np.abs(np.roll(quick, shift, (0, 1)) - seen).mean() for shift in ((0, 0), (0, 1), (1, 0), (0, -1), (-1, 0))
    ]
    assert min(shifts) < 0.01  # a centre of mass between two pixels may be rounded either way


def test_small_writing_has_thicker_strokes_in_the_digit() -> None:
    strokes = digit_strokes(8, np.random.default_rng(0))
    areas = [ink_to_digit(draw(strokes, height * CANVAS_SIZE)).sum() for height in (0.3, 0.5, 0.7)]
    assert areas[0] > 1.2 * areas[1] > 1.2 * 1.2 * areas[2]


def test_a_dot_is_drawn_as_the_pens_round_tip() -> None:
    dot = draw([np.array([[5.0, 5.0], [5.0, 5.0]])], 84.0)
    assert dot.sum() == pytest.approx(np.pi * 4.5**2, rel=0.02)
    assert ndimage.center_of_mass(dot) == pytest.approx(np.array(dot.shape) / 2 - 0.5, abs=0.51)


def test_the_shipped_model_reads_most_of_them_as_their_label(digits: Dataset) -> None:
    from siamese_core.datasets.mnist import load_test
    from siamese_core.metrics.distances import nearest
    from siamese_core.networks.model import load_model

    model = load_model()
    assert model.test_embeddings is not None
    near = nearest(model.embed(to_float(digits.images)), model.test_embeddings, 1).indices
    assert (load_test().labels[near[:, 0]] == digits.labels).mean() > 0.8


def test_others_have_a_class_each_and_are_made_like_the_digits() -> None:
    others = drawn_non_digits(30, np.random.default_rng(0))
    assert others.images.shape == (30, 28, 28)
    assert others.images.dtype == np.uint8
    assert others.labels.tolist() == list(range(30))
    assert len(set(others.class_names)) == 30
    np.testing.assert_array_equal(drawn_non_digits(30, np.random.default_rng(0)).images, others.images)
