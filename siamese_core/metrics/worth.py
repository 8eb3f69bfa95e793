"""What the verdict "same" is worth, where so many of all pairs are the same."""

import numpy as np

from siamese_core.metrics.curves import check_share


def precision(far: np.ndarray, frr: np.ndarray, share: float) -> np.ndarray:
    """Return the share of same among the accepted pairs, (k,), from FAR and FRR (k,), as `curves.precision`.

    share: of same pairs among all, in [0, 1]. Where nothing is accepted it is 1. Raises ValueError as `check_share`.
    """
    check_share(share)
    right, wrong = share * (1 - frr), (1 - share) * far
    return np.divide(right, right + wrong, out=np.ones_like(right), where=right + wrong > 0)
