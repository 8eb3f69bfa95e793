"""Rates in words."""

import pytest

from ui.evaluate.words import for_share, in_words


@pytest.mark.parametrize(
    ("far", "frr", "sentence"),
    [
        (0.002, 0.001, "Of 1,000 pairs of the **same** digit it would reject **1**; of 1,000 pairs of **different**"),
        (0.00004, 0.5, "reject **500**; of 100,000 pairs of **different** digits it would accept **4**."),
        (0.0, 1.0, "reject **1,000**; of 1,000 pairs of **different** digits it would accept **none**."),
        (1e-9, 0.0, "reject **none**; of 1,000,000 pairs of **different** digits it would accept **none**."),
    ],
)
def test_as_many_pairs_are_spoken_of_as_it_takes_to_see_some(far: float, frr: float, sentence: str) -> None:
    assert sentence in in_words(far, frr)


def test_the_share_is_told_in_percent() -> None:
    assert for_share(0.01, 0.998, 0.83) == (
        "Where 1 % of all pairs are the same digit, 99.80% of its verdicts are right, and of 1,000 pairs that it calls "
        "the same, 830 are."
    )
