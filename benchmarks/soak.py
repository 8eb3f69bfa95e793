"""An hour of visitors, or less: what the server's memory, threads and files do, and whether its log stays clean.

Visitors draw as in visitors.py, come and go; one trains, one run after another; one looks at every page and evaluates
the networks that were trained; one has a UMAP made, then another; one uploads pictures. Told: how memory of the app,
of its worker, its threads and its open files grow after a warm-up, with 95 % intervals; which files are open; the
files and processes that outlive it. Ends with 1 where something grows, is left over or is wrong. Linux only.
"""

import argparse
import asyncio
import io
import itertools
import os
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from websockets.exceptions import WebSocketException

from benchmarks.drawings import drawings_made_apart
from benchmarks.report import finish, machine
from benchmarks.visitors import RAISED, RAMP, Tally, Trainer, Visitor, come, processes, server
from benchmarks.watching import Look, Slope, after_warm_up, look, slope
from benchmarks.wire import Browser, browsing
from siamese_core.projection.umap_map import MIN_DISTS
from tests.browser.serving import serving
from tests.own_pictures import shapes

LOOK = 2.0  # seconds between two looks at the server
STAY = 40.0  # seconds that a visitor stays
WAIT = 150.0  # seconds for what the worker makes: it may be training
TURN = 600.0  # seconds until a training must have begun: maps and uploads come before it
PAUSE = 1.0  # seconds between two visits of the same guest
PAGES = ("", "Train", "Embeddings", "Evaluate", "Symbols", "How_it_works", "About")
EACH = 12  # pictures of a class in the upload
WARNED = ("WARNING", "ERROR", "Traceback", "Warning:")  # of the log; none is expected
MOST_MINUTES, LONG = 120, 20  # in less than the latter all is still being loaded, and growth is no complaint
LEVEL = {"app": 10.0, "worker": 60.0, "threads": 4.0, "files": 8.0}  # growth an hour that counts as none
NAMES = {"app": "memory of app, MB", "worker": "memory of worker, MB", "threads": "threads", "files": "open files"}


@dataclass
class Soaked(Tally):
    """What all visitors have met."""

    pages: int = 0
    maps: int = 0
    uploads: int = 0
    evaluations: int = 0
    late: list[str] = field(default_factory=list)  # what did not come in time


class Place:
    """Where the server works: its log, its runs, its temporary files."""

    def __init__(self, root: Path) -> None:
        self.log, self.trained, self.temporary = root / "log", root / "trained", root / "tmp"
        self.temporary.mkdir()

    def networks(self) -> list[str]:
        """Return the ids of the runs that have a network."""
        return sorted(card.parents[1].name for card in self.trained.glob("*/model/card.json"))

    def halves(self) -> list[str]:
        """Return what has been half written and left."""
        return [str(each.relative_to(self.trained)) for each in self.trained.rglob(".*") if each.name != ".servers"]


async def guests(address: str, digits: Any, tally: Soaked, over: Callable[[], bool]) -> None:
    """Let visitors draw, one after another."""
    for seed in itertools.count():
        if over():
            return
        until = partial(_later, time.perf_counter() + STAY, over)
        await come(Visitor(digits, seed, tally), address, until)


def _later(than: float, over: Callable[[], bool]) -> bool:
    return over() or time.perf_counter() > than


Act = Callable[[Browser, set[str]], Any]  # what a guest does on a page, and what has been shown there


async def look_in(address: str, tally: Soaked, page: str, query: str = "", act: Act | None = None) -> None:
    """Open a page, do something there once it is drawn, and leave."""
    seen: set[str] = set()

    def show(kind: str, element: Any) -> None:
        seen.add(f"{kind} {getattr(element, 'label', '') or getattr(element, 'body', '')}"[:200])

    try:
        async with browsing(address, show, page, query) as browser:
            if not await browser.until(lambda: not browser.running, WAIT):
                tally.late.append(f"page {page}")
            elif act:
                await act(browser, seen)
            tally.pages += 1
        tally.errors += browser.errors
    except (OSError, WebSocketException, LookupError) as error:
        tally.errors.append(f"{page}: {error!r}")
    await asyncio.sleep(PAUSE)


async def reader(address: str, place: Place, tally: Soaked, over: Callable[[], bool]) -> None:
    """Open every page in turn, then judge the network that was trained last."""

    async def judge(browser: Browser, seen: set[str]) -> None:
        done = await browser.until(lambda: "slider Threshold" in seen or over(), WAIT)
        tally.evaluations += done
        tally.late += [] if done else ["evaluation"]

    while not over():
        for page in PAGES:
            await look_in(address, tally, page)
        if made := place.networks():
            await look_in(address, tally, "Evaluate", f"model={made[tally.evaluations % len(made)]}", judge)


