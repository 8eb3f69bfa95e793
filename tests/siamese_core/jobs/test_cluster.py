"""Trainings and maps on a real cluster: a scheduler and two workers, as the README says how to start them."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from siamese_core.config import FAST, ROOT
from siamese_core.jobs import cluster, records, run_folder
from siamese_core.jobs.cluster import AWAY, Cluster
from siamese_core.jobs.limits import Limits
from siamese_core.jobs.map_queue import MapJobs
from siamese_core.jobs.queue import Jobs
from siamese_core.jobs.run_folder import Run
from siamese_core.networks.model import load_model
from siamese_core.projection.umap_map import MapSettings
from tests.jobs import ENDLESS
from tests.small import small

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not importlib.util.find_spec("distributed"), reason="needs Dask: pip install -r requirements-cluster.txt"
    ),
]
LONG = 120.0  # seconds after which something is surely wrong


def until(holds: Callable[[], Any]) -> None:
    deadline = time.monotonic() + LONG
    while not holds():
        assert time.monotonic() < deadline, "it never came to pass"
        time.sleep(0.05)


def dask(role: str, *options: str, where: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "dask", role, "--no-dashboard", *options]
    with (where / f"{role}.log").open("wb") as log:
        return subprocess.Popen(command, cwd=where, env=environment, stdout=log, stderr=log, start_new_session=True)


def end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Give a scheduler with two workers, and its address."""
    where = tmp_path_factory.mktemp("cluster")
    contact = where / "contact.json"
    found = dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(contact), where=where)
    workers = None
    try:
        until(contact.is_file)
        options = ("--scheduler-file", str(contact), "--nworkers", "2", "--nthreads", "1", "--host", "127.0.0.1")
        workers = dask("worker", *options, where=where)
        until(lambda: (where / "worker.log").read_text().count("Registered to:") == 2)
        yield found, json.loads(contact.read_text())["address"]
    finally:
        end(found)
        if workers:
            end(workers)


@pytest.fixture(scope="module")
def jobs(scheduler: tuple[subprocess.Popen[bytes], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jobs]:
    queue = Jobs(tmp_path_factory.mktemp("runs"), Limits(), Cluster(scheduler[1]))
    yield queue
    queue.close()


def ended(jobs: Jobs, run: Run) -> Run:
    """Wait for the end of a run and return it as it is then."""
    until(lambda: not run_folder.read(run.folder).active)
    return run_folder.read(run.folder)


def worker_of(jobs: Jobs, run: Run) -> int:
    """Return the process id of the worker that trains a run."""
    executor: Any = jobs.worker._executor
    busy = {key: address for address, keys in executor._client.processing().items() for key in keys}
    (call_id,) = [each for each, call in executor._calls.items() if call.folder == run.folder]
    return int(executor._client.run(os.getpid)[busy[call_id]])


def test_two_train_at_once_one_is_stopped_and_one_loses_its_worker(jobs: Jobs) -> None:
    one, two, three = (jobs.submit(ENDLESS, who) for who in "abc")
    until(lambda: all(records.read_points(run.folder) for run in (one, two)))
    assert run_folder.read(three.folder).status.state == "waiting"
    assert jobs.place(three.id) == 2
    until(lambda: len(records.read_points(one.folder)) > 2)  # its progress comes over the cluster
    assert records.read_frames(one.folder)
    pid = worker_of(jobs, two)
    jobs.stop(one.id)
    one = ended(jobs, one)
    assert one.status.state == "stopped", one.status
    assert one.model_folder
    assert load_model(one.model_folder).card["stopped_at_step"] == records.read_points(one.folder)[-1].step
    until(lambda: records.read_points(three.folder))  # the free worker takes the next
    os.kill(pid, signal.SIGKILL)
    two = ended(jobs, two)
    assert two.status.state == "failed", two.status
    assert "ended unexpectedly" in two.status.sentence
    assert two.model_folder is None
    assert jobs.find(three.id) == run_folder.read(three.folder)
    assert run_folder.read(three.folder).active, "the other worker's training goes on"
    jobs.stop(three.id)
    assert ended(jobs, three).status.state == "stopped"


def test_a_map_is_made_there(jobs: Jobs) -> None:
    maps, embeddings = MapJobs(jobs), np.random.default_rng(0).normal(size=(400, 8)).astype(np.float32)
    until(lambda: maps.ask(embeddings, MapSettings()).xy is not None)
    xy = maps.ask(embeddings, MapSettings()).xy
    assert xy is not None
    assert xy.shape == (400, 2)
    assert [path.suffix for path in (jobs.root / "maps").iterdir()] == [".npz"], "nothing else is left"


def test_where_the_scheduler_goes_away_the_server_goes_on_by_itself(
    jobs: Jobs, scheduler: tuple[subprocess.Popen[bytes], str]
) -> None:
    made = jobs.worker._make_executor
    assert isinstance(made, Cluster)
    assert made.note == ""
    run = jobs.submit(ENDLESS, "d")
    until(lambda: records.read_points(run.folder))
    end(scheduler[0])
    run = ended(jobs, run)
    assert run.status.state == "failed"
    assert run.status.sentence.startswith(cluster.LOST)
    again = ended(jobs, jobs.submit(small(FAST), "d"))
    assert again.status.state == "done", again.status
    assert made.note == AWAY
    assert jobs.worker.workers == 1
