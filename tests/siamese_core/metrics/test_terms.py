"""A distance as the sum it is."""

import numpy as np

from siamese_core.metrics.distances import distance
from siamese_core.metrics.terms import terms


def test_the_terms_add_up_to_the_distance() -> None:
    found = terms(np.array([0.0, 3.0, 1.0]), np.array([0.0, -1.0, 4.0]), 1)
    assert (found.largest.tolist(), found.others, found.distance) == ([16.0], 9.0, 5.0)
    a, b = np.random.default_rng(0).normal(size=(2, 1, 60))
    sums = terms(a[0], b[0], 3)
    assert np.isclose(np.sqrt(sums.largest.sum() + sums.others), distance(a, b)[0])
    assert (np.diff(sums.largest) <= 0).all()
