"""All pairs counted at many thresholds: by hand, against all distances sorted, and whatever the embeddings."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siamese_core.config import SHIPPED_MODEL
from siamese_core.datasets.mnist import load_test
from siamese_core.metrics import curves as rates
from siamese_core.metrics import report, verification
from siamese_core.metrics.counting import count_pairs
from siamese_core.metrics.grid import make_grid, make_lookup, nice_step
from siamese_core.metrics.resampling import eer
from siamese_core.networks.card import CARD_FILE, EMBEDDINGS_FILE
from tests.siamese_core.metrics.clouds import cloud

# Two classes on a line; of 15 pairs 6 are genuine (distances 1 1 2 and 1 3 4) and 9 are impostor pairs
# (3.5 4.5 7.5, 2.5 3.5 6.5, 1.5 2.5 5.5).
POINTS = np.array([[0.0], [1.0], [2.0], [3.5], [4.5], [7.5]], np.float32)
LABELS = np.array([0, 0, 0, 1, 1, 1])


# --- the grid ---


@pytest.mark.parametrize(("least", "step"), [(1.0, 1.0), (1.01, 2.0), (0.0023, 0.0025), (0.026, 0.05), (600, 1000)])
def test_a_nice_step(least: float, step: float) -> None:
    assert nice_step(least) == step


def test_the_grid_is_even_and_holds_special_thresholds_exactly() -> None:
    grid = make_grid(1.2, (0.1234567891, 0.25, 3.0))
    assert {0.1234567891, 0.25, 3.0} <= set(grid.tolist())
    assert (np.diff(grid.astype(np.float32)) > 0).all()
    even = grid[(grid != 0.1234567891) & (grid < 2)]
    np.testing.assert_allclose(even, 0.002 * np.arange(len(even)), atol=1e-12)
    assert even[-1] > 1.2


def test_a_special_threshold_stands_for_a_point_that_is_the_same_in_float32() -> None:
    near = 0.25 + 1e-12
    grid = make_grid(1.0, (near,))
    assert near in grid
    assert 0.25 not in grid


@given(
    st.lists(st.floats(0, 3, width=32), max_size=9),
    st.lists(st.floats(0, 3, width=32), min_size=1, max_size=50),
    st.floats(1e-3, 3),
)
def test_a_bin_is_the_number_of_thresholds_below(special: list[float], distances: list[float], reach: float) -> None:
    grid = make_grid(reach, [*special, 3.0]).astype(np.float32)
    found = np.array([*distances, *special, *grid, *np.nextafter(grid, np.float32(0))], np.float32)
    assert make_lookup(grid).bins(found).tolist() == np.searchsorted(grid, found, side="left").tolist()


# --- by hand ---


def test_counts_by_hand() -> None:
    curves = count_pairs(POINTS, LABELS, 3, (1.0, 2.5, 3.1)).curves
    assert (curves.genuine_pairs, curves.impostor_pairs) == (6, 9)
    assert curves.class_sizes.tolist() == [3, 3, 0]
    assert curves.pairs.tolist() == [[3, 9, 0], [9, 3, 0], [0, 0, 0]]
    at = [rates.position(curves, each) for each in (0.0, 1.0, 2.5, 3.1)]
    assert curves.genuine[at].tolist() == [0, 3, 4, 5]
    assert curves.impostor[at].tolist() == [0, 0, 3, 3]
    assert curves.accepted[:2, :2, at[2]].tolist() == [[3, 3], [3, 1]]
    assert curves.genuine[-1] == 6
    assert curves.impostor[-1] == 9


def test_errors_by_class_by_hand() -> None:
    curves = count_pairs(POINTS, LABELS, 3, (2.5,)).curves
    expected = [[0, 3 / 9, np.nan], [3 / 9, 2 / 3, np.nan], [np.nan] * 3]
    np.testing.assert_allclose(rates.errors_by_class(curves, 2.5), expected)


def test_equal_embeddings_are_all_accepted_at_0() -> None:
    curves = count_pairs(np.ones((4, 2), np.float32), np.array([0, 0, 1, 1]), 2, (0.5,)).curves
    assert curves.genuine.tolist() == [2] * len(curves.thresholds)
    assert curves.impostor.tolist() == [4] * len(curves.thresholds)
    assert 0.5 in curves.thresholds
    assert len(curves.thresholds) > 1


# --- against the distances of all pairs ---


@pytest.mark.parametrize(("n", "classes"), [(3, 2), (60, 4), (700, 3), (300, 90)])
def test_counts_are_those_of_all_distances(n: int, classes: int) -> None:
    embeddings, labels = cloud(n, classes) if n > 3 else (POINTS[:3], np.array([0, 1, 1]))
    curves = count_pairs(embeddings, labels, classes, (0.7310585, 0.5)).curves
    pairs = verification.all_pairs(embeddings, labels)
    np.testing.assert_array_equal(rates.far(curves), verification.false_accept_rate(pairs, curves.thresholds))
    np.testing.assert_array_equal(rates.frr(curves), verification.false_reject_rate(pairs, curves.thresholds))
    shares = report.accepted_by_class(embeddings, labels, 0.5, classes)
    found = curves.accepted[..., rates.position(curves, 0.5)] / np.maximum(curves.pairs, 1)
    np.testing.assert_allclose(found, shares)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 2)), min_size=4, max_size=30))
def test_ties_at_a_threshold_are_accepted(rows: list[tuple[int, int, int]]) -> None:
    *_, labels = np.array([*rows, (0, 0, 0), (1, 1, 0), (2, 2, 1)]).T
    embeddings = np.array([*rows, (0, 0, 0), (1, 1, 0), (2, 2, 1)], np.float32)[:, :2]
    curves = count_pairs(embeddings, labels, 3, (1.0, 2.0, np.sqrt(2), 5.0)).curves
    pairs = verification.all_pairs(embeddings, labels)
    for threshold in (1.0, 2.0, np.sqrt(2), 5.0):
        at = rates.position(curves, threshold)
        assert rates.far(curves)[at] == verification.false_accept_rate(pairs, threshold)
        assert rates.frr(curves)[at] == verification.false_reject_rate(pairs, threshold)
    assert (np.diff(curves.genuine) >= 0).all()
    assert (np.diff(curves.impostor) >= 0).all()
    assert curves.genuine[-1] == curves.genuine_pairs
    assert curves.impostor[-1] == curves.impostor_pairs


def test_the_order_of_the_images_does_not_matter() -> None:
    embeddings, labels = cloud(200)
    order = np.random.default_rng(5).permutation(200)
    one, other = (count_pairs(embeddings[i], labels[i], 4).curves for i in (np.arange(200), order))
    assert one.genuine.tolist() == other.genuine.tolist()
    assert one.impostor.tolist() == other.impostor.tolist()


def test_the_grid_has_some_hundred_points_and_ends_beyond_the_largest_distance() -> None:
    embeddings, labels = cloud(300)
    curves = count_pairs(embeddings, labels, 4).curves
    assert 150 <= len(curves.thresholds) <= 602
    largest = max(side[-1] for side in verification.all_pairs(embeddings, labels))
    assert curves.thresholds[-2] < largest <= curves.thresholds[-1]


# --- what it refuses ---


@pytest.mark.parametrize(
    ("embeddings", "labels", "thresholds", "named"),
    [
        (POINTS, np.zeros(6, int), (), "pairs of both kinds, got 15 genuine, 0 impostor"),
        (POINTS[:2], np.array([0, 1]), (), "pairs of both kinds, got 0 genuine, 1 impostor"),
        (POINTS[:0], np.zeros(0, int), (), "pairs of both kinds, got 0 genuine, 0 impostor"),
        (np.where(POINTS > 5, np.nan, POINTS), LABELS, (), "embeddings that are numbers"),
        (POINTS, LABELS + 1, (), "labels from 0 to 1, got 1 to 2"),
        (POINTS, LABELS[:5], (), r"embeddings \(n, d\) and labels \(n,\), got \(6, 1\) and \(5,\)"),
        (POINTS, LABELS, (-1.0,), "thresholds of at least 0"),
        (POINTS, LABELS, (np.nan,), "thresholds of at least 0"),
    ],
)
def test_bad_input(embeddings: np.ndarray, labels: np.ndarray, thresholds: tuple[float, ...], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        count_pairs(embeddings, labels, 2, thresholds)


@pytest.mark.slow
def test_the_shipped_figures_are_those_of_all_distances() -> None:
    embeddings, labels = np.load(SHIPPED_MODEL / EMBEDDINGS_FILE), load_test().labels
    found = json.loads((SHIPPED_MODEL / CARD_FILE).read_text())
    curves = count_pairs(embeddings, labels, 10, (found["threshold"], found["test"]["eer_threshold"])).curves
    at = rates.position(curves, found["threshold"])
    assert curves.genuine_pairs + curves.impostor_pairs == 49_995_000
    assert rates.far(curves)[at] == pytest.approx(found["test"]["far"], rel=1e-6)
    assert rates.frr(curves)[at] == pytest.approx(found["test"]["frr"], rel=1e-6)
    assert eer(curves).rate == pytest.approx(found["test"]["eer"], rel=1e-4)
    assert rates.auc(curves) == pytest.approx(found["test"]["auc"], abs=1e-5)
