"""A search among prepared references finds what the exact one finds."""

import numpy as np
import pytest

from siamese_core.metrics.distances import ROWS, References, nearest
from siamese_core.networks.model import load_model


@pytest.mark.parametrize(("n", "queries", "k"), [(50, 3, 5), (50, 3, 50), (4, 2, 9), (200, ROWS + 7, 1), (30, 0, 4)])
def test_prepared_references_give_the_nearest(n: int, queries: int, k: int) -> None:
    rng = np.random.default_rng(n)
    references, asked = (rng.normal(size=(m, 8)).astype(np.float32) for m in (n, queries))
    found = References(references).nearest(asked, k)
    assert found.indices.shape == found.distances.shape == (queries, min(k, n))
    if queries:
        exact = nearest(asked, references, min(k, n))
        np.testing.assert_array_equal(found.indices, exact.indices)
        np.testing.assert_allclose(found.distances, exact.distances, atol=1e-6)


def test_among_the_shipped_networks_embeddings_small_distances_are_exact() -> None:
    known = load_model().test_embeddings
    assert known is not None
    found = References(known).nearest(known[:20], 6)
    exact = np.linalg.norm(known[:20, None].astype(np.float64) - known[None], axis=2)
    np.testing.assert_array_equal(found.indices[:, 0], np.arange(20))
    np.testing.assert_allclose(found.distances, np.sort(exact, axis=1)[:, :6], atol=1e-6)
