"""The worker killed at its worst moments, and a full disk: what was there stays whole, and the visitor is told."""

import multiprocessing
import resource
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from siamese_core.config import FAST, SHIPPED_MODEL
from siamese_core.datasets.dataset import DataError
from siamese_core.jobs import ending, records, run_folder, worker
from siamese_core.jobs.ending import ADVICE
from siamese_core.jobs.limits import Limits
from siamese_core.jobs.map_queue import MapJobs
from siamese_core.jobs.queue import Jobs
from siamese_core.jobs.run_folder import Run, Status
from siamese_core.jobs.worker_process import DIED
from siamese_core.networks.card import LITERT_FILE
from siamese_core.networks.model import NotConvertedError, load_model
from siamese_core.projection.umap_map import MapSettings
from tests.small import small, small_splits

pytestmark = pytest.mark.slow

LONG = 120.0  # seconds after which something is surely wrong
STEP = 0.005  # seconds between two looks, short enough to see a file that is being written


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    queue = Jobs(tmp_path / "runs", Limits())
    yield queue
    queue.close()


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + LONG
    while not holds():
        assert time.monotonic() < deadline, "it never came to pass"
        time.sleep(STEP)


def kill(jobs: Jobs) -> None:
    """Kill the worker, as the system does when the memory runs out."""
    (process,) = set(multiprocessing.active_children()) & set(jobs.worker._executor._processes.values())  # type: ignore
    process.kill()


def test_killed_while_it_writes_the_network_a_run_has_all_of_it_or_none(jobs: Jobs) -> None:
    run = jobs.submit(small(FAST, epochs=2), "a")
    until(lambda: any(path.is_dir() and path.name.startswith(".") for path in run.folder.iterdir()))
    kill(jobs)
    until(lambda: not run_folder.read(run.folder).active)
    run = run_folder.read(run.folder)
    assert run.status == Status("failed", f"{DIED} {ADVICE}")
    assert run.model_folder is None
    assert records.read_points(run.folder), "its curves are still there"


def test_killed_while_it_converts_the_network_is_as_before(jobs: Jobs, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SHIPPED_MODEL, tmp_path / "model"))
    (folder / LITERT_FILE).unlink()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert jobs.worker.submit(abs, -1).result(LONG) == 1
    future = jobs.worker.submit(worker.convert, folder)
    until(future.running)
    time.sleep(np.random.default_rng(0).uniform(1.0, 4.0))  # at whatever it does by then
    kill(jobs)
    future.exception(LONG)
    if not (folder / LITERT_FILE).exists():
        with pytest.raises(NotConvertedError):
            load_model(folder)
    else:
        load_model(folder)
    assert {name: (folder / name).read_bytes() for name in before} == before


def test_killed_while_it_makes_a_map_the_visitor_is_told_and_nothing_half_is_left(jobs: Jobs) -> None:
    maps, settings = MapJobs(jobs), MapSettings()
    embeddings = np.random.default_rng(0).normal(size=(2_000, 8)).astype(np.float32)
    until(lambda: maps.ask(embeddings, settings).share is not None)
    kill(jobs)
    until(lambda: maps.ask(embeddings, settings).complaint)
    assert maps.ask(embeddings, settings).complaint == DIED
    assert list((jobs.root / "maps").glob("*.npz")) == []


# --- a full disk ---


@contextmanager
def no_file_larger(than: int) -> Iterator[None]:
    """Let the system refuse to write beyond so many bytes of a file, as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (than, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    with patch.object(worker, "_splits", small_splits):
        worker.warm()
        yield run_folder.create(tmp_path, small(FAST), "a")


@pytest.mark.parametrize("size", [0, 3_000, 60_000])  # refuses the points, the frames, the network
def test_a_disk_that_is_full_fails_the_training_with_a_word_and_leaves_no_half_network(run: Run, size: int) -> None:
    try:
        with no_file_larger(size):
            status = worker.train(run.folder, 60)
    except OSError as error:
        future: Future[Status] = Future()
        future.set_exception(error)
        status = ending.status_of(future)
    assert status == Status("failed", "The trained network could not be stored: File too large.")
    assert run.model_folder is None
    assert not (run.folder / run_folder.MODEL).exists()
    assert not list(run.folder.glob(".*")), "nothing half is left to fill the disk"


def test_without_mnist_a_training_says_so(run: Run) -> None:
    with patch.object(worker, "_splits", side_effect=DataError("mnist.npz is missing")):
        assert worker.train(run.folder, 60) == Status("failed", "MNIST cannot be used: mnist.npz is missing.")
