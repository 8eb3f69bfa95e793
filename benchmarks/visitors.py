"""Many visitors at once: how long the server takes to answer a stroke while some draw and one trains.

Each visitor draws on a Compare page of its own, a stroke or Clear every two seconds, whether or not the last answer is
there; the trainer trains from the first stroke to the last. A stroke is answered by the first distance on the page
that belongs to the drawings then in the boxes, as siamese_core itself reckons it: so every answer is checked.

Not in it: what a browser needs to draw (see browser_speed.py), the loading of scripts and styles, the
Internet. The visitors take their own share of the cores; it is told. Memory and processor time are read on Linux only.
"""

import argparse
import asyncio
import itertools
import math
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from websockets.exceptions import WebSocketException

from benchmarks.drawings import BLANK, Drawing, apart, drawings_made_apart
from benchmarks.report import finish, machine, spread, tell
from benchmarks.wire import Browser, browsing
from tests.browser.serving import serving

MOST_VISITORS, MOST_SECONDS = 500, 3600
MOST_DRAWINGS = 4000  # made beforehand; with more strokes they come again
EVERY = 2.0  # seconds from one stroke of a visitor to the next, half to one and a half of it
RAMP = 5.0  # seconds in which the visitors come
PATIENCE = 30.0  # seconds after which a stroke counts as not answered
OPENING = 120.0  # seconds a page may take to open, or a training to start
ROUNDING = 0.0011  # by which a distance of three decimals may differ from the reckoned one
LONG = "epochs=50"  # the link of the article's recipe, longer than most loads
SIDES = ("left", "right")
STATUS = re.compile(r"\*\*(Waiting|Running|Done|Stopped|Failed|Interrupted)\b")
RAISED = re.compile(r"^[\w.]+(?:Error|Exception|Disconnected)\b.*", re.MULTILINE)  # in the server's log

Until = Callable[[], bool]


class Stroke(NamedTuple):
    """A stroke that is not answered yet."""

    due: float  # when the pen was lifted
    expected: float  # the distance that answers it


@dataclass
class Tally:
    """What the visitors of one load have met."""

    answers: list[float] = field(default_factory=list)  # milliseconds from pen up to the distance
    wrong: int = 0  # distances that belong to no drawings of that visitor
    unanswered: int = 0
    trainings: int = 0
    errors: list[str] = field(default_factory=list)
    family: list[float] = field(default_factory=list)  # MB of the app and its worker, twice a second
    after: float = 0.0  # MB of the app once the visitors have left
    own: float = 0.0  # cores that the visitors themselves kept busy
    turns: int = 0  # strokes and Clears
    processor: float = 0.0  # milliseconds of processor time that a turn has cost the app, without its worker


class Visitor:
    """Draws on the Compare page until told to stop."""

    def __init__(self, digits: Iterator[list[Drawing]], seed: int, tally: Tally) -> None:
        self.digits, self.rng, self.tally = digits, np.random.default_rng(seed), tally
        self.drawn: dict[str, Drawing | None] = dict.fromkeys(SIDES)
        self.coming: dict[str, list[Drawing]] = {side: [] for side in SIDES}  # what the next strokes make of it
        self.waiting: list[Stroke] = []
        self.distance = math.nan  # the last right one

    async def visit(self, browser: Browser, until: Until) -> None:
        """Draw, a turn every two seconds."""
        due = time.perf_counter() + self.rng.uniform(0, EVERY)
        while not until() and not browser.lost:
            await asyncio.sleep(due - time.perf_counter())
            side = self.rng.choice([side for side in SIDES if not self.drawn[side]] or SIDES)
            if self.drawn[side] and not self.coming[side]:
                await self._clear(browser, side)
            else:
                await self._stroke(browser, side, due)
            self.tally.turns += 1
            due = max(due + EVERY * self.rng.uniform(0.5, 1.5), time.perf_counter())
        await self._answered(browser)
        await browser.until(lambda: not browser.running, PATIENCE)  # the pictures come after the answer

    def show(self, kind: str, element: Any) -> None:
        """Take notice of a distance: it answers the strokes up to the one that it belongs to."""
        if kind != "metric" or element.label != "Distance":
            return
        shown = float(element.body)
        fits = next((i for i, stroke in enumerate(self.waiting) if abs(stroke.expected - shown) < ROUNDING), None)
        if fits is not None:
            answered, self.waiting = self.waiting[: fits + 1], self.waiting[fits + 1 :]
            self.tally.answers += [1000 * (time.perf_counter() - stroke.due) for stroke in answered]
            self.distance = answered[-1].expected
        elif not abs(shown - self.distance) < ROUNDING:
            self.tally.wrong += 1

    async def _stroke(self, browser: Browser, side: str, due: float) -> None:
        self.coming[side] = self.coming[side] or list(next(self.digits))
        drawing = self.drawn[side] = self.coming[side].pop(0)
        left, right = self.drawn.values()
        if left and right:
            expected = apart(left, right)
            if any(abs(stroke.expected - expected) < 2 * ROUNDING for stroke in self.waiting):
                await self._answered(browser)  # else their answers could not be told apart
                due = time.perf_counter()
            self.waiting.append(Stroke(due, expected))
        await browser.set_value(f"canvas_{side}", drawing.value)

    async def _clear(self, browser: Browser, side: str) -> None:
        """Press Clear once the last answer is there; when the app has emptied the canvas, that says so."""
        await self._answered(browser)
        canvas = f"canvas_{side}"
        before = browser.places[canvas]
        await browser.press(f"clear_{side}")
        if not await browser.until(lambda: browser.places[canvas] != before, PATIENCE) and not browser.lost:
            self.tally.errors.append("Clear did not empty the canvas")
        self.drawn[side] = None
        await browser.set_value(canvas, BLANK)

    async def _answered(self, browser: Browser) -> None:
        await browser.until(lambda: not self.waiting, PATIENCE)
        self.tally.unanswered += len(self.waiting)
        self.waiting = []


