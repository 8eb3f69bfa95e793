"""What is told about a map, on points whose answer is known by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siamese_core.metrics.verification import all_pairs
from siamese_core.projection import quality
from siamese_core.projection.quality import Bounds, MisleadingBounds, misleading

# Two pairs of clusters, one above the other: seen from above, what lies over each other falls together.
RNG = np.random.default_rng(0)
LABELS = np.repeat(np.arange(4), 20)
CORNERS = np.array([[0, 0, 0], [10, 0, 0], [0, 10, 0], [0, 0, 10]], np.float32)
POINTS = (CORNERS[LABELS] + RNG.normal(scale=0.5, size=(80, 3))).astype(np.float32)
FROM_ABOVE = POINTS[:, :2]
THREE = MisleadingBounds(Bounds(3, 3.75), Bounds(3, 3.75))


def both(i: int, j: int, xy: np.ndarray = FROM_ABOVE) -> tuple[float, float]:
    return float(np.linalg.norm(xy[i] - xy[j])), float(np.linalg.norm(POINTS[i] - POINTS[j]))


def test_what_lies_over_each_other_misleads() -> None:
    bounds = quality.misleading_bounds(POINTS, POINTS[:, :2], LABELS)
    zero, one, three = (int(np.flatnonzero(c == LABELS)[0]) for c in (0, 1, 3))
    assert misleading(*both(zero, three), THREE) == "near here"
    assert misleading(*both(zero, one), THREE) == ""
    assert misleading(*both(zero, zero + 1), bounds) == ""


def test_what_a_map_tears_apart_misleads() -> None:
    torn = FROM_ABOVE.copy()
    torn[0] += 20
    assert misleading(*both(0, 1, torn), THREE) == "far here"


@pytest.mark.parametrize(
    ("here", "full", "word"),
    [
        (1.0, 1.0, ""), (2.0, 2.0, ""),
        (0.8, 1.25, "near here"), (0.81, 1.25, ""), (0.8, 1.24, ""),
        (1.25, 0.8, "far here"), (1.24, 0.8, ""), (1.25, 0.81, ""),
        (0.0, 9.0, "near here"), (9.0, 0.0, "far here"),
    ],
)  # fmt: skip
def test_a_distance_near_its_bound_misleads_nobody(here: float, full: float, word: str) -> None:
    assert misleading(here, full, MisleadingBounds(Bounds(1.0, 1.25), Bounds(1.0, 1.25))) == word


@given(st.tuples(*[st.floats(0, 10)] * 4))
def test_no_map_misleads_about_two_equal_points(bounds: tuple[float, float, float, float]) -> None:
    on_map, full = Bounds(*sorted(bounds[:2])), Bounds(*sorted(bounds[2:]))
    assert misleading(0.0, 0.0, MisleadingBounds(on_map, full)) == ""


ALMOST = np.full((80, 3), 0.7) + RNG.normal(scale=1e-8, size=(80, 3))  # what rounding makes of one point


@pytest.mark.parametrize("points", [np.zeros((80, 3)), np.full((80, 3), 0.7, np.float32), ALMOST])
def test_where_all_images_are_one_point_nothing_misleads_and_none_is_doubtful(points: np.ndarray) -> None:
    assert quality.one_point(points)
    assert not quality.one_point(POINTS)
    bounds = quality.misleading_bounds(points, FROM_ABOVE, LABELS)
    assert bounds.full == Bounds(0, 0)
    assert not quality.comparable(bounds)
    assert [misleading(*both, bounds) for both in ((0.0, 0.0), (0.0, 1e-8), (9.0, 0.0))] == ["", "", ""]
    assert not quality.doubtful(points, LABELS).any()
    assert (quality.class_distances(points, LABELS, 4) == 0).all()


def test_each_space_has_its_own_bounds() -> None:
    bounds = quality.misleading_bounds(POINTS, POINTS * 100, LABELS)
    assert bounds.map == pytest.approx([100 * bound for bound in bounds.full], rel=1e-3)
    assert 1 < bounds.full.same < 9  # within a cluster, between two


def test_where_hardly_farther_is_possible_far_is_midway_to_the_usual_impostor_pair() -> None:
    corners = np.eye(4, dtype=np.float32)  # no two farther apart than the square root of 2
    points = corners[LABELS] + RNG.normal(scale=0.01, size=(80, 4)).astype(np.float32)
    points[::20] = (corners + 3 * np.roll(corners, 1, axis=0)) / 4  # of each class one that lies among the next
    bounds = quality.misleading_bounds(points, points, LABELS).full
    middle = float(np.median(all_pairs(points, LABELS).impostor))
    assert bounds.same < bounds.far <= (bounds.same + middle) / 2 < 2**0.5


def test_measures_of_clusters_and_of_their_shadow() -> None:
    found = quality.measure(POINTS, FROM_ABOVE, LABELS)
    assert found.one_nn == found.ten_nn == 1
    assert found.silhouette > 0.8 > found.silhouette_map
    assert quality.measure(POINTS, POINTS, LABELS).trustworthiness == 1
    assert found.trustworthiness < 0.99


@pytest.mark.parametrize("labels", [np.zeros(80), np.arange(80), np.arange(20) % 4], ids=["one class", "all", "20"])
def test_what_cannot_be_measured_is_refused(labels: np.ndarray) -> None:
    n, classes = len(labels), len(np.unique(labels))
    with pytest.raises(ValueError, match=rf"^expected more than 20 images of two classes .*, got {n} of {classes}$"):
        quality.measure(POINTS[:n], FROM_ABOVE[:n], labels)


def test_a_digit_among_others_is_doubtful() -> None:
    labels = LABELS.copy()
    labels[5] = 3
    assert np.flatnonzero(quality.doubtful(POINTS, labels)).tolist() == [5]
    assert not quality.doubtful(POINTS, LABELS).any()


def test_class_distances_by_hand() -> None:
    embeddings = np.array([[0.0], [2.0], [10.0]], np.float32)
    table = quality.class_distances(embeddings, np.array([1, 1, 4]), 6)
    assert table.shape == (6, 6)
    assert table[1, 1] == 2  # the one pair, no digit with itself
    assert table[1, 4] == table[4, 1] == 9  # mean of 10 and 8
    assert np.isnan(table[4, 4])
    assert np.isnan(table[0]).all()


def test_the_closest_pairs_come_first() -> None:
    embeddings = np.array([[0.0], [5.0], [6.0], [20.0]], np.float32)
    labels = np.array([2, 7, 2, 7])
    near = quality.closest_pairs(embeddings, labels, 2, 7, 3)
    assert list(zip(near.left, near.right, near.distances, strict=True)) == [(2, 1, 1), (0, 1, 5), (2, 3, 14)]
    assert len(quality.closest_pairs(embeddings, labels, 2, 7, 99).left) == 4


def test_of_one_class_no_digit_is_paired_with_itself_and_no_pair_comes_twice() -> None:
    embeddings = np.array([[0.0], [5.0], [6.0]], np.float32)
    near = quality.closest_pairs(embeddings, np.array([3, 3, 3]), 3, 3, 10)
    assert [set(pair) for pair in zip(near.left, near.right, strict=True)] == [{1, 2}, {0, 1}, {0, 2}]
    assert not len(quality.closest_pairs(embeddings, np.array([3, 3, 3]), 3, 4, 10).left)
