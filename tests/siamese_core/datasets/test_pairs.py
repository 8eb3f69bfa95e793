"""Pairs are those of the article: who is matched with whom, in which share, and again the same from the same seed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siamese_core.datasets.pairs import Pairs, article_pairs, create_balanced_pairs, create_pairs, every_pair

TEN_CLASSES = np.arange(40_000) % 10


def pairs_of(labels: list[int] | np.ndarray, min_equals: int, seed: int = 0, per_image: int = 1) -> Pairs:
    return create_pairs(np.asarray(labels), min_equals=min_equals, rng=np.random.default_rng(seed), per_image=per_image)


# --- by hand ---


def test_same_is_1_for_one_class_and_0_for_two() -> None:
    labels = np.array([7, 3, 7, 3, 3])
    left, right, same = pairs_of(labels, 0, per_image=20)
    assert {0.0, 1.0} == set(same.tolist())
    for i, j, answer in zip(left, right, same, strict=True):
        assert answer == (1 if labels[i] == labels[j] else 0)


def test_every_pair_of_a_batch_is_there_once() -> None:
    left, right, same = every_pair(np.array([7, 3, 7]))
    assert (left.tolist(), right.tolist(), same.tolist()) == ([0, 0, 1], [1, 2, 2], [0, 1, 0])
    assert len(every_pair(np.arange(30)).same) == 435


def test_first_min_equals_get_a_partner_of_their_class() -> None:
    labels = [0, 1, 0, 1, 0, 1]
    for seed in range(50):
        pairs = pairs_of(labels, 4, seed)
        assert pairs.same[:4].tolist() == [1, 1, 1, 1]
    rest = np.concatenate([pairs_of(labels, 4, seed).same[4:] for seed in range(50)])
    assert 0 < rest.mean() < 1


def test_every_image_is_left_once_in_each_round() -> None:
    pairs = pairs_of([0, 0, 1, 1], 2, per_image=3)
    assert pairs.left.tolist() == [0, 1, 2, 3] * 3
    assert pairs.same.reshape(3, 4)[:, :2].tolist() == [[1, 1]] * 3


def test_the_only_image_of_a_class_meets_itself() -> None:
    left, right, same = pairs_of([5, 8, 2], 3)
    assert left.tolist() == right.tolist() == [0, 1, 2]
    assert same.tolist() == [1, 1, 1]


def test_rounds_draw_anew() -> None:
    right = pairs_of(TEN_CLASSES[:1_000], 500, per_image=2).right.reshape(2, 1_000)
    assert (right[0] != right[1]).mean() > 0.9


def test_index_arrays_and_types() -> None:
    pairs = pairs_of(np.array([1, 0, 1], np.uint8), 1)
    assert [array.dtype for array in pairs] == [np.int64, np.int64, np.float32]
    assert [array.shape for array in pairs] == [(3,)] * 3


def test_same_seed_repeats_these_very_pairs() -> None:
    pairs = pairs_of(TEN_CLASSES[:20], 10, seed=7)
    again = pairs_of(TEN_CLASSES[:20], 10, seed=7)
    assert all((a == b).all() for a, b in zip(pairs, again, strict=True))
    assert pairs.right.tolist() == [10, 11, 12, 13, 14, 15, 16, 7, 8, 9, 11, 11, 10, 19, 16, 15, 14, 12, 6, 19]


def test_another_seed_gives_others() -> None:
    assert (pairs_of(TEN_CLASSES[:200], 50, seed=1).right != pairs_of(TEN_CLASSES[:200], 50, seed=2).right).any()


# --- shares ---


@pytest.mark.parametrize(("n", "min_equals", "share"), [(40_000, 15_000, 0.4375), (2_000, 800, 0.46), (40_000, 0, 0.1)])
def test_share_of_genuine_pairs_is_the_articles(n: int, min_equals: int, share: float) -> None:
    same = pairs_of(TEN_CLASSES[:n], min_equals).same
    noise = 4 * np.sqrt(0.09 * (n - min_equals)) / n  # four standard deviations of the random part
    assert same.mean() == pytest.approx(share, abs=noise)


def test_partners_are_spread_evenly() -> None:
    labels = np.array([0, 1, 1, 1])
    pairs = pairs_of(labels, 2, per_image=30_000)
    own = np.bincount(pairs.right[pairs.left == 1], minlength=4) / 30_000
    any_image = np.bincount(pairs.right[pairs.left == 3], minlength=4) / 30_000
    np.testing.assert_allclose(own, [0, 1 / 3, 1 / 3, 1 / 3], atol=0.012)  # over four standard deviations
    np.testing.assert_allclose(any_image, [1 / 4] * 4, atol=0.012)


# --- whatever the labels ---


@given(st.lists(st.integers(-3, 300), min_size=1, max_size=40), st.data())
def test_pairs_are_right_for_any_labels(labels: list[int], data: st.DataObject) -> None:
    n = len(labels)
    min_equals, per_image = data.draw(st.integers(0, n)), data.draw(st.integers(1, 3))
    left, right, same = pairs_of(labels, min_equals, data.draw(st.integers(0, 99)), per_image)
    assert left.tolist() == list(range(n)) * per_image
    assert ((right >= 0) & (right < n)).all()
    assert same.tolist() == [labels[i] == labels[j] for i, j in zip(left, right, strict=True)]
    assert same[left < min_equals].all()


@pytest.mark.parametrize(
    ("labels", "min_equals", "per_image", "sentence"),
    [
        ([0, 1], 3, 1, "expected min_equals from 0 to the number of images, 2, got 3"),
        ([0, 1], -1, 1, "expected min_equals from 0 to the number of images, 2, got -1"),
        ([0, 1], 1, 0, "expected per_image of at least 1, got 0"),
        ([], 0, 1, "expected labels as a non-empty vector of integers"),
        ([0.0, 1.0], 0, 1, "expected labels as a non-empty vector of integers, got float64 of shape"),
        ([[0, 1]], 0, 1, r"expected labels as a non-empty vector of integers, got int64 of shape \(1, 2\)"),
    ],
)
def test_bad_arguments_are_named(labels: list[int], min_equals: int, per_image: int, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        pairs_of(labels, min_equals, per_image=per_image)


# --- balanced pairs ---


@given(st.lists(st.integers(0, 4), min_size=1, max_size=40), st.integers(1, 3), st.integers(0, 99))
def test_balanced_pairs_are_right_for_any_labels(labels: list[int], per_image: int, seed: int) -> None:
    y = np.array(labels)
    left, right, same = create_balanced_pairs(y, per_image=per_image, rng=np.random.default_rng(seed))
    assert (left != right).all()
    assert same.tolist() == (y[left] == y[right]).tolist()
    company = (y[:, None] == y[None, :]).sum(axis=1)
    for i in range(len(y)):
        assert same[left == i].sum() == per_image * (company[i] > 1)
        assert (same[left == i] == 0).sum() == per_image * (company[i] < len(y))


def test_balanced_partners_are_spread_evenly() -> None:
    labels = np.array([0, 1, 1, 1, 2])
    left, right, same = create_balanced_pairs(labels, per_image=30_000, rng=np.random.default_rng(0))
    own, other = (np.bincount(right[(left == 2) & (same == kind)], minlength=5) / 30_000 for kind in (1, 0))
    np.testing.assert_allclose(own, [0, 1 / 2, 0, 1 / 2, 0], atol=0.012)
    np.testing.assert_allclose(other, [1 / 2, 0, 0, 0, 1 / 2], atol=0.012)


def test_balanced_pairs_need_a_partner() -> None:
    with pytest.raises(ValueError, match="expected per_image of at least 1, got 0"):
        create_balanced_pairs(np.array([0, 1]), per_image=0, rng=np.random.default_rng(0))


def test_the_articles_pairs_follow_the_seed_alone() -> None:
    labels = np.arange(50) % 10
    one, again, other = (article_pairs(labels, min_equals=20, seed=seed) for seed in (3, 3, 4))
    assert (one.right == again.right).all()
    assert (one.right != other.right).any()
    assert one.same[:20].all()
