"""Naming by a few examples, by numbers one can check in the head."""

import numpy as np
import pytest

from siamese_core.metrics.one_shot import ENOUGH, Limit, Pair, between_classes, class_distances, confusable, fit_limit


def on_a_line(*places: float) -> np.ndarray:
    """Return embeddings (n, 2) on a line."""
    return np.array([[place, 0.0] for place in places], np.float32)


def test_a_class_is_as_far_as_its_nearest_example() -> None:
    distances = np.array([[3, 1, 2], [5, 6, 4]], np.float32)
    assert class_distances(distances, np.array([0, 0, 1]), 3).tolist() == [[1, 2, np.inf], [5, 4, np.inf]]


def test_classes_lie_apart_by_their_nearest_examples_and_within_by_their_farthest() -> None:
    table = between_classes(on_a_line(0, 1, 3, 10), np.array([0, 0, 1, 1]))
    assert table.tolist() == [[1, 2], [2, 7]]
    assert between_classes(on_a_line(4), np.array([0])).tolist() == [[0]]
    assert between_classes(on_a_line().reshape(0, 2), np.zeros(0, np.int64)).shape == (0, 0)


def test_the_limit_lies_between_the_known_left_out_and_the_unknown() -> None:
    # Each example is 1 from the next of its class, and the classes are 10 apart.
    places = [(0, 1, 2), (12, 13, 14), (24, 25, 26)]
    embeddings, labels = on_a_line(*sum(places, ())), np.repeat(np.arange(3), 3)
    limit = fit_limit(embeddings, labels, threshold=0.5)
    assert limit.examples == 9
    assert limit.distance == pytest.approx((1 + 10) / 2)


def test_the_limit_refuses_as_many_known_as_it_takes_unknown() -> None:
    # Known distances 1, 1, 1, 1, 5, 5; unknown ones 3 (four times) and 8 or more: between 3 and 5 as many are wrong.
    embeddings = on_a_line(0, 1, 4, 5, 20, 25)
    limit = fit_limit(embeddings, np.repeat(np.arange(3), 2), threshold=0.5)
    known, unknown = np.array([1, 1, 1, 1, 5, 5]), np.array([4, 3, 3, 4, 15, 20])
    assert limit.examples == 6
    refused, taken = (known > limit.distance).mean(), (unknown <= limit.distance).mean()
    assert refused == pytest.approx(1 / 3)
    assert taken == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("labels", "what"),
    [
        ([0] * 8, "a single class"),
        (list(range(8)), "one example each"),
        ([0, 0, 0, 0, 0, 1, 2, 3], "five with another of their class"),
        ([], "nothing taught"),
    ],
)
def test_with_too_few_examples_the_threshold_holds(labels: list[int], what: str) -> None:
    embeddings = on_a_line(*range(len(labels))).reshape(-1, 2)
    assert fit_limit(embeddings, np.array(labels, np.int64), 0.7) == Limit(0.7, 0), what


def test_enough_is_enough() -> None:
    labels = np.array([0] * ENOUGH + [1])
    assert fit_limit(on_a_line(*range(ENOUGH + 1)), labels, 0.7).examples == ENOUGH


def test_confusable_pairs_are_those_within_the_limit_the_nearest_first() -> None:
    table = np.array([[0, 2, 1], [2, 0, 3], [1, 3, 0]], np.float32)
    assert confusable(table, 2.0) == [Pair(0, 2, 1.0), Pair(0, 1, 2.0)]
    assert confusable(table, 0.5) == []
    assert confusable(table[:1, :1], 9.0) == []
