"""Real servers, spoken to as a browser does: one that is ended in the middle of a training, two with one folder."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from benchmarks.visitors import Tally, Trainer, processes
from benchmarks.wire import Browser, browsing
from siamese_core.jobs import run_folder
from siamese_core.jobs.run_folder import Run
from tests.browser.serving import serving

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes in /proc")]

LONG = 120.0  # seconds after which something is surely wrong


def children() -> set[int]:
    """Return the sessions of the servers started from here: their numbers."""
    return {each.number for each in processes() if each.parent == os.getpid() and each.session == each.number}


async def no_family(session: int) -> None:
    """Wait until nothing that a server started is left; the dead that nobody has buried take no memory."""
    async with asyncio.timeout(LONG):
        while any(each.session == session and each.megabytes for each in processes()):
            await asyncio.sleep(0.05)


async def begin(browser: Browser, trainer: Trainer) -> None:
    """Press Train and wait until the curves have begun."""
    assert await browser.until(lambda: not browser.running, LONG), browser.errors
    await browser.press("Train")
    assert await browser.until(lambda: "epoch" in trainer.status, LONG), trainer.status


def only_run(folder: Path) -> Run:
    (run,) = run_folder.read_all(folder)
    return run


def test_asked_to_end_while_it_trains_a_server_ends_with_its_worker_and_notes_it(tmp_path: Path) -> None:
    async def visit(address: str, number: int) -> None:
        trainer = Trainer(Tally())
        async with browsing(address, trainer.show, "Train", "epochs=50") as browser:
            await begin(browser, trainer)
            os.kill(number, signal.SIGTERM)  # the server alone, as the runtime of a container does
            await no_family(number)

    before = children()
    with serving(log := tmp_path / "log", trained=tmp_path) as address:
        (number,) = children() - before
        asyncio.run(visit(address, number))
    assert "Traceback" not in log.read_text()
    run = only_run(tmp_path)
    assert (run.status.state, run.model_folder) == ("interrupted", None)


def test_of_two_servers_with_one_folder_each_shows_the_others_runs_and_tells_when_that_is_gone(tmp_path: Path) -> None:
    async def visit(one: str, number: int, other: str) -> None:
        trainer, guest = Trainer(Tally()), Trainer(Tally())
        async with browsing(one, trainer.show, "Train", "epochs=50") as browser:
            await begin(browser, trainer)
            async with browsing(other, guest.show, "Train", f"run={only_run(tmp_path).id}") as beside:
                assert await beside.until(lambda: "epoch" in guest.status, LONG), beside.errors
                os.kill(number, signal.SIGKILL)
                assert await beside.until(lambda: "Interrupted" in guest.status, LONG), guest.status
                assert "The server was restarted" in guest.status
                await beside.press("Train")
                assert await beside.until(lambda: "Running" in guest.status, LONG), guest.status

    before = children()
    with serving(tmp_path / "one", trained=tmp_path) as one:
        (number,) = children() - before
        with serving(tmp_path / "two", trained=tmp_path) as other:
            asyncio.run(visit(one, number, other))
    assert [run.status.state for run in run_folder.read_all(tmp_path)][1:] == ["interrupted"]
