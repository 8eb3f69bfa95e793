"""Invented symbols: each is a class of its own, written anew for every image, and the seed alone decides."""

import numpy as np

from siamese_core.datasets.synthetic.invented import STROKES, invent, invented_symbols
from siamese_core.metrics.distances import knn_accuracy, nearest


def test_each_symbol_is_a_class_written_several_times() -> None:
    found = invented_symbols(3, 4, np.random.default_rng(0))
    assert found.images.shape == (12, 28, 28)
    assert found.labels.tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert len(np.unique(found.images, axis=0)) == 12


def test_the_seed_decides() -> None:
    one, again, other = (invented_symbols(2, 2, np.random.default_rng(seed)).images for seed in (5, 5, 6))
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()


def test_images_of_a_symbol_are_more_alike_than_those_of_two() -> None:
    found = invented_symbols(20, 6, np.random.default_rng(1))
    pixels = found.images.reshape(len(found), -1).astype(np.float32)
    near = nearest(pixels, pixels, 1, leave_out_self=True)
    assert knn_accuracy(found.labels[near.indices], found.labels) > 0.7  # by chance 0.05


def test_strokes_are_within_and_around_the_box() -> None:
    rng = np.random.default_rng(2)
    for _ in range(200):
        strokes = invent(rng)
        assert STROKES[0] <= len(strokes) < STROKES[1]
        points = np.concatenate([part for stroke in strokes for part in stroke])
        assert np.isfinite(points).all()
        assert points.min() > -120
        assert points.max() < 220
