"""How long it takes: what is left of a training, and until a waiting one begins. Pure arithmetic, all in seconds.

No training takes longer than its deployment's limit, and neither does any estimate here.
"""

import heapq
from collections.abc import Sequence
from statistics import median

from siamese_core.training.monitor import Point


def left(point: Point, limit_seconds: float) -> float:
    """Return how long a training goes on after its latest point, from what its steps took so far.

    At most what its limit leaves it; before the first step nothing else is known.
    """
    rest = max(limit_seconds - point.seconds, 0.0)
    if not point.step:
        return rest
    return min((point.steps - point.step) * point.seconds / point.step, rest)


def typical(seconds: Sequence[float], limit_seconds: float) -> float:
    """Return how long an unknown training takes: the median of earlier ones, the limit if there are none."""
    return min(median(seconds), limit_seconds) if seconds else limit_seconds


def until_begin(
    running: Sequence[Point | None], workers: int, before: int, seconds: Sequence[float], limit: float
) -> float:
    """Return how long a waiting training waits yet.

    running: the latest points of the trainings under way, None for one that has none yet; workers: how many may run at
    once; before: how many others wait before this one; seconds: how long earlier ones took; limit: of each training.
    """
    each = typical(seconds, limit)
    free = [left(point, limit) if point and point.step else each for point in running]  # when each worker is free
    free += [0.0] * (workers - len(free))
    heapq.heapify(free)
    for _ in range(before):  # each takes the worker that is free first
        heapq.heapreplace(free, free[0] + each)
    return free[0]
