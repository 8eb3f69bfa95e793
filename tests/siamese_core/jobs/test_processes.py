"""The queue with a real worker process: it trains, is stopped, is killed, and never outlives the app."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from siamese_core.config import FAST, ROOT, TrainingConfig
from siamese_core.jobs import run_folder
from siamese_core.jobs.limits import Limits
from siamese_core.jobs.queue import Jobs
from siamese_core.jobs.run_folder import Run
from tests.jobs import ENDLESS
from tests.small import small

pytestmark = pytest.mark.slow

LONG = 120.0  # seconds after which something is surely wrong
# An app that trains and goes away, its main module unprotected as a Streamlit page is.
APP = """
import multiprocessing, sys, time
from pathlib import Path
from siamese_core.jobs import run_folder
from siamese_core.jobs.limits import Limits
from siamese_core.jobs.queue import Jobs
from tests.jobs import ENDLESS
jobs = Jobs(Path(sys.argv[1]), Limits())
run = jobs.submit(ENDLESS, "x")
while not run_folder.read_points(run.folder):
    time.sleep(0.05)
print(multiprocessing.active_children()[0].pid, flush=True)
if sys.argv[2] == "stay":
    time.sleep(600)
"""


@pytest.fixture(scope="module")
def elsewhere() -> set[BaseProcess]:
    """Return the processes that other tests have left running."""
    return set(multiprocessing.active_children())


@pytest.fixture(scope="module")
def jobs(elsewhere: set[BaseProcess], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jobs]:
    queue = Jobs(tmp_path_factory.mktemp("runs"), Limits())
    yield queue
    queue.close()


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG
    while not holds():
        assert time.monotonic() < deadline, "it never came to pass"
        time.sleep(0.02)


def ended(run: Run) -> Run:
    """Wait for the end of a run and return it as it is then."""
    until(lambda: not run_folder.read(run.folder).active)
    return run_folder.read(run.folder)


def begun(jobs: Jobs, config: TrainingConfig, who: str) -> Run:
    """Submit a training and wait until its curves have begun."""
    run = jobs.submit(config, who)
    until(lambda: bool(run_folder.read_points(run.folder)))
    return run


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_trains(jobs: Jobs) -> None:
    run = ended(jobs.submit(small(FAST), "a"))
    assert run.status.state == "done", run.status.sentence
    assert run.model_folder
    assert jobs.worker.warm()


def test_stopped_in_the_middle_it_keeps_what_was_learned(jobs: Jobs) -> None:
    run = begun(jobs, ENDLESS, "b")
    jobs.stop(run.id)
    run = ended(run)
    assert run.status.state == "stopped"
    assert run.model_folder
    assert run_folder.read_points(run.folder)[-1].step < run_folder.read_points(run.folder)[-1].steps


def test_killed_in_the_middle_it_fails_and_the_next_goes_well(jobs: Jobs, elsewhere: set[BaseProcess]) -> None:
    run = begun(jobs, ENDLESS, "c")
    waiting = jobs.submit(small(FAST), "d")
    assert jobs.place(waiting.id) == 1
    (worker,) = set(multiprocessing.active_children()) - elsewhere
    worker.kill()
    run, waiting = ended(run), ended(waiting)
    assert run.status.state == "failed"
    assert "ended unexpectedly" in run.status.sentence
    assert run.model_folder is None
    assert waiting.status.state == "done", waiting.status.sentence


def test_killed_while_idle_nobody_notices(jobs: Jobs, elsewhere: set[BaseProcess]) -> None:
    ended(jobs.submit(small(FAST), "e"))
    (worker,) = set(multiprocessing.active_children()) - elsewhere
    worker.kill()
    worker.join()
    run = ended(jobs.submit(small(FAST, seed=1), "e"))
    assert run.status.state == "done", run.status.sentence


@pytest.mark.parametrize("way", ["leaves", "killed"])
def test_the_worker_ends_with_the_app(tmp_path: Path, way: str) -> None:
    script = tmp_path / "app.py"
    script.write_text(APP)
    command = [sys.executable, str(script), str(tmp_path / "runs"), "stay" if way == "killed" else "go"]
    app = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE)
    assert app.stdout
    pid = int(app.stdout.readline())
    if way == "killed":
        app.send_signal(signal.SIGKILL)
    app.wait(LONG)
    until(lambda: not alive(pid))
    app.stdout.close()
