"""The hardest pairs: by hand, and against all pairs sorted."""

from collections import Counter

import numpy as np
import pytest

from siamese_core.metrics import hardest
from siamese_core.metrics.counting import count_pairs
from siamese_core.metrics.distances import distances_to_all
from siamese_core.metrics.hardest import OVERALL, PER_CLASS, PairList, choose
from tests.siamese_core.metrics.clouds import cloud
from tests.siamese_core.metrics.test_counting import LABELS, POINTS


def sorted_pairs(embeddings: np.ndarray, chosen: np.ndarray, sign: int) -> PairList:
    """Return the pairs of a mask (n, n), each once, in the order of sign times their distance."""
    distances = distances_to_all(embeddings, embeddings)
    left, right = np.nonzero(np.triu(chosen, 1))
    found = PairList(left.astype(np.int32), right.astype(np.int32), distances[left, right])
    return found.take(np.argsort(sign * found.distances, kind="stable"))


def test_by_hand() -> None:
    found = count_pairs(POINTS, LABELS, 2).hardest
    assert found.impostor.distances[:3].tolist() == [1.5, 2.5, 2.5]
    assert (found.impostor.left[0], found.impostor.right[0]) == (2, 3)
    assert found.genuine.distances.tolist() == [4, 3, 2, 1, 1, 1]
    assert hardest.of_classes(found, 1, 1).distances.tolist() == [4, 3, 1]
    assert hardest.of_classes(found, 1, 0) is found.by_class[0, 1]
    assert not len(hardest.of_classes(found, 7, 8).left)


def test_what_a_threshold_makes_of_them() -> None:
    found = hardest.mistakes(count_pairs(POINTS, LABELS, 2).hardest, 2.0)
    assert found.false_accepts.distances.tolist() == [1.5]
    assert found.false_rejects.distances.tolist() == [4, 3]
    assert found.narrow_accepts.distances.tolist() == [2, 1, 1, 1]
    assert found.narrow_rejects.distances[:2].tolist() == [2.5, 2.5]


def test_no_image_comes_more_than_twice() -> None:
    pairs = PairList(np.array([0, 0, 0, 1, 1]), np.array([1, 2, 3, 2, 3]), np.arange(5, dtype=np.float32))
    assert choose(pairs, 9).distances.tolist() == [0, 1, 3]
    assert choose(pairs, 2).distances.tolist() == [0, 1]


@pytest.mark.parametrize(("n", "seed"), [(40, 0), (400, 1), (500, 2)])
def test_lists_are_those_of_all_pairs(n: int, seed: int) -> None:
    embeddings, labels = cloud(n, 3, seed=seed)
    embeddings[:5] = cloud(5, 3, 3.0, seed)[0]  # a few bad images
    found = count_pairs(embeddings, labels, 3).hardest
    for (a, b), pairs in found.by_class.items():
        between = (labels == a)[:, None] & (labels == b)
        expected = choose(sorted_pairs(embeddings, between | between.T, -1 if a == b else 1), PER_CLASS)
        np.testing.assert_allclose(pairs.distances, expected.distances, atol=1e-6)
        assert {a, b} == set(labels[pairs.left]) | set(labels[pairs.right])
    same = labels[:, None] == labels
    for pairs, chosen, sign in ((found.genuine, same, -1), (found.impostor, ~same, 1)):
        expected = choose(sorted_pairs(embeddings, chosen, sign), OVERALL)
        first = min(len(expected.left), 100)
        np.testing.assert_allclose(pairs.distances[:first], expected.distances[:first], atol=1e-6)
        assert max(Counter([*pairs.left.tolist(), *pairs.right.tolist()]).values()) <= 2
        assert (np.diff(sign * pairs.distances) >= 0).all()
        exact = np.linalg.norm(embeddings[pairs.left] - embeddings[pairs.right], axis=1)
        np.testing.assert_allclose(pairs.distances, exact, atol=1e-6)
