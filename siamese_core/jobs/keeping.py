"""Which runs are kept: those that a deployment's limits allow, the newest first."""

from collections.abc import Sequence

from siamese_core.jobs import run_folder
from siamese_core.jobs.limits import Limits
from siamese_core.jobs.run_folder import Run


def surplus(runs: Sequence[Run], visitor: str, limits: Limits, beside: int = 0) -> list[Run]:
    """Return which of the runs that have ended must go, oldest first, now that the visitor has submitted another one.

    runs: oldest first; waiting and running ones do not count and stay. beside: bytes that uploaded data sets take.
    """
    ended = [run for run in runs if not run.active]
    mine = [run for run in ended if run.visitor == visitor]
    gone = mine[: max(0, len(mine) + 1 - limits.runs_per_visitor)]
    kept = [run for run in ended if run not in gone]
    held = [run_folder.size(run.folder) for run in kept]
    while kept and (len(kept) >= limits.runs or sum(held) + beside > limits.disk_mb * 2**20):
        gone.append(kept.pop(0))
        held.pop(0)
    return gone
