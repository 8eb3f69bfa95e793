"""Which of many selected digits are shown."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ui.embeddings.digits import spread_over_classes

LABELS = np.repeat(np.arange(10), 40)
NONE = np.zeros(400, bool)


def test_of_all_ten_classes_each_is_shown() -> None:
    found = spread_over_classes(np.arange(400), LABELS, NONE, 96)
    assert sorted(np.bincount(LABELS[found])) == [9, 9, 9, 9, 10, 10, 10, 10, 10, 10]
    assert list(LABELS[found]) == sorted(LABELS[found])


def test_a_small_class_is_shown_whole_and_the_others_share_the_rest() -> None:
    chosen = np.array([0, 1, *range(40, 80), *range(80, 120)])
    found = spread_over_classes(chosen, LABELS, NONE, 12)
    assert list(np.bincount(LABELS[found])) == [2, 5, 5]


def test_doubtful_ones_come_first() -> None:
    doubtful = NONE.copy()
    doubtful[[39, 77]] = True
    found = spread_over_classes(np.arange(120), LABELS, doubtful, 6)
    assert list(found) == [39, 77, 0, 40, 80, 81]


def test_few_are_all_shown_and_none_is_none() -> None:
    assert sorted(spread_over_classes(np.array([7, 300, 41]), LABELS, NONE, 96)) == [7, 41, 300]
    assert not len(spread_over_classes(np.zeros(0, np.int64), LABELS, NONE, 96))


@given(st.sets(st.integers(0, 399)), st.sets(st.integers(0, 399)), st.integers(1, 96))
def test_no_class_is_shown_more_while_another_has_more_to_show(chosen: set[int], doubt: set[int], most: int) -> None:
    doubtful = np.isin(np.arange(400), list(doubt))
    found = spread_over_classes(np.array(sorted(chosen), np.int64), LABELS, doubtful, most)
    assert set(found) <= chosen
    assert len(set(found)) == len(found) == min(most, len(chosen))
    shown, all_ = (np.bincount(LABELS[list(which)], minlength=10) for which in (found, chosen))
    left_out = shown < all_
    assert not left_out.any() or shown.max() <= shown[left_out].min() + 1
    assert list(doubtful[found]) == sorted(doubtful[found], reverse=True)
