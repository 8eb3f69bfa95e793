"""How well pairs of unseen classes are judged, by hand."""

import numpy as np
import pytest

from siamese_core.metrics.unseen import right_by_kind


def test_each_kind_of_pair_counts_by_itself() -> None:
    accepted = np.array([[0.9, 0.1, 0.2, 0.4], [0.1, 0.7, 0.2, 0.4], [0.2, 0.2, 0.6, 0.8], [0.4, 0.4, 0.8, 0.4]])
    found = right_by_kind(accepted, [2, 3])
    assert found.learned == pytest.approx((0.8 + 0.9) / 2)
    assert found.against_learned == pytest.approx((0.5 + 0.7) / 2)
    assert found.among_unseen == pytest.approx((0.5 + 0.2) / 2)


def test_one_unseen_class_is_refused() -> None:
    with pytest.raises(ValueError, match="2 unseen classes"):
        right_by_kind(np.eye(4), [3])
