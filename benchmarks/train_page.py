"""The speed of the Train page: from click to curve, drawing while someone trains, memory over many trainings.

First point: from pressing Train with a warm worker to the first point of the curves (the untrained network) and to the
first point of the training loss, in headless Chromium. Drawing: the latency of Compare without and with a running
training, one after the other. Memory: of the worker and of the process that holds the queue (Linux only).
"""

import argparse
import dataclasses
import multiprocessing
import os
import re
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.browser_speed import VIEW, latency
from benchmarks.report import finish, machine, spread, tell
from siamese_core.config import ARTICLE, FAST
from siamese_core.jobs import run_folder
from siamese_core.jobs.limits import Limits
from siamese_core.jobs.queue import Jobs
from siamese_core.jobs.worker_process import TRAININGS_PER_WORKER
from tests.browser.chromium import chromium
from tests.browser.drawing import RUN_LIMIT, open_page, watch
from tests.browser.serving import serving

LONG = "/Train?epochs=50"  # the article's recipe, longer than any measurement
POINT = ".st-key-curves .scatterlayer path.point, .st-key-curves .scatterlayer path.js-line"


# Notes when the button was pressed, when the curves got their first point, and when the first one of the training loss.
STOPWATCH = """
(points) => {
    window.lap = {pressed: 0, first: 0, learned: 0};
    window.addEventListener('pointerdown', () => { window.lap.pressed ||= performance.now(); }, true);
    new MutationObserver(() => {
        if (!window.lap.pressed) return;
        if (!window.lap.first && document.querySelector(points)) window.lap.first = performance.now();
        const status = document.querySelector('.st-key-run_status')?.innerText ?? '';
        if (!window.lap.learned && /step [1-9]/.test(status)) window.lap.learned = performance.now();
    }).observe(document.body, {childList: true, subtree: true, characterData: true});
}
"""


def first_points(browser: Browser, address: str) -> tuple[float, float]:
    """Return the seconds from pressing Train to the first point of a curve and to the first steps of an epoch."""
    with browser.new_context(viewport=VIEW, base_url=address) as context:
        page = _train_page(context.new_page())
        page.evaluate(STOPWATCH, POINT)
        page.get_by_role("button", name="Train", exact=True).click()
        page.wait_for_function("() => window.lap.first && window.lap.learned", timeout=RUN_LIMIT)
        lap = page.evaluate("() => window.lap")
        _stop(page)
    return (lap["first"] - lap["pressed"]) / 1000, (lap["learned"] - lap["pressed"]) / 1000


def drawing(browser: Browser, address: str, strokes: int) -> tuple[list[float], list[float]]:
    """Return the latency in milliseconds of each stroke without a training, and while one is running."""
    peace = latency(browser, address, strokes)
    with browser.new_context(viewport=VIEW, base_url=address) as context:
        page = _train_page(context.new_page())
        page.get_by_role("button", name="Train", exact=True).click()
        page.locator(".st-key-run_status").get_by_text(re.compile("step [1-9]")).wait_for(timeout=RUN_LIMIT)
        busy = latency(browser, address, strokes)
        assert page.locator(".st-key-run_status").inner_text().startswith("Running"), "the training was too short"
        _stop(page)
    return peace, busy


def _train_page(page: Page) -> Page:
    watch(page)
    open_page(page, LONG)
    page.locator(".st-key-curves .main-svg").first.wait_for(timeout=RUN_LIMIT)
    return page


def _stop(page: Page) -> None:
    page.get_by_role("button", name="Stop", exact=True).click()
    page.locator(".st-key-run_status").get_by_text(re.compile("^Stopped")).wait_for(timeout=RUN_LIMIT)


def memory(trainings: int) -> tuple[list[int], list[int]]:
    """Return the megabytes of the worker and of this process after each training."""
    worker, queue = [], []
    with tempfile.TemporaryDirectory() as folder:
        jobs = Jobs(Path(folder), Limits())
        for seed in range(trainings):
            recipe = (FAST, dataclasses.replace(ARTICLE, epochs=2))[seed % 2]
            run = jobs.submit(dataclasses.replace(recipe, seed=seed), "benchmark")
            while run_folder.read(run.folder).active:
                time.sleep(0.05)
            assert run_folder.read(run.folder).status.state == "done"
            child = max(multiprocessing.active_children(), key=lambda process: process.pid or 0)  # the newest
            if seed % TRAININGS_PER_WORKER != TRAININGS_PER_WORKER - 1:  # else it has just been started afresh
                worker.append(_resident(child.pid or 0))
            queue.append(_resident(os.getpid()))
        jobs.close()
    return worker, queue


def _resident(pid: int) -> int:
    """Return the resident memory of a process in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clicks", type=int, default=9)
    parser.add_argument("--strokes", type=int, default=40)
    parser.add_argument("--trainings", type=int, default=30)
    arguments = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder, chromium() as browser, serving(Path(folder) / "log") as address:
        first_points(browser, address)  # starts the worker
        clicks = [first_points(browser, address) for _ in range(arguments.clicks)]
        peace, busy = drawing(browser, address, arguments.strokes)
    first, learned = map(list, zip(*clicks, strict=True))
    tell("Train pressed to the first point of a curve", first, "s", "median at most 2")
    tell("the same, to the first epoch's first part", learned, "s")
    tell("pen up to new distance, no training", peace, "ms")
    tell("the same while a training runs", busy, "ms", "the median at most doubles")
    worker, queue = memory(arguments.trainings)
    for name, megabytes in (("worker", worker), ("queue", queue)):
        third = len(megabytes) // 3
        tell(f"memory of the {name}, first third of {arguments.trainings} trainings", megabytes[:third], "MB")
        tell(f"memory of the {name}, last third", megabytes[-third:], "MB", "level")
    finish(
        "train_page",
        {"first_s": spread(first), "learned_s": spread(learned), "peace_ms": spread(peace), "busy_ms": spread(busy),
         "worker_mb": worker, "queue_mb": queue},
    )  # fmt: skip


if __name__ == "__main__":
    main()
