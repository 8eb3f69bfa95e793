"""Distances, FAR, FRR, EER, AUC and nearest neighbours: by hand, against scikit-learn, and whatever the numbers."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score, roc_curve
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors

from siamese_core.metrics import verification
from siamese_core.metrics.distances import distance, distances_to_all, knn_accuracy, nearest
from siamese_core.metrics.verification import EqualErrorRate, PairDistances

RNG_SEED = 20_220_101


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(RNG_SEED)


def pairs_of(genuine: list[float], impostor: list[float], dtype: type = float) -> PairDistances:
    return PairDistances(np.array(sorted(genuine), dtype), np.array(sorted(impostor), dtype))


def eer_of(genuine: list[float], impostor: list[float]) -> EqualErrorRate:
    distances = np.array(genuine + impostor)
    return verification.equal_error_rate(distances, np.repeat([1, 0], [len(genuine), len(impostor)]))


# --- distance ---


def test_distance_is_euclidean_row_by_row() -> None:
    a, b = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 5.0]]), np.array([[3.0, 4.0], [1.0, 1.0], [2.0, 4.0]])
    assert distance(a, b).tolist() == [5.0, 0.0, 1.0]


@pytest.mark.parametrize("shapes", [((2, 3), (3, 3)), ((3,), (3,)), ((2, 3), (1, 3))])
def test_distance_refuses_other_shapes(shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    with pytest.raises(ValueError, match=r"expected two arrays of the same shape \(n, d\), got"):
        distance(np.zeros(shapes[0]), np.zeros(shapes[1]))


def test_distances_to_all_are_the_distances(rng: np.random.Generator) -> None:
    queries, references = rng.normal(size=(7, 5)).astype(np.float32), rng.normal(size=(9, 5)).astype(np.float32)
    brute = [[distance(q[None], r[None])[0] for r in references] for q in queries]
    np.testing.assert_allclose(distances_to_all(queries, references), brute, rtol=1e-6)


def test_distances_to_all_are_good_to_1e_7_near_zero(rng: np.random.Generator) -> None:
    unit = rng.normal(size=(50, 64)).astype(np.float32)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    assert np.diag(distances_to_all(unit, unit)).max() <= 1e-7
    near = unit + np.float32(1e-5) * unit[::-1]
    exact = np.linalg.norm(unit.astype(np.float64) - near.astype(np.float64), axis=1)
    np.testing.assert_allclose(np.diag(distances_to_all(unit, near)), exact, atol=1e-7)


# --- FAR and FRR by hand ---


def test_a_pair_is_accepted_up_to_the_threshold_itself() -> None:
    pairs = pairs_of([0.1, 0.5], [0.5, 0.9])
    assert verification.false_accept_rate(pairs, 0.5) == 0.5
    assert verification.false_reject_rate(pairs, 0.5) == 0.0
    assert verification.false_accept_rate(pairs, 0.499) == 0.0
    assert verification.false_reject_rate(pairs, 0.499) == 0.5


def test_smaller_distances_are_the_more_alike() -> None:
    assert verification.area_under_curve(pairs_of([0.1, 0.2], [0.8, 0.9])) == 1.0
    assert verification.area_under_curve(pairs_of([0.8, 0.9], [0.1, 0.2])) == 0.0


def test_rates_at_many_thresholds_at_once() -> None:
    pairs = pairs_of([1, 2, 3, 4], [3, 5])
    thresholds = np.array([0.0, 1.0, 2.5, 3.0, 5.0])
    assert verification.false_accept_rate(pairs, thresholds).tolist() == [0, 0, 0, 0.5, 1]
    assert verification.false_reject_rate(pairs, thresholds).tolist() == [1, 0.75, 0.5, 0.25, 0]


def test_whole_numbers_as_distances_meet_a_threshold_between_them() -> None:
    pairs = pairs_of([1, 3], [2, 4], int)
    assert verification.false_accept_rate(pairs, 2.5) == 0.5
    assert verification.false_reject_rate(pairs, 2.5) == 0.5


def test_balanced_accuracy_weighs_both_kinds_the_same() -> None:
    pairs = pairs_of([0.1, 0.6], [0.4] + [0.9] * 9)  # one of two genuine and one of ten impostor pairs are wrong
    assert verification.balanced_accuracy(pairs, 0.5) == pytest.approx(1 - (0.5 + 0.1) / 2)


# --- EER by hand ---


def test_eer_of_perfectly_separable_pairs_is_0_in_the_middle_of_the_gap() -> None:
    assert eer_of([0.1, 0.3], [0.7, 0.9]) == EqualErrorRate(0.0, 0.5)


def test_eer_of_one_pair_of_each() -> None:
    assert eer_of([1.0], [2.0]) == EqualErrorRate(0.0, 1.5)
    assert eer_of([2.0], [1.0]).rate == 1.0


def test_eer_of_inverted_pairs_is_1() -> None:
    rate, threshold = eer_of([3.0, 4.0], [1.0, 2.0])
    assert rate == 1.0
    assert 2.0 <= threshold <= 3.0


def test_eer_of_equal_distances_is_a_half_at_that_distance() -> None:
    assert eer_of([0.7] * 3, [0.7] * 5) == EqualErrorRate(0.5, 0.7)


def test_eer_where_far_and_frr_meet_exactly() -> None:
    # at 3: FAR 1/4, FRR 2/4; at 4: FAR 2/4, FRR 2/4: they meet, and stay equal up to 5.
    assert eer_of([1.0, 2.0, 5.0, 6.0], [3.0, 4.0, 7.0, 8.0]) == EqualErrorRate(0.5, 4.5)


def test_eer_where_far_never_equals_frr() -> None:
    # at 2: FAR 0, FRR 1/3; at 3: FAR 1/2, FRR 1/3. On the line between them FAR is 1/3 after two thirds of the way.
    rate, threshold = eer_of([1.0, 2.0, 5.0], [3.0, 6.0])
    assert rate == pytest.approx(1 / 3)
    assert threshold == pytest.approx(2 + 2 / 3)


def test_eer_with_genuine_and_impostor_pairs_at_one_distance() -> None:
    # at 1: FAR 0, FRR 3/4; at 2: FAR 2/3, FRR 1/4. FAR = 2/3 s and FRR = 3/4 - s / 2 meet at s = 9/14.
    rate, threshold = eer_of([1.0, 2.0, 2.0, 9.0], [2.0, 2.0, 9.0])
    assert rate == pytest.approx(2 / 3 * 9 / 14)
    assert threshold == pytest.approx(1 + 9 / 14)


def test_an_even_threshold_is_the_start_where_the_errors_are_even_there_or_all_zero() -> None:
    pairs = PairDistances(np.array([1.0, 2.0, 5.0]), np.array([4.0, 6.0, 7.0]))
    assert verification.even_threshold(pairs, 4.5) == 4.5  # FAR = FRR = 1/3
    apart = PairDistances(np.array([1.0, 2.0]), np.array([6.0, 7.0]))
    assert verification.even_threshold(apart, 3.0) == 3.0


def test_an_even_threshold_goes_only_as_far_as_it_must(rng: np.random.Generator) -> None:
    pairs = PairDistances(np.sort(rng.normal(1, 0.3, 20_000)), np.sort(rng.normal(2, 0.3, 20_000)))
    for start, errors in ((1.0, ("frr", "far")), (2.0, ("far", "frr"))):
        found = verification.even_threshold(pairs, start)
        rates = {
            "far": verification.false_accept_rate(pairs, found),
            "frr": verification.false_reject_rate(pairs, found),
        }
        more, less = (float(rates[name]) for name in errors)
        assert 1.19 * less < more <= 1.25 * less


def test_an_even_threshold_of_few_pairs_is_where_the_errors_meet() -> None:
    pairs = PairDistances(np.array([1.0, 3.0]), np.array([2.0]))
    # at 1: FAR 0, FRR 1/2; at 2: FAR 1, FRR 1/2: FAR is 1/2 half way between.
    assert verification.even_threshold(pairs, 0.5) == 1.5


@pytest.mark.parametrize("n", [3, 6, 7, 10, 49, 100])
def test_eer_sees_that_shares_are_equal_whatever_the_counts(n: int) -> None:
    """Of n genuine pairs one is rejected, of 3 n impostor pairs three are accepted, over the gap from 2 to 3."""
    genuine, impostor = [1.0] * (n - 1) + [3.0], [2.0] * 3 + [4.0] * (3 * n - 3)
    assert eer_of(genuine, impostor) == EqualErrorRate(1 / n, 2.5)


# --- EER against scikit-learn, and whatever the numbers ---

DISTANCES = st.lists(st.integers(0, 12).map(lambda i: i / 8), min_size=1, max_size=30)  # with many ties


def eer_by_sklearn(pairs: PairDistances) -> float:
    """Walk along scikit-learn's ROC to where it crosses FAR = FRR."""
    same = np.repeat([1, 0], [len(pairs.genuine), len(pairs.impostor)])
    far, accepted, _ = roc_curve(same, -np.concatenate(pairs), drop_intermediate=False)
    gap = far - (1 - accepted)
    after = int(np.argmax(gap >= 0))
    share = gap[after - 1] / (gap[after - 1] - gap[after])
    return float(far[after - 1] + share * (far[after] - far[after - 1]))


