"""Maps made in the worker: each once for everybody, kept, and told about when they fail; the worker is this process."""

import os
from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from siamese_core.jobs import map_queue, worker
from siamese_core.jobs.limits import Limits
from siamese_core.jobs.map_queue import MapJobs
from siamese_core.jobs.queue import Jobs
from siamese_core.jobs.worker_process import DIED
from siamese_core.projection import umap_map
from siamese_core.projection.umap_map import MapSettings

EMBEDDINGS = np.random.default_rng(0).normal(size=(60, 4)).astype(np.float32)
OTHERS = EMBEDDINGS + 1
XY = EMBEDDINGS[:, :2]
SETTINGS = MapSettings(neighbours=5)


class HandExecutor(Executor):
    """Keeps the tasks until the test runs one."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Callable[[], Any], Future[Any]]] = []
        self.submitted = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Take a task; the worker is warm at once."""
        future: Future[Any] = Future()
        if fn is worker.warm:
            future.set_result(None)
            return future
        self.submitted += 1
        self.waiting.append((partial(fn, *args, **kwargs), future))
        return future

    def run(self) -> None:
        """Run the first task."""
        task, future = self.waiting.pop(0)
        try:
            future.set_result(task())
        except Exception as error:  # noqa: BLE001 as an executor does
            future.set_exception(error)


@pytest.fixture
def executor() -> HandExecutor:
    return HandExecutor()


@pytest.fixture
def jobs(tmp_path: Path, executor: HandExecutor, monkeypatch: pytest.MonkeyPatch) -> MapJobs:
    def fit(embeddings: np.ndarray, settings: MapSettings, tell: Callable[[float], None]) -> np.ndarray:
        tell(0.25)
        return embeddings[:, : settings.dimensions]

    monkeypatch.setattr(umap_map, "fit_umap", fit)
    return MapJobs(Jobs(tmp_path, Limits(), lambda: executor))


def test_a_map_is_made_once_for_all_who_ask_for_the_same(jobs: MapJobs, executor: HandExecutor) -> None:
    assert jobs.ask(EMBEDDINGS, SETTINGS) == jobs.ask(EMBEDDINGS.copy(), SETTINGS) == map_queue.MapState()
    assert executor.submitted == 1
    executor.run()
    found = jobs.ask(EMBEDDINGS, SETTINGS)
    assert found.xy is not None
    np.testing.assert_array_equal(found.xy, XY)
    assert executor.submitted == 1


def test_other_embeddings_and_other_settings_are_other_maps(jobs: MapJobs, executor: HandExecutor) -> None:
    for embeddings, settings in (
        (EMBEDDINGS, SETTINGS),
        (OTHERS, SETTINGS),
        (EMBEDDINGS, SETTINGS._replace(neighbours=6)),
        (EMBEDDINGS, SETTINGS._replace(min_dist=0.2)),
        (EMBEDDINGS, SETTINGS._replace(dimensions=3)),
    ):
        jobs.ask(embeddings, settings)
    assert executor.submitted == 5


def test_a_map_is_found_again_by_the_next_server(jobs: MapJobs, executor: HandExecutor, tmp_path: Path) -> None:
    jobs.ask(EMBEDDINGS, SETTINGS)
    executor.run()
    later = HandExecutor()
    assert MapJobs(Jobs(tmp_path, Limits(), lambda: later)).ask(EMBEDDINGS, SETTINGS).xy is not None
    assert not later.submitted


def test_a_damaged_map_is_made_anew(jobs: MapJobs, executor: HandExecutor, tmp_path: Path) -> None:
    jobs.ask(EMBEDDINGS, SETTINGS)
    executor.run()
    (path,) = (tmp_path / map_queue.FOLDER).iterdir()
    path.write_bytes(b"nonsense")
    assert jobs.ask(EMBEDDINGS, SETTINGS).xy is None
    executor.run()
    assert jobs.ask(EMBEDDINGS, SETTINGS).xy is not None


def test_how_far_a_map_is_can_be_read_as_it_is_made(
    jobs: MapJobs, executor: HandExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[float | None] = []

    def fit(embeddings: np.ndarray, settings: MapSettings, tell: Callable[[float], None]) -> np.ndarray:
        seen.append(jobs.ask(embeddings, settings).share)
        tell(0.25)
        seen.append(jobs.ask(embeddings, settings).share)
        return XY

    monkeypatch.setattr(umap_map, "fit_umap", fit)
    assert jobs.ask(EMBEDDINGS, SETTINGS).share is None
    executor.run()
    assert seen == [0, 0.25]


def test_a_failure_is_told_and_tried_again_only_when_asked(
    jobs: MapJobs, executor: HandExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = umap_map.fit_umap

    def fail(*_: object) -> None:
        raise ValueError("no such luck")

    monkeypatch.setattr(umap_map, "fit_umap", fail)
    jobs.ask(EMBEDDINGS, SETTINGS)
    executor.run()
    assert "no such luck" in jobs.ask(EMBEDDINGS, SETTINGS).complaint
    assert executor.submitted == 1
    monkeypatch.setattr(umap_map, "fit_umap", good)
    jobs.forget_failure(EMBEDDINGS, SETTINGS)
    assert not jobs.ask(EMBEDDINGS, SETTINGS).complaint
    executor.run()
    assert jobs.ask(EMBEDDINGS, SETTINGS).xy is not None


def test_a_dead_worker_is_told_in_a_sentence(jobs: MapJobs, executor: HandExecutor) -> None:
    jobs.ask(EMBEDDINGS, SETTINGS)
    executor.waiting.pop()[1].set_exception(BrokenProcessPool())
    assert jobs.ask(EMBEDDINGS, SETTINGS).complaint == DIED


def test_a_map_that_went_with_its_worker_is_begun_again(jobs: MapJobs, executor: HandExecutor) -> None:
    jobs.ask(EMBEDDINGS, SETTINGS)
    executor.waiting.pop()[1].cancel()
    assert not jobs.ask(EMBEDDINGS, SETTINGS).complaint
    executor.run()
    assert jobs.ask(EMBEDDINGS, SETTINGS).xy is not None


def test_settings_that_cannot_be_are_refused_before_the_worker_sees_them(jobs: MapJobs, executor: HandExecutor) -> None:
    with pytest.raises(ValueError, match="neighbours"):
        jobs.ask(EMBEDDINGS, MapSettings(neighbours=60))
    assert not executor.submitted


def test_the_maps_asked_for_longest_ago_go_first(
    jobs: MapJobs, executor: HandExecutor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(map_queue, "MOST_MAPS", 2)
    for age, embeddings in enumerate((EMBEDDINGS, OTHERS, OTHERS + 1)):
        jobs.ask(embeddings, SETTINGS)
        executor.run()
        for path in (tmp_path / map_queue.FOLDER).glob(f"{umap_map.digest(embeddings)}*"):
            os.utime(path, (age, age))
    kept = {path.name.partition("_")[0] for path in (tmp_path / map_queue.FOLDER).iterdir()}
    assert kept == {umap_map.digest(OTHERS), umap_map.digest(OTHERS + 1)}