class Trainer:
    """Trains on the Train page until told to stop, one run after another."""

    def __init__(self, tally: Tally, patience: float = OPENING) -> None:
        """patience: seconds until a training must have begun."""
        self.tally, self.patience = tally, patience
        self.status = ""  # as the page says it
        self.trains = asyncio.Event()

    async def visit(self, browser: Browser, until: Until) -> None:
        """Press Train whenever no run is active, and Stop at the end."""
        while not until() and not browser.lost:
            await browser.press("Train")
            if not await browser.until(lambda: until() or ("epoch" in self.status and self._active()), self.patience):
                self.tally.errors.append(f"no training: {self.status}")
                break
            self.tally.trainings += 1
            self.trains.set()
            await browser.until(lambda: until() or not browser.places["Train"].disabled, MOST_SECONDS)
        if self._active():
            await browser.press("Stop")
            await browser.until(lambda: not self._active(), PATIENCE)

    def show(self, kind: str, element: Any) -> None:
        """Take notice of how the run goes."""
        if kind == "markdown" and STATUS.match(element.body):
            self.status = element.body

    def _active(self) -> bool:
        return self.status.startswith(("**Waiting", "**Running"))


async def come(who: Visitor | Trainer, address: str, until: Until, page: str = "", query: str = "") -> None:
    """Open a page, do there what such a visitor does, and leave; what goes wrong is an error of the tally."""
    errors = who.tally.errors
    try:
        async with browsing(address, who.show, page, query) as browser:
            if await browser.until(lambda: not browser.running, OPENING):
                await who.visit(browser, until)
            else:
                errors.append("the page did not open")
        errors += browser.errors
    except (OSError, WebSocketException) as error:
        errors.append(f"no connection: {error!r}")


async def load(address: str, visitors: int, seconds: float, digits: list[list[Drawing]], training: bool) -> Tally:
    """Let visitors draw for some seconds on a server that has answered once; if wanted, another trains."""
    tally, first, pool, over = Tally(), Tally(), itertools.cycle(digits), asyncio.Event()
    await come(Visitor(pool, visitors, first), address, lambda: bool(first.answers or first.errors))
    tally.errors += first.errors
    async with asyncio.TaskGroup() as group:
        if training:
            trainer = Trainer(tally)
            group.create_task(come(trainer, address, over.is_set, "Train", LONG))
            with suppress(TimeoutError):
                await asyncio.wait_for(trainer.trains.wait(), OPENING)
        crowd = []
        end = time.perf_counter() + RAMP + seconds
        for i in range(visitors):
            visit = come(Visitor(pool, i, tally), address, lambda: time.perf_counter() > end)
            crowd.append(group.create_task(visit))
            await asyncio.sleep(RAMP / visitors)
        await asyncio.sleep(RAMP)  # all pages are open by now
        start, busy, app, turns = time.perf_counter(), time.process_time(), app_seconds(), tally.turns
        while not all(task.done() for task in crowd):
            tally.family.append(megabytes()[1])
            await asyncio.sleep(0.5)
        tally.own = (time.process_time() - busy) / (time.perf_counter() - start)
        tally.processor = 1000 * (app_seconds() - app) / max(1, tally.turns - turns)
        tally.after = megabytes()[0]
        over.set()
    return tally


