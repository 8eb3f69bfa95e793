"""A way into the project by which anybody's bytes come in, as `fuzz` attacks it."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np


class Target(NamedTuple):
    """Inputs that are whole, how they are spoiled, what reads them, and the errors that it may raise."""

    whole: Sequence[Any]
    spoil: Callable[[np.random.Generator], Any]
    run: Callable[[Any], object]
    promised: tuple[type[Exception], ...] = ()
    share: float = 1.0  # of the cases that are asked for: less where one takes long


def one_of(items: Sequence[Any], rng: np.random.Generator) -> Any:
    """Return one of some items."""
    return items[int(rng.integers(0, len(items)))]
