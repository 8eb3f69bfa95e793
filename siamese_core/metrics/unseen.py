"""How well a network judges pairs of classes that it never saw, beside those it has learned."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Right(NamedTuple):
    """Balanced accuracies, in [0, 1]: both kinds of pairs count alike, and so does each class; 0.5 is guessing."""

    learned: float  # pairs of the other classes
    against_learned: float  # two images of an unseen class, or one of them and one of another class
    among_unseen: float  # two images of an unseen class, or of two unseen ones


def right_by_kind(accepted: np.ndarray, unseen: Sequence[int]) -> Right:
    """Return how often pairs are judged rightly, given the accepted shares (c, c) of `report.accepted_by_class`.

    Raises ValueError unless there are two unseen classes at least, and two others.
    """
    hidden = np.isin(np.arange(len(accepted)), unseen)
    if hidden.sum() < 2 or (~hidden).sum() < 2:
        raise ValueError(f"expected 2 unseen classes and 2 others at least, got {hidden.sum()} and {(~hidden).sum()}")
    found = np.diag(accepted)  # 1 - FRR
    other = ~np.eye(len(accepted), dtype=bool)

    def balanced(genuine: np.ndarray, impostor: np.ndarray) -> float:
        return float((found[genuine].mean() + 1 - accepted[impostor & other].mean()) / 2)

    return Right(
        balanced(~hidden, np.outer(~hidden, ~hidden)),
        balanced(hidden, np.outer(hidden, ~hidden)),
        balanced(hidden, np.outer(hidden, hidden)),
    )
