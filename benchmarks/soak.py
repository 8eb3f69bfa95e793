"""An hour of visitors, or less: what the server's memory, threads and files do, and whether its log stays clean.

Visitors draw as in visitors.py, come and go, and one trains, one run after another; another looks at every page.
Told: how memory of the app and of app and worker grows, with its 95 % interval; threads and open files of the app
half-way and at the end, and the processes that outlive it. Linux only.
"""

import argparse
import asyncio
import itertools
import multiprocessing
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.stats import linregress, t

from benchmarks.drawings import drawings
from benchmarks.report import finish, machine
from benchmarks.visitors import RAISED, RAMP, Tally, Trainer, Visitor, come, processes, server
from benchmarks.wire import browsing
from tests.browser.serving import serving

LOOK = 2.0  # seconds between two looks at the server
STAY = 40.0  # seconds that a visitor stays
PAGES = ("", "Train", "Embeddings", "Evaluate", "About")
WARNED = ("WARNING", "ERROR", "Traceback")  # of the log; none is expected
MOST_MINUTES = 120


class Look(NamedTuple):
    """The server at one moment."""

    seconds: float
    app: float  # MB
    family: float  # MB, with the worker
    processes: int
    threads: int  # of the app
    files: int  # open in the app


def look(start: float) -> Look | None:
    """Return how the server started from here is now."""
    all_ = processes()
    app = server(all_)
    if app is None:
        return None
    own = [each for each in all_ if each.session == app.number]
    about = Path(f"/proc/{app.number}")
    threads, files = (len(list((about / name).iterdir())) for name in ("task", "fd"))
    family = sum(each.megabytes for each in own)
    return Look(time.perf_counter() - start, app.megabytes, family, len(own), threads, files)


async def guests(address: str, digits: Any, tally: Tally, over: Callable[[], bool]) -> None:
    """Let visitors draw, one after another."""
    for seed in itertools.count():
        if over():
            return
        until = partial(_later, time.perf_counter() + STAY, over)
        await come(Visitor(digits, seed, tally), address, until)


def _later(than: float, over: Callable[[], bool]) -> bool:
    return over() or time.perf_counter() > than


async def reader(address: str, tally: Tally, over: Callable[[], bool]) -> None:
    """Open every page in turn, and leave it once it is drawn."""
    for page in itertools.cycle(PAGES):
        if over():
            return
        with suppress(OSError):
            async with browsing(address, lambda _kind, _element: None, page) as browser:
                await browser.until(lambda: not browser.running, STAY)
                tally.errors += browser.errors
        await asyncio.sleep(1)


async def soak(address: str, minutes: float, visitors: int, digits: list[Any]) -> tuple[Tally, list[Look]]:
    """Keep the server busy, and look at it."""
    tally, looks, start, pool = Tally(), [], time.perf_counter(), itertools.cycle(digits)

    def over() -> bool:
        return time.perf_counter() - start > 60 * minutes

    async with asyncio.TaskGroup() as group:
        group.create_task(come(Trainer(tally), address, over, "Train", "epochs=3"))
        group.create_task(reader(address, tally, over))
        for _ in range(visitors):
            group.create_task(guests(address, pool, tally, over))
            await asyncio.sleep(RAMP / visitors)
        while not over():
            if seen := look(start):
                looks.append(seen)
            await asyncio.sleep(LOOK)
    return tally, looks


def slope(looks: list[Look], what: Callable[[Look], float]) -> dict[str, float]:
    """Return how much a value grows an hour, with its 95 % interval, over the second half of the looks."""
    late = looks[len(looks) // 2 :]
    line = linregress([each.seconds / 3600 for each in late], [what(each) for each in late])
    beside = float(t.ppf(0.975, len(late) - 2) * line.stderr)
    return {"per_hour": float(line.slope), "low": float(line.slope) - beside, "high": float(line.slope) + beside}


def report(tally: Tally, looks: list[Look], left: list[int], log: str) -> dict[str, Any]:
    """Print how it went, and return it for a program."""
    first, last = looks[len(looks) // 2], looks[-1]
    grows = {"app": slope(looks, lambda each: each.app), "app and worker": slope(looks, lambda each: each.family)}
    print(f"{len(tally.answers)} answers, {tally.wrong} wrong, {tally.unanswered} missing, {tally.trainings} trainings")
    for name, line in grows.items():
        print(f"  memory of {name}: {line['per_hour']:+.0f} MB an hour ({line['low']:+.0f} to {line['high']:+.0f})")
    print(f"  app at the end {last.app:.0f} MB, with its worker {last.family:.0f} MB")
    print(f"  threads {first.threads} -> {last.threads}, open files {first.files} -> {last.files}, left over: {left}")
    words = [line for line in log.splitlines() if any(word in line for word in WARNED)]
    for text in sorted({*tally.errors, *words, *RAISED.findall(log)})[:20]:
        print(f"    {text[:200]}")
    return {
        "answers": len(tally.answers), "wrong": tally.wrong, "unanswered": tally.unanswered,
        "trainings": tally.trainings, "errors": tally.errors, "log": words, "grows_mb": grows, "left": left,
        "looks": [each._asdict() for each in (looks[0], first, last)],
    }  # fmt: skip


def main() -> None:
    """Soak and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=2, help="60 for the figures of the README")
    parser.add_argument("--visitors", type=int, default=6)
    parser.add_argument("--json", action="store_true", help="one line with everything, last")
    arguments = parser.parse_args()
    if not 0 < arguments.minutes <= MOST_MINUTES or not 1 <= arguments.visitors <= 100:
        parser.error(f"expected at most {MOST_MINUTES} minutes and 1 to 100 visitors")
    print(machine())
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as other:  # it loads the encoder
        digits = other.submit(drawings, 200, np.random.default_rng(0)).result()
    with tempfile.TemporaryDirectory() as folder:
        with serving(log := Path(folder) / "log") as address:
            app = server(processes())
            assert app
            tally, looks = asyncio.run(soak(address, arguments.minutes, arguments.visitors, digits))
        left = [each.number for each in processes() if each.session == app.number and each.megabytes]  # no dead ones
        result = report(tally, looks, left, log.read_text(encoding="utf-8"))
    if arguments.json:
        finish("soak", result)


if __name__ == "__main__":
    main()
