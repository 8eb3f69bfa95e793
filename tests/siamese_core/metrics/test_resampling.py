"""How sure the rates are: against the real bootstrap over images, by simulation, and differences between networks."""

import numpy as np
import pytest

from siamese_core.metrics import curves as rates
from siamese_core.metrics import resampling, verification
from siamese_core.metrics.confidence import Interval
from siamese_core.metrics.counting import count_pairs
from siamese_core.metrics.curves import Curves
from siamese_core.metrics.distances import distances_to_all
from siamese_core.metrics.resampling import EerInterval, image_weights
from tests.siamese_core.metrics.clouds import cloud
from tests.siamese_core.metrics.test_curves import CURVES, counted

THRESHOLDS = (0.5, 0.8, 1.2)


def curves_of(n: int = 300, noise: float = 0.4, seed: int = 0) -> Curves:
    return count_pairs(*cloud(n, noise=noise, seed=seed), 4, THRESHOLDS).curves


def test_the_resamples_are_the_same_for_the_same_number_of_images() -> None:
    weights = image_weights(50)
    assert weights.shape == (200, 50)
    assert (weights.sum(axis=1) == 50).all()
    assert (weights == image_weights(50)).all()
    assert weights.std() == pytest.approx(1, abs=0.05)


def test_a_resample_is_projected_as_the_formula_says() -> None:
    embeddings, labels = cloud(40)
    curves = count_pairs(embeddings, labels, 4, (0.9,)).curves
    at = rates.position(curves, 0.9)
    near = verification.is_same(distances_to_all(embeddings, embeddings), 0.9)
    same = labels[:, None] == labels
    weights = image_weights(40).astype(float)
    far = rates.far(curves)[at]
    expected = far + 2 * (weights @ (near & ~same).sum(axis=1) / (weights @ (~same).sum(axis=1)) - far)
    np.testing.assert_allclose(curves.far_samples[:, at], expected, rtol=1e-5)
    np.fill_diagonal(same, False)
    frr = rates.frr(curves)[at]
    expected = frr + 2 * (weights @ (~near & same).sum(axis=1) / (weights @ same.sum(axis=1)) - frr)
    np.testing.assert_allclose(curves.frr_samples[:, at], expected, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("seed", [0, 1])
def test_standard_errors_are_those_of_the_bootstrap_over_images(seed: int) -> None:
    embeddings, labels = cloud(400, noise=0.4, seed=seed)
    curves = count_pairs(embeddings, labels, 4, THRESHOLDS).curves
    distances, same = distances_to_all(embeddings, embeddings), labels[:, None] == labels
    weights = image_weights(400).astype(float)
    for threshold in THRESHOLDS:
        near, at = verification.is_same(distances, threshold), rates.position(curves, threshold)
        for samples, wrong, kind in (
            (curves.far_samples, near & ~same, ~same),
            (curves.frr_samples, ~near & same, same & ~np.eye(400, dtype=bool)),
        ):
            real = [(w @ wrong @ w) / (w @ kind @ w) for w in weights]  # an image drawn twice is no pair with itself
            assert samples[:, at].std() == pytest.approx(np.std(real), rel=0.1)


def coverage(n: int, times: int, noise: float) -> np.ndarray:
    """Return how often the intervals of FAR and FRR at THRESHOLDS and of the EER cover the mean of all draws, (7,)."""
    drawn = []
    for seed in range(times):
        curves = curves_of(n, noise, 1_000 + seed)
        both = [each(curves, t) for t in THRESHOLDS for each in (resampling.far_interval, resampling.frr_interval)]
        drawn.append([*both, resampling.eer(curves)[:3]])
    rate, low, high = np.moveaxis(np.array(drawn), 2, 0)
    truth = rate.mean(axis=0)
    return ((low <= truth) & (truth <= high)).mean(axis=0)


@pytest.mark.slow
def test_intervals_cover() -> None:
    found = coverage(500, 200, 0.3)
    assert (found >= 0.9).all(), found
    assert found.mean() >= 0.92, found
    assert (found <= 0.985).all(), found


def test_few_bad_images_give_a_wide_interval() -> None:
    assert resampling._student(np.array([4.0, 30.0, 1e9])) == pytest.approx([2.776, 2.042, 1.960], abs=0.05)


def test_without_an_error_the_interval_is_that_of_pairs_apart() -> None:
    found = resampling.interval(0.0, np.zeros(200), 100)
    assert (found.rate, found.low) == (0, 0)
    assert found.high == pytest.approx(1 - 0.025 ** (1 / 100))
    assert resampling.interval(1.0, np.ones(200), 100).low == pytest.approx(0.025 ** (1 / 100))
    embeddings = np.repeat(np.eye(2), 20, axis=0).astype(np.float32)
    curves = count_pairs(embeddings, np.repeat([0, 1], 20), 2, (0.7,)).curves
    assert resampling.far_interval(curves, 0.7).high == pytest.approx(1 - 0.025 ** (1 / 20))
    assert resampling.frr_interval(curves, 0.7).high == pytest.approx(1 - 0.025 ** (1 / 20))
    assert resampling.eer(curves).rate == 0
    assert resampling.eer(curves).high == pytest.approx(1 - 0.025 ** (1 / 20))


def test_bands_are_the_intervals_at_every_threshold() -> None:
    curves = curves_of()
    for (low, high), one, rate in (
        (resampling.far_band(curves), resampling.far_interval, rates.far(curves)),
        (resampling.frr_band(curves), resampling.frr_interval, rates.frr(curves)),
    ):
        at = rates.position(curves, 0.8)
        assert one(curves, 0.8) == pytest.approx((rate[at], low[at], high[at]))
        assert (low <= rate).all()
        assert (rate <= high).all()
        assert low.min() >= 0
        assert high.max() <= 1


# --- EER ---


def test_eer_by_hand() -> None:
    # FAR 0 0 .1 .5 1 and FRR 1 .25 .25 0 0: between 1.0 and 1.5 FAR rises by .4 and FRR falls by .25.
    found = resampling.eer(CURVES)
    assert found.rate == pytest.approx(0.1 + 0.4 * 0.15 / 0.65)
    assert found.threshold == pytest.approx(1.0 + 0.5 * 0.15 / 0.65)


def test_eer_of_separable_pairs_is_0_in_the_middle_of_the_gap() -> None:
    found = resampling.eer(counted([0, 1, 2, 3, 4], [0, 2, 2, 2, 2], [0, 0, 0, 0, 2]))
    assert (found.rate, found.threshold) == (0, 2)


def test_eer_of_equal_distances_is_a_half() -> None:
    found = resampling.eer(counted([0, 1], [3, 3], [5, 5]))
    assert (found.rate, found.threshold) == (0.5, 0)


def test_eer_is_near_that_of_all_distances() -> None:
    embeddings, labels = cloud(300, noise=0.4)
    exact = verification.equal_error_rate(verification.all_pairs(embeddings, labels))
    found = resampling.eer(count_pairs(embeddings, labels, 4).curves)
    assert found.rate == pytest.approx(exact.rate, rel=0.01)
    assert found.low < exact.rate < found.high
    exactly = resampling.eer(count_pairs(embeddings, labels, 4, (exact.threshold,)).curves)
    assert exactly.rate == pytest.approx(exact.rate, rel=1e-3)
    assert exactly.threshold == pytest.approx(exact.threshold, abs=2e-3)


# --- two networks ---


def noisier(noise: float, seed: int = 7) -> Curves:
    """Return the curves of the images of `curves_of`, embedded with noise."""
    embeddings, labels = cloud(300, noise=0.4)
    changed = embeddings + noise * np.random.default_rng(seed).normal(size=embeddings.shape).astype(np.float32)
    return count_pairs(changed, labels, 4, THRESHOLDS).curves


def test_a_network_does_not_differ_from_itself() -> None:
    found = resampling.eer_difference(curves_of(), curves_of())
    assert found == Interval(0, 0, 0)
    assert not resampling.is_more_than_noise(found)


def test_a_difference_has_a_sign() -> None:
    good, bad = curves_of(), noisier(0.3)
    found = resampling.eer_difference(good, bad)
    assert found.rate == pytest.approx(resampling.eer(good).rate - resampling.eer(bad).rate)
    assert found.low <= found.rate <= found.high < 0
    assert resampling.is_more_than_noise(found)
    other = resampling.eer_difference(bad, good)
    np.testing.assert_allclose([other.low, other.high], [-found.high, -found.low])
    better = resampling.accuracy_difference(good, bad, (0.8, 0.8))
    at = rates.position(good, 0.8)
    expected = rates.balanced_accuracy(good)[at] - rates.balanced_accuracy(bad)[rates.position(bad, 0.8)]
    assert better.rate == pytest.approx(expected)
    assert better.low > 0


def test_a_paired_difference_is_surer_than_two_intervals() -> None:
    good, other = curves_of(), noisier(0.05)
    one, two = resampling.eer(good), resampling.eer(other)
    found = resampling.eer_difference(good, other)
    assert found.high - found.low < 0.8 * np.hypot(one.high - one.low, two.high - two.low)


@pytest.mark.slow
def test_equally_good_networks_seldom_differ_by_more_than_noise() -> None:
    found = []
    for seed in range(150):
        embeddings, labels = cloud(300, seed=seed)
        rng = np.random.default_rng(10_000 + seed)
        one, other = (
            count_pairs(embeddings + rng.normal(0, 0.1, embeddings.shape).astype(np.float32), labels, 4).curves
            for _ in range(2)
        )
        found.append(resampling.is_more_than_noise(resampling.eer_difference(one, other)))
    assert np.mean(found) <= 0.1, "5 % expected"


def test_networks_on_other_images_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="two networks on the same images, got 300 and 200"):
        resampling.eer_difference(curves_of(), curves_of(200))
    with pytest.raises(ValueError, match="two networks on the same images"):
        resampling.accuracy_difference(curves_of(), curves_of(200), (1, 1))


def test_ties_share_a_place() -> None:
    good, close, bad = curves_of(), noisier(0.02), noisier(0.4)
    found = resampling.rank([("bad", bad), ("good", good), ("close", close), ("bad too", bad)])
    assert {each.name for each in found[:2]} == {"good", "close"}
    assert [each.place for each in found] == [1, 1, 3, 3]
    assert all(each.tied for each in found)
    assert [each.tied for each in resampling.rank([("bad", bad), ("good", good)])] == [False, False]
    assert [each.place for each in resampling.rank([("bad", bad), ("good", good)])] == [1, 2]
    assert isinstance(found[0].eer, EerInterval)
    assert resampling.rank([]) == []
