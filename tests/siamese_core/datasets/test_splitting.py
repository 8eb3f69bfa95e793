"""The splits: disjoint, whole, with every class on each side where it can be, and the same each time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siamese_core.datasets.article import training_slice
from siamese_core.datasets.dataset import Dataset
from siamese_core.datasets.splitting import counts, is_the_articles, split, split_as_the_article

SIZES = st.lists(st.integers(1, 60), min_size=2, max_size=12)


def numbered(sizes: list[int]) -> Dataset:
    """Return so many images of each class, each with its number in its pixels."""
    labels = np.random.default_rng(0).permutation(np.repeat(np.arange(len(sizes)), sizes)).astype(np.int64)
    numbers = np.arange(len(labels), dtype="<u4").view(np.uint8).reshape(-1, 2, 2)
    return Dataset("numbered", numbers, labels, tuple(map(str, range(len(sizes)))))


def numbers(data: Dataset) -> list[int]:
    return np.ascontiguousarray(data.images).reshape(-1, 4).view("<u4").ravel().tolist()


@given(SIZES, st.integers(0, 5))
def test_no_image_is_on_two_sides_and_none_is_lost(sizes: list[int], seed: int) -> None:
    splits = split(numbered(sizes), seed)
    found = [number for part in splits for number in numbers(part)]
    assert sorted(found) == list(range(sum(sizes)))


@given(SIZES)
def test_every_class_is_on_each_side_where_it_can_be(sizes: list[int]) -> None:
    train, validation, test = (np.bincount(part.labels, minlength=len(sizes)) for part in split(numbered(sizes)))
    for n, *here in zip(sizes, train, validation, test, strict=True):
        assert tuple(here) == counts(n)
        assert here[0] >= min(n, 2)  # a genuine pair to learn from
        assert min(here) >= (2 if n >= 6 else n >= 4)
        assert bool(here[2]) == (n >= 3)


@given(SIZES)
def test_classes_keep_their_shares(sizes: list[int]) -> None:
    for n in sizes:
        train, validation, test = counts(10 * n)
        assert abs(validation - n) <= 1
        assert abs(test - 1.5 * n) <= 1
        assert train == 10 * n - validation - test


def test_the_same_seed_gives_the_same_splits_and_another_gives_others() -> None:
    data = numbered([30, 30])
    again = [[numbers(part) for part in split(data, seed)] for seed in (1, 1, 2)]
    assert again[0] == again[1] != again[2]


def test_the_articles_images_are_split_as_the_article_does() -> None:
    labels = np.zeros(42_000, np.int64)
    images = np.zeros((42_000, 28, 28), np.uint8)
    images[:, 0, :4] = np.arange(42_000, dtype="<u4").view(np.uint8).reshape(-1, 4)
    data = Dataset("kaggle", images, labels, ("0",))
    assert is_the_articles(data)
    assert not is_the_articles(data.subset(slice(41_999)))
    splits = split_as_the_article(data)
    trained = splits.train.subset(training_slice(len(splits.train), 40_000))
    first = [np.ascontiguousarray(part.images[:, 0, :4]).view("<u4").ravel() for part in (trained, *splits[1:])]
    np.testing.assert_array_equal(first[0], np.arange(2_000, 42_000))
    np.testing.assert_array_equal(np.sort(np.concatenate(first[1:])), np.arange(2_000))


def test_classes_are_left_out_with_their_names() -> None:
    data = numbered([3, 2, 4])
    rest = data.without(("1",))
    assert rest.class_names == ("0", "2")
    assert np.bincount(rest.labels).tolist() == [3, 4]
    kept = [number for number, label in zip(numbers(data), data.labels, strict=True) if label != 1]
    assert numbers(rest) == kept
    assert [rest.class_names[label] for label in rest.labels] == [
        data.class_names[label] for label in data.labels if label != 1
    ]
    assert len(data.without(())) == len(data)


@pytest.mark.parametrize("n", range(1, 8))
def test_small_classes_by_hand(n: int) -> None:
    expected = {1: (1, 0, 0), 2: (2, 0, 0), 3: (2, 0, 1), 4: (2, 1, 1), 5: (3, 1, 1), 6: (2, 2, 2), 7: (3, 2, 2)}
    assert counts(n) == expected[n]