@given(DISTANCES, DISTANCES)
def test_eer_is_that_of_sklearns_curve(genuine: list[float], impostor: list[float]) -> None:
    rate, threshold = eer_of(genuine, impostor)
    assert rate == pytest.approx(eer_by_sklearn(pairs_of(genuine, impostor)), abs=1e-12)
    assert min(genuine + impostor) <= threshold <= max(genuine + impostor)


@given(DISTANCES, DISTANCES)
@example([0.0] * 6 + [0.25] * 5, [0.125, 0.125, 0.25])  # the interpolation rounds below the FRR
def test_eer_lies_between_the_rates_around_its_threshold(genuine: list[float], impostor: list[float]) -> None:
    pairs = pairs_of(genuine, impostor)
    rate, threshold = eer_of(genuine, impostor)
    distances = np.concatenate(pairs)
    below = distances[distances < threshold].max(initial=-1)
    above = distances[distances >= threshold].min()
    assert verification.false_accept_rate(pairs, below) <= rate <= verification.false_accept_rate(pairs, above)
    assert verification.false_reject_rate(pairs, above) <= rate <= verification.false_reject_rate(pairs, below)


@given(DISTANCES, DISTANCES)
def test_swapping_the_kinds_turns_eer_and_auc_around(genuine: list[float], impostor: list[float]) -> None:
    there, back = pairs_of(genuine, impostor), pairs_of(impostor, genuine)
    assert verification.area_under_curve(there) + verification.area_under_curve(back) == pytest.approx(1)
    rates = [verification.equal_error_rate(pairs).rate for pairs in (there, back)]
    assert sum(rates) == pytest.approx(1)


