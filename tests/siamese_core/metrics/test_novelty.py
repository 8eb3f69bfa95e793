"""What lies far from every known embedding is told from what lies among them; few real ones exceed the fitted limit."""

import numpy as np
import pytest

from siamese_core.metrics import novelty
from siamese_core.metrics.distances import nearest
from siamese_core.metrics.novelty import distance_to_known, fit_limit, is_novel

KNOWN = np.arange(10, dtype=np.float32)[:, None]  # 0, 1, ..., 9 on a line


def novel(embeddings: np.ndarray, known: np.ndarray, limit: float) -> np.ndarray:
    return is_novel(nearest(embeddings, known, 6).distances, limit)


def column(*values: float) -> np.ndarray:
    return np.array(values, np.float32)[:, None]


def test_distance_is_that_to_the_fifth_nearest() -> None:
    np.testing.assert_allclose(distance_to_known(column(4, 0, 20), KNOWN), [2, 4, 15])


def test_one_known_outlier_does_not_make_its_neighbourhood_known() -> None:
    with_outlier = np.concatenate([KNOWN, column(100)])
    assert distance_to_known(column(100), with_outlier)[0] == 94  # 100, 9, 8, 7, 6


def test_at_most_the_share_exceeds_the_fitted_limit_and_nearly_as_many_do() -> None:
    rng = np.random.default_rng(0)
    known, real = rng.normal(size=(2, 2_000, 4)).astype(np.float32)
    limit = fit_limit(real, known)
    assert 0.8 * novelty.SHARE < novel(real, known, limit).mean() <= novelty.SHARE
    far = real + np.float32(20)
    assert novel(far, known, limit).all()


def test_the_limit_itself_is_not_beyond_it() -> None:
    limit = fit_limit(column(4, 4, 4), KNOWN)
    assert limit == 2
    assert novel(column(4, 0), KNOWN, limit).tolist() == [False, True]


def test_embeddings_all_in_one_place_are_all_known() -> None:
    nothing = np.zeros((6, 3), np.float32)
    assert not novel(nothing, nothing, fit_limit(nothing, nothing)).any()


def test_it_needs_embeddings_and_five_known_ones() -> None:
    with pytest.raises(ValueError, match="expected embeddings to fit the limit to, got none"):
        fit_limit(KNOWN[:0], KNOWN)
    with pytest.raises(ValueError, match="expected k from 1 to 4, got 5"):
        distance_to_known(KNOWN, KNOWN[:4])
