"""What a server needs while it is used: memory, threads, open files, processes, and how fast each of them grows.

Linux only.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.stats import linregress, t

from benchmarks.visitors import processes, server

WARM_UP = 1 / 3  # of the time: until then all is loaded for the first time
BLOCKS = 12  # in which the looks after the warm-up are averaged: what is near in time is alike


class Look(NamedTuple):
    """The server at one moment."""

    seconds: float
    app: float  # MB
    worker: float  # MB, with all else that the app has started
    processes: int
    threads: int  # of the app
    files: int  # open in the app
    kinds: dict[str, int]  # of the open files
    temporary: int  # entries of the folder for temporary files


class Slope(NamedTuple):
    """How much a value grows an hour, with its 95 % interval."""

    per_hour: float
    low: float
    high: float


def look(start: float, temporary: Path) -> Look | None:
    """Return how the server started from here is now."""
    all_ = processes()
    app = server(all_)
    if app is None:
        return None
    own = [each for each in all_ if each.session == app.number]
    kinds, threads = Counter[str](), 0
    with suppress(OSError):  # it ends just now
        threads = len(list(Path(f"/proc/{app.number}/task").iterdir()))
        for each in Path(f"/proc/{app.number}/fd").iterdir():
            with suppress(OSError):  # closed since it was listed
                kinds[_kind(str(each.readlink()))] += 1
    others = sum(each.megabytes for each in own if each != app)
    held = len(list(temporary.iterdir()))
    return Look(time.perf_counter() - start, app.megabytes, others, len(own), threads, kinds.total(), dict(kinds), held)


def after_warm_up(looks: Sequence[Look]) -> Sequence[Look]:
    """Return the looks after the first third of the time."""
    return [each for each in looks if each.seconds >= WARM_UP * looks[-1].seconds]


def slope(looks: Sequence[Look], what: Callable[[Look], float]) -> Slope:
    """Return how much a value grows an hour after the warm-up, with its 95 % interval.

    The line goes through the means of BLOCKS blocks: looks near in time are no independent ones.
    """
    late = after_warm_up(looks)
    blocks = np.array_split(np.array([[each.seconds / 3600, what(each)] for each in late]), min(BLOCKS, len(late)))
    hours, values = np.array([block.mean(axis=0) for block in blocks]).T
    line = linregress(hours, values)
    beside = float(t.ppf(0.975, len(hours) - 2) * line.stderr)
    return Slope(float(line.slope), float(line.slope) - beside, float(line.slope) + beside)


def _kind(target: str) -> str:
    """Return what an open file is, such as "socket"; of a path only that it is a file."""
    name, _, number = target.partition(":")
    return "file" if target.startswith("/") else number.strip("[]") if name == "anon_inode" else name