class Process(NamedTuple):
    """A process as Linux describes it."""

    number: int
    parent: int
    session: int
    seconds: float  # of processor time
    megabytes: float  # resident


def processes() -> list[Process]:
    """Return all processes; none where there is no /proc."""
    found, page, tick = [], os.sysconf("SC_PAGE_SIZE") / 2**20, os.sysconf("SC_CLK_TCK")
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            columns = file.read_text().rpartition(")")[2].split()
            parent, session, user, system, pages = (int(columns[i]) for i in (1, 3, 11, 12, 21))
            found.append(Process(int(file.parent.name), parent, session, (user + system) / tick, pages * page))
    return found


def server(all_: list[Process]) -> Process | None:
    """Return the server that was started from here."""
    return next((p for p in all_ if p.parent == os.getpid() and p.session == p.number), None)


def app_seconds() -> float:
    """Return the processor time that the app has taken so far, without its worker."""
    app = server(processes())
    return app.seconds if app else 0.0


def megabytes() -> tuple[float, float]:
    """Return the resident memory of the server started from here, alone and with all that it started."""
    all_ = processes()
    app = server(all_)
    return (app.megabytes, sum(p.megabytes for p in all_ if p.session == app.number)) if app else (0.0, 0.0)


def report(visitors: int, tally: Tally) -> dict[str, Any]:
    """Print what one load was like, and return it for a program."""
    print(f"{visitors} visitors, {tally.trainings} trainings, {tally.own:.2f} cores for the visitors themselves")
    answers = tally.answers or [math.nan]
    tell("  answer to a stroke", answers, "ms", "median at most 100, 95th percentile at most 500")
    print(f"  {tally.wrong} wrong distances, {tally.unanswered} strokes not answered, {len(tally.errors)} errors")
    for text in sorted(set(tally.errors)):
        print(f"    {tally.errors.count(text)} times: {text[:200]}")
    print(f"  processor time of the app for a stroke or Clear: {tally.processor:.0f} ms   aim: at most 35")
    print(f"  memory of the app once they have left: {tally.after:.0f} MB   aim: at most 250")
    tell("  memory of app and worker", tally.family, "MB", "at most 1100")
    return {
        "visitors": visitors, "answer_ms": spread(answers), "wrong": tally.wrong, "unanswered": tally.unanswered,
        "errors": tally.errors, "trainings": tally.trainings, "own_cores": tally.own,
        "processor_ms": tally.processor, "turns": tally.turns, "app_mb": tally.after,
        "app_and_worker_mb": spread(tally.family), "load_average": os.getloadavg()[0],
    }  # fmt: skip


def options(words: list[str] | None = None) -> argparse.Namespace:
    """Read the command line; ends with a sentence where it asks for too much."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visitors", type=int, nargs="+", default=[30], help="a load for each number")
    parser.add_argument("--seconds", type=int, default=40)
    parser.add_argument("--no-training", action="store_true")
    parser.add_argument("--json", action="store_true", help="one line with everything, last")
    arguments = parser.parse_args(words)
    if not all(1 <= visitors <= MOST_VISITORS for visitors in arguments.visitors):
        parser.error(f"expected 1 to {MOST_VISITORS} visitors")
    if not 1 <= arguments.seconds <= MOST_SECONDS:
        parser.error(f"expected 1 to {MOST_SECONDS} seconds")
    return arguments


def main() -> None:
    """Measure and print."""
    arguments = options()
    print(machine())
    loads = []
    for visitors in arguments.visitors:
        strokes = min(MOST_DRAWINGS, math.ceil(visitors * arguments.seconds / EVERY) + 10)
        digits = drawings_made_apart(strokes, seed=visitors)
        with tempfile.TemporaryDirectory() as folder, serving(log := Path(folder) / "log") as address:
            tally = asyncio.run(load(address, visitors, arguments.seconds, digits, not arguments.no_training))
            tally.errors += RAISED.findall(log.read_text(encoding="utf-8"))
        loads.append(report(visitors, tally))
    if arguments.json:
        finish("visitors", {"loads": loads})


if __name__ == "__main__":
    main()
