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
from siamese_core.jobs.worker_process import CLOSED, DIED
from siamese_core.projection import umap_map
from siamese_core.projection.umap_map import MapError, MapSettings

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


def test_a_visitor_who_asks_for_one_map_after_another_keeps_nobody_waiting(
    jobs: MapJobs, executor: HandExecutor
) -> None:
    many = [MapSettings(neighbours=n) for n in (5, 6, 7, 8)]
    jobs.ask(EMBEDDINGS, SETTINGS, "other")
    for settings in many:
        jobs.ask(EMBEDDINGS, settings, "hurried")
    given_up = [future.cancelled() for _, future in executor.waiting]
    assert given_up == [False, True, False, False], "5 is the other visitor's too, and the last two are awaited"
    jobs.ask(EMBEDDINGS, many[1], "hurried")
    assert executor.submitted == 5, "asked for again it is begun anew"


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
    assert jobs.ask(EMBEDDINGS, SETTINGS).complaint == map_queue.FAILED
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


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (MapError("No map."), "No map."),
        (MemoryError(), map_queue.NO_MEMORY),
        (OSError(28, "No space left on device"), "The map could not be made or stored: No space left on device."),
        (ValueError("expected this, got that"), map_queue.FAILED),
        (BrokenProcessPool(), DIED),
    ],
)
def test_every_failure_is_a_whole_sentence(
    jobs: MapJobs, executor: HandExecutor, error: Exception, sentence: str
) -> None:
    jobs.ask(EMBEDDINGS, SETTINGS)
    executor.waiting.pop()[1].set_exception(error)
    assert jobs.ask(EMBEDDINGS, SETTINGS).complaint == sentence


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(11, "Resource temporarily unavailable"), "Resource temporarily unavailable."),
        (BrokenProcessPool(), DIED),
        (RuntimeError("can't start new thread"), map_queue.FAILED),
    ],
)
def test_a_worker_that_cannot_take_a_map_is_asked_again_only_on_request(
    jobs: MapJobs, executor: HandExecutor, monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    asked: list[object] = []

    def refuse(*arguments: object) -> None:
        asked.append(arguments)
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(executor, "submit", refuse)
        before = len(asked)
        assert jobs.ask(EMBEDDINGS, SETTINGS).complaint.endswith(sentence)
        tried = len(asked)
        assert jobs.ask(EMBEDDINGS, SETTINGS).complaint.endswith(sentence)
        assert before < tried == len(asked)
    jobs.forget_failure(EMBEDDINGS, SETTINGS)
    assert not jobs.ask(EMBEDDINGS, SETTINGS).complaint


def test_a_closed_queue_makes_no_maps(tmp_path: Path, executor: HandExecutor) -> None:
    queue = Jobs(tmp_path, Limits(), lambda: executor)
    queue.close()
    assert MapJobs(queue).ask(EMBEDDINGS, SETTINGS).complaint == CLOSED


def test_the_share_of_a_map_never_falls(
    jobs: MapJobs, executor: HandExecutor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Not while its file is half-written, nor when it has been deleted at the end, nor by one left before."""
    share = tmp_path / map_queue.FOLDER / f"{umap_map.digest(EMBEDDINGS)}_{umap_map.file_name(SETTINGS)}"
    share = share.with_suffix(".share")
    share.parent.mkdir()
    share.write_text("0.9")  # left by a worker that died
    seen: list[float | None] = [jobs.ask(EMBEDDINGS, SETTINGS).share]

    def fit(embeddings: np.ndarray, settings: MapSettings, tell: Callable[[float], None]) -> np.ndarray:
        def look() -> None:
            seen.append(jobs.ask(embeddings, settings).share)

        look()
        for told in ("0.5", "", "0", "nan", "-3", "half", "0.7", None):
            if told is None:
                share.unlink()
            else:
                share.write_text(told)
            look()
        return XY

    monkeypatch.setattr(umap_map, "fit_umap", fit)
    executor.run()
    assert seen == [None, 0, *[0.5] * 6, 0.7, 0.7]


def test_the_share_is_written_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that comes while it is written finds the old one."""
    path, seen = tmp_path / "map.npz", []
    write = Path.write_bytes

    def halfway(self: Path, content: bytes) -> int:
        length = write(self, content[:1])
        seen.append(worker.read_share(path))
        return length + write(self, content)

    def fit(embeddings: np.ndarray, settings: MapSettings, tell: Callable[[float], None]) -> np.ndarray:
        tell(0.25)
        tell(0.75)
        return XY

    monkeypatch.setattr(umap_map, "fit_umap", fit)
    monkeypatch.setattr(umap_map, "write_map", lambda *_: None)
    monkeypatch.setattr(Path, "write_bytes", halfway)
    worker.make_map(EMBEDDINGS, SETTINGS, path, 60)
    assert seen == [None, 0, 0.25]


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


def test_what_a_killed_worker_left_of_a_map_is_deleted_when_it_is_made_again(
    jobs: MapJobs, executor: HandExecutor, tmp_path: Path
) -> None:
    jobs.ask(EMBEDDINGS, SETTINGS)
    executor.waiting.pop(0)[1].set_exception(BrokenProcessPool())
    name = f"{umap_map.digest(EMBEDDINGS)}_{umap_map.file_name(SETTINGS)}"
    mine, other = (tmp_path / map_queue.FOLDER / each for each in (f".{name}.0a1b2c3d", f".other_{name}.0a1b2c3d"))
    for half in (mine, other):
        half.write_bytes(b"PK")
    jobs.forget_failure(EMBEDDINGS, SETTINGS)
    jobs.ask(EMBEDDINGS, SETTINGS)
    assert not mine.exists()
    assert other.exists(), "somebody else's may be under way"


def test_after_a_failure_that_was_forgotten_another_map_can_be_asked_for(jobs: MapJobs, executor: HandExecutor) -> None:
    jobs.ask(EMBEDDINGS, SETTINGS, "a")
    executor.waiting.pop(0)[1].set_exception(BrokenProcessPool())
    jobs.forget_failure(EMBEDDINGS, SETTINGS)
    assert jobs.ask(OTHERS, SETTINGS, "a").complaint == ""
    executor.run()
    assert jobs.ask(OTHERS, SETTINGS, "a").xy is not None
