"""A table shows all of few classes, and of many those that are hardest to tell apart."""

import numpy as np

from ui.shared.class_chart import MOST, in_table


def test_of_few_classes_all_are_shown() -> None:
    assert in_table(np.zeros((MOST, MOST))).tolist() == list(range(MOST))


def test_of_many_classes_those_in_the_hardest_pairs_are_shown_in_their_order() -> None:
    hardness = np.full((200, 200), np.nan)
    np.fill_diagonal(hardness, 9)  # of no account: within a class
    rng = np.random.default_rng(0)
    chosen = rng.permutation(200)[:MOST]
    for place, (a, b) in enumerate(chosen.reshape(-1, 2)):
        hardness[a, b] = hardness[b, a] = 0.5 + place / 100
    hardness[0, 199] = hardness[199, 0] = 0.1
    assert in_table(hardness).tolist() == sorted(chosen.tolist())
