"""The article's split on MNIST, and what takes its place on a smaller data set."""

import numpy as np
import pytest

from siamese_core.datasets.article import training_part, training_slice, watched_pairs, watched_part
from siamese_core.datasets.dataset import Splits
from siamese_core.datasets.mnist import load_mnist


@pytest.fixture(scope="module")
def mnist() -> Splits:
    return load_mnist()


def test_mnist_trains_behind_the_articles_2000_which_are_watched(mnist: Splits) -> None:
    trained, watched = training_part(mnist, 40_000), watched_part(mnist)
    assert (len(trained), len(watched)) == (40_000, 2_000)
    np.testing.assert_array_equal(watched.images, mnist.train.images[:2_000])
    np.testing.assert_array_equal(trained.images, mnist.train.images[2_000:42_000])
    np.testing.assert_array_equal(trained.labels, mnist.train.labels[2_000:42_000])


def test_a_smaller_data_set_trains_on_all_and_watches_its_validation_split(mnist: Splits) -> None:
    small = Splits(*(part.subset(slice(30)) for part in mnist))
    np.testing.assert_array_equal(training_part(small, 30).images, small.train.images)
    assert watched_part(small) is small.validation


def test_the_articles_split_begins_at_42000() -> None:
    assert training_slice(41_999, 10) == slice(0, 10)
    assert training_slice(42_000, 10) == slice(2_000, 2_010)
    assert training_slice(42_000, 40_000).stop == 42_000


@pytest.mark.parametrize(("train", "images", "most"), [(42_000, 40_001, "40,000"), (30, 31, "30"), (30, 0, "30")])
def test_more_images_than_there_are_are_refused(train: int, images: int, most: str) -> None:
    with pytest.raises(ValueError, match=f"expected from 1 to {most} images to train on, got {images:,}"):
        training_slice(train, images)


def test_watched_pairs_are_the_articles_and_the_same_every_time(mnist: Splits) -> None:
    labels = watched_part(mnist).labels
    pairs, again = watched_pairs(labels), watched_pairs(labels)
    assert all((a == b).all() for a, b in zip(pairs, again, strict=True))
    assert len(pairs.same) == 2_000
    assert pairs.same[:800].all()
    assert pairs.same.mean() == pytest.approx(0.46, abs=0.03)


def test_of_fewer_images_as_large_a_share_meets_its_own_class() -> None:
    pairs = watched_pairs(np.arange(50) % 50)  # each alone in its class, so that its partner is itself or another's
    assert pairs.same[:20].all()
    assert (pairs.right[:20] == np.arange(20)).all()
    assert not pairs.same[20:].all()