async def mapper(address: str, place: Place, tally: Soaked, over: Callable[[], bool]) -> None:
    """Have one UMAP after another made, each with other settings."""

    def made() -> int:
        return len(list((place.trained / "maps").glob("*.npz")))

    for seed in itertools.count():
        if over():
            return
        before, near = made(), MIN_DISTS[0] + 0.05 * (1 + seed // 40 % 10)

        async def wait(browser: Browser, _seen: set[str], before: int = before) -> None:
            done = await browser.until(lambda: made() > before or over(), WAIT)
            tally.maps += done
            tally.late += [] if done else ["map"]

        query = f"method=UMAP&digits=1%2C000&neighbours={5 + seed % 40}&min_dist={near:.2f}"
        await look_in(address, tally, "Embeddings", query, wait)


async def uploader(address: str, tally: Soaked, over: Callable[[], bool]) -> None:
    """Upload pictures again and again; every second time delete them."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, picture in shapes(EACH).items():
            archive.writestr(name, picture)

    async def upload(browser: Browser, seen: set[str]) -> None:
        await browser.upload("own_file_0", "shapes.zip", content.getvalue())
        done = await browser.until(lambda: any("pictures of 4 classes" in each for each in seen) or over(), WAIT)
        tally.uploads += done
        tally.late += [] if done else ["upload"]
        if tally.uploads % 2 and "Delete these pictures" in browser.places:
            await browser.press("Delete these pictures")
            await browser.until(lambda: not browser.running, STAY)

    while not over():
        await look_in(address, tally, "Train", act=upload)


async def soak(address: str, minutes: float, visitors: int, digits: Any, place: Place) -> tuple[Soaked, list[Look]]:
    """Keep the server busy, and look at it."""
    tally, looks, start, pool = Soaked(), [], time.perf_counter(), itertools.cycle(digits)

    def over() -> bool:
        return time.perf_counter() - start > 60 * minutes

    async with asyncio.TaskGroup() as group:
        group.create_task(come(Trainer(tally, TURN), address, over, "Train", "epochs=3"))
        group.create_task(reader(address, place, tally, over))
        group.create_task(mapper(address, place, tally, over))
        group.create_task(uploader(address, tally, over))
        for _ in range(visitors):
            group.create_task(guests(address, pool, tally, over))
            await asyncio.sleep(RAMP / visitors)
        while not over():
            if seen := look(start, place.temporary):
                looks.append(seen)
            await asyncio.sleep(LOOK)
    return tally, looks


def complaints(tally: Soaked, grows: dict[str, Slope], left: list[Any], log: str) -> list[str]:
    """Return what should not be."""
    words = [line for line in log.splitlines() if any(word in line for word in WARNED)]
    found = sorted({*tally.errors, *words, *RAISED.findall(log)})
    found += [f"not in time: {each}" for each in sorted(set(tally.late))]
    found += [f"{tally.wrong} wrong distances"] * bool(tally.wrong)
    found += [f"{tally.unanswered} strokes not answered"] * bool(tally.unanswered)
    found += [f"{NAMES[what]} grows" for what, line in grows.items() if line.low > LEVEL[what]]
    return found + [f"left over: {each}" for each in left]


def report(tally: Soaked, looks: list[Look], grows: dict[str, Slope], wrong: list[str]) -> dict[str, Any]:
    """Print how it went, and return it for a program."""
    done = {
        "answers": len(tally.answers), "pages": tally.pages, "trainings": tally.trainings, "maps": tally.maps,
        "uploads": tally.uploads, "evaluations": tally.evaluations,
    }  # fmt: skip
    print(", ".join(f"{value:,} {name}" for name, value in done.items()))
    late = after_warm_up(looks)
    for what, line in grows.items():
        values = [float(getattr(each, what)) for each in late]
        print(
            f"  {NAMES[what]}: {line.per_hour:+.1f} an hour ({line.low:+.1f} to {line.high:+.1f}), "
            f"median {np.median(values):.0f}, {min(values):.0f} to {max(values):.0f}"
        )
    print(f"  most entries of the temporary folder: {max(each.temporary for each in looks)}")
    print(f"  open after the warm-up: {late[0].kinds}\n  open at the end: {late[-1].kinds}")
    for text in wrong[:30]:
        print(f"  WRONG {text[:200]}")
    return {
        **done, "grows": {what: line._asdict() for what, line in grows.items()}, "wrong": wrong,
        "looks": [each._asdict() for each in (looks[0], late[0], late[-1])],
    }  # fmt: skip


def main() -> None:
    """Soak and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=2, help="60 for the figures of the README")
    parser.add_argument("--visitors", type=int, default=6)
    parser.add_argument("--log", type=Path, help="where the server's log is kept")
    parser.add_argument("--json", action="store_true", help="one line with everything, last")
    arguments = parser.parse_args()
    if not 0 < arguments.minutes <= MOST_MINUTES or not 1 <= arguments.visitors <= 100:
        parser.error(f"expected at most {MOST_MINUTES} minutes and 1 to 100 visitors")
    print(machine(), flush=True)
    digits = drawings_made_apart(200, seed=0)
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        os.environ["TMPDIR"] = str(place.temporary)  # of the server
        with serving(place.log, trained=place.trained) as address:
            app = server(processes())
            assert app
            tally, looks = asyncio.run(soak(address, arguments.minutes, arguments.visitors, digits, place))
        left: list[Any] = [each for each in processes() if each.session == app.number and each.megabytes]
        left += [*place.halves(), *(each.name for each in place.temporary.iterdir())]
        grows = {what: slope(looks, partial(_value, what)) for what in NAMES}
        judged = grows if arguments.minutes >= LONG else {}
        wrong = complaints(tally, judged, left, place.log.read_text(encoding="utf-8"))
        if arguments.log:
            shutil.copy(place.log, arguments.log)
        result = report(tally, looks, grows, wrong)
    if arguments.json:
        finish("soak", result)
    sys.exit(bool(wrong))


def _value(what: str, look: Look) -> float:
    return float(getattr(look, what))


if __name__ == "__main__":
    main()
