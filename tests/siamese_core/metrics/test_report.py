"""What is measured on a model: by hand on a few points on a line."""

import numpy as np
import pytest

from siamese_core.datasets.pairs import frozen_pairs, sample_pairs
from siamese_core.metrics import report
from siamese_core.metrics.verification import PairDistances

# Two classes on a line; of 15 pairs 6 are genuine (distances 1 1 2 and 1 3 4) and 9 are impostor pairs.
POINTS = np.array([[0.0], [1.0], [2.0], [3.5], [4.5], [7.5]], np.float32)
LABELS = np.array([0, 0, 0, 1, 1, 1])


def test_measure_by_hand() -> None:
    found = report.measure(POINTS, LABELS, 2.0)
    # Impostor pairs: 0 with 3.5, 4.5, 7.5; 1 with 2.5, 3.5, 6.5; 2 with 1.5, 2.5, 5.5. One lies within 2.
    assert found.pairs == 15
    assert found.threshold == 2.0
    assert found.far == pytest.approx(1 / 9)
    assert found.frr == pytest.approx(2 / 6)
    assert found.balanced_accuracy == pytest.approx(1 - (1 / 9 + 1 / 3) / 2)
    # How many impostor pairs are nearer than each genuine one: 0 0 1 0 3 5 (the 4 lies beyond 1.5 2.5 2.5 3.5 3.5).
    assert found.auc == pytest.approx(1 - 9 / 54)
    # FAR and FRR are 1/9 and 1/3 at 2, 3/9 and 1/3 at 2.5: they meet there, and stay equal up to 3.
    assert found.eer == pytest.approx(1 / 3)
    assert found.eer_threshold == pytest.approx(2.75)
    # Nearest others: 1, 0 or 2, 1, 4.5, 3.5, 4.5: all of their own class.
    assert found.one_nn == 1.0


def test_a_digit_is_not_its_own_nearest_neighbour() -> None:
    points = np.array([[0.0], [0.1], [5.0], [5.1]], np.float32)
    assert report.measure(points, np.array([0, 1, 0, 1]), 1.0).one_nn == 0.0


def test_pair_accuracy_accepts_up_to_the_threshold() -> None:
    distances, same = np.array([0.5, 0.5, 0.6, 0.1]), np.array([1, 0, 0, 1])
    assert report.pair_accuracy(distances, same, 0.5) == 0.75


def test_the_articles_threshold_follows_the_margin() -> None:
    assert report.article_threshold(1.0) == 0.5
    assert report.article_threshold(4.0) == 2.0


def test_spread_by_hand() -> None:
    found = report.spread(PairDistances(np.array([0.5, 0.5, 1.5]), np.array([1.5, 3.5, 4.0])), bins=4)
    assert found.centres.tolist() == [0.5, 1.5, 2.5, 3.5]
    np.testing.assert_allclose(found.genuine, [2 / 3, 1 / 3, 0, 0])
    np.testing.assert_allclose(found.impostor, [0, 1 / 3, 0, 2 / 3])


def test_spread_is_a_density_over_all_distances() -> None:
    rng = np.random.default_rng(1)
    found = report.spread(PairDistances(np.sort(rng.random(500)), np.sort(2 * rng.random(700))))
    width = found.centres[1] - found.centres[0]
    assert found.genuine.sum() * width == pytest.approx(1)
    assert found.impostor.sum() * width == pytest.approx(1)


def test_spread_of_a_network_that_tells_nothing_apart() -> None:
    found = report.spread(PairDistances(np.zeros(3), np.zeros(4)), bins=5)
    assert found.genuine.tolist() == found.impostor.tolist() == [5.0, 0, 0, 0, 0]


def test_accepted_pairs_by_class_by_hand() -> None:
    found = report.accepted_by_class(POINTS, LABELS, 2.0, classes=3)
    # Class 0: all three pairs within 2. Class 1: one of three. Between them 1 of 9 (2 with 3.5). Class 2 is empty.
    np.testing.assert_allclose(found, np.array([[1, 1 / 9, 0], [1 / 9, 1 / 3, 0], [0, 0, 0]], float))


def test_accepted_pairs_by_class_add_up_to_far_and_frr() -> None:
    rng = np.random.default_rng(0)
    points, labels = rng.normal(size=(700, 3)).astype(np.float32), rng.integers(10, size=700)
    shares, total = report.accepted_by_class(points, labels, 1.0, 10), report.measure(points, labels, 1.0)
    counts = np.bincount(labels)
    pairs = np.outer(counts, counts) - np.diag(counts)
    same = np.eye(10, dtype=bool)
    assert 1 - np.average(shares[same], weights=pairs[same]) == pytest.approx(total.frr)
    assert np.average(shares[~same], weights=pairs[~same]) == pytest.approx(total.far)


def test_thirds_are_measured_each_in_itself() -> None:
    rng = np.random.default_rng(0)
    points, labels, values = rng.normal(size=(90, 3)).astype(np.float32), rng.integers(3, size=90), rng.random(90)
    found = report.measure_thirds(points, labels, 1.0, values)
    low = values <= np.sort(values)[29]
    measured = report.measure(points[np.argsort(values)[:30]], labels[np.argsort(values)[:30]], 1.0)._asdict()
    assert found[0] == {"from": values.min(), "to": values[low].max()} | measured
    assert [third["pairs"] for third in found] == [30 * 29 // 2] * 3
    assert found[0]["to"] < found[1]["from"] < found[1]["to"] < found[2]["from"]


# --- the frozen pairs ---


def test_frozen_pairs_are_balanced_and_use_no_digit_twice_in_a_kind() -> None:
    labels = np.random.default_rng(0).integers(0, 10, 1_000)
    pairs, again = frozen_pairs(labels), frozen_pairs(labels)
    assert all((a == b).all() for a, b in zip(pairs, again, strict=True))
    assert pairs.same.mean() == 0.5
    assert 850 < len(pairs.same) < 1_000
    assert (pairs.same == (labels[pairs.left] == labels[pairs.right])).all()
    for kind in (0, 1):
        used = np.concatenate([side[pairs.same == kind] for side in (pairs.left, pairs.right)])
        assert len(set(used.tolist())) == len(used)


def test_frozen_figures_of_a_perfect_and_of_a_blind_network() -> None:
    labels = np.arange(400) % 10
    perfect = report.measure_frozen(np.eye(10, dtype=np.float32)[labels], labels, 0.5)
    assert (perfect.accuracy.rate, perfect.accuracy.high, perfect.eer.rate) == (1, 1, 0)
    assert 0.98 < perfect.accuracy.low < 1
    blind = report.measure_frozen(np.zeros((400, 4), np.float32), labels, 0.5)
    assert (blind.accuracy.rate, blind.eer.rate) == (0.5, 0.5)


def test_a_sample_is_half_genuine_in_mixed_order() -> None:
    labels = np.arange(100) % 10
    pairs = sample_pairs(labels, 16, np.random.default_rng(0))
    assert pairs.same.sum() == 8
    assert (pairs.same == (labels[pairs.left] == labels[pairs.right])).all()
    assert 0 < pairs.same[:8].sum() < 8
    assert (sample_pairs(labels, 16, np.random.default_rng(1)).left != pairs.left).any()