@given(DISTANCES, DISTANCES)
def test_auc_is_sklearns(genuine: list[float], impostor: list[float]) -> None:
    same = np.repeat([1, 0], [len(genuine), len(impostor)])
    expected = roc_auc_score(same, -np.array(genuine + impostor))
    assert verification.area_under_curve(pairs_of(genuine, impostor)) == pytest.approx(expected)


@given(DISTANCES, DISTANCES, st.floats(0, 2))
def test_rates_count_what_they_say(genuine: list[float], impostor: list[float], threshold: float) -> None:
    for dtype in (np.float32, np.float64):
        pairs = pairs_of(genuine, impostor, dtype)
        assert verification.false_accept_rate(pairs, threshold) == (pairs.impostor <= threshold).mean()
        assert verification.false_reject_rate(pairs, threshold) == (pairs.genuine > threshold).mean()


def test_order_of_the_pairs_does_not_matter(rng: np.random.Generator) -> None:
    distances, same = rng.random(200), rng.integers(0, 2, 200)
    order = rng.permutation(200)
    assert verification.equal_error_rate(distances, same) == verification.equal_error_rate(
        distances[order], same[order]
    )


@pytest.mark.parametrize(
    ("distances", "same", "sentence"),
    [
        ([0.1, 0.2], [1, 1], "expected pairs of both kinds, got 2 genuine, 0 impostor"),
        ([0.1, 0.2], [0, 0], "expected pairs of both kinds, got 0 genuine, 2 impostor"),
        ([], [], "expected pairs of both kinds, got 0 genuine, 0 impostor"),
        ([0.1, np.nan], [1, 0], "expected distances that are numbers, got 1 NaN"),
        ([0.1, 0.2], [1, 2], "expected same to hold only 0 and 1, got 2"),
        ([0.1, 0.2, 0.3], [1, 0], r"expected two vectors of the same length, got shapes \(3,\) and \(2,\)"),
        ([[0.1], [0.2]], [[1], [0]], "expected two vectors of the same length"),
    ],
)
def test_eer_refuses_what_it_cannot_answer(distances: list[float], same: list[int], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        verification.equal_error_rate(np.array(distances), np.array(same))


def test_same_may_be_true_and_false() -> None:
    assert verification.equal_error_rate(np.array([0.1, 0.9]), np.array([True, False])).rate == 0


# --- all pairs ---


def test_all_pairs_by_hand() -> None:
    pairs = verification.all_pairs(np.array([[0.0], [1.0], [5.0]], np.float32), np.array([3, 8, 3]))
    assert pairs.genuine.tolist() == [5.0]
    assert pairs.impostor.tolist() == [1.0, 4.0]


@pytest.mark.parametrize("n", [2, 31, 511, 512, 513, 1_030])  # blocks have 512 rows
def test_all_pairs_are_those_of_brute_force(n: int, rng: np.random.Generator) -> None:
    embeddings, labels = rng.normal(size=(n, 3)).astype(np.float32), np.arange(n) // 2 % 10
    i, j = np.triu_indices(n, 1)
    distances, same = distance(embeddings[i], embeddings[j]), labels[i] == labels[j]
    pairs = verification.all_pairs(embeddings, labels)
    assert len(pairs.genuine) + len(pairs.impostor) == n * (n - 1) // 2
    np.testing.assert_allclose(pairs.genuine, np.sort(distances[same]), atol=1e-6)
    np.testing.assert_allclose(pairs.impostor, np.sort(distances[~same]), atol=1e-6)
    assert pairs.genuine.dtype == pairs.impostor.dtype == np.float32


# --- nearest neighbours ---


def test_nearest_by_hand() -> None:
    references = np.array([[0.0], [10.0], [4.0]], np.float32)
    found = nearest(np.array([[1.0], [9.0]], np.float32), references, 2)
    assert found.indices.tolist() == [[0, 2], [1, 2]]
    assert found.distances.tolist() == [[1.0, 3.0], [1.0, 5.0]]


def test_nearest_leaves_out_self_and_not_its_double() -> None:
    points = np.array([[0.0], [0.0], [1.0]], np.float32)
    assert nearest(points, points, 1, leave_out_self=True).indices.ravel().tolist()[:2] == [1, 0]


@pytest.mark.parametrize("leave_out_self", [False, True])
def test_nearest_are_sklearns(leave_out_self: bool, rng: np.random.Generator) -> None:
    points = rng.normal(size=(1_100, 4)).astype(np.float32)
    oracle = NearestNeighbors(n_neighbors=3).fit(points)
    distances, indices = oracle.kneighbors(None if leave_out_self else points)
    found = nearest(points, points, 3, leave_out_self=leave_out_self)
    np.testing.assert_array_equal(found.indices, indices)
    np.testing.assert_allclose(found.distances, distances, atol=1e-6)


@pytest.mark.parametrize(("k", "leave_out_self", "most"), [(0, False, 4), (5, False, 4), (4, True, 3)])
def test_nearest_refuses_more_than_there_are(k: int, leave_out_self: bool, most: int) -> None:
    with pytest.raises(ValueError, match=f"expected k from 1 to {most}, got {k}"):
        nearest(np.zeros((4, 2)), np.zeros((4, 2)), k, leave_out_self=leave_out_self)


def test_majority_wins_and_a_tie_goes_to_the_nearest() -> None:
    neighbours = np.array([[7, 1, 1], [7, 1, 3], [1, 7, 7], [2, 2, 2]])
    assert knn_accuracy(neighbours, np.array([1, 7, 7, 2])) == 1.0
    assert knn_accuracy(neighbours, np.array([7, 1, 1, 2])) == 0.25


def test_knn_accuracy_is_sklearns(rng: np.random.Generator) -> None:
    points, labels = rng.normal(size=(400, 2)), rng.integers(0, 2, 400)
    queries, truth = rng.normal(size=(150, 2)), rng.integers(0, 2, 150)
    found = nearest(queries, points, 5)  # odd, of two classes: no ties, which scikit-learn breaks otherwise
    oracle = KNeighborsClassifier(5).fit(points, labels)
    assert knn_accuracy(labels[found.indices], truth) == oracle.score(queries, truth)
