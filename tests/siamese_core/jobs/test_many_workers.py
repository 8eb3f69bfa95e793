"""The queue over several workers, as of a cluster, whose trainings end when the test says so; and the cluster away."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import pytest

from siamese_core.config import FAST
from siamese_core.jobs import cluster, estimate, run_folder, worker_process
from siamese_core.jobs.cluster import AWAY, Cluster
from siamese_core.jobs.limits import Limits
from siamese_core.jobs.queue import Jobs
from siamese_core.jobs.run_folder import Status
from siamese_core.jobs.worker_process import TRAININGS_PER_WORKER, ManyWorkers, WorkerDiedError
from tests.jobs import POINT, HandExecutor, noted


class Workers(HandExecutor, ManyWorkers):
    """Two workers; the test ends their trainings and may add a worker."""

    workers = 2

    def listen(self, changed: Callable[[], None]) -> None:
        """Note whom to tell."""
        self.changed = changed

    def end(self, place: int, result: Status | Exception) -> None:
        """End a training under way."""
        future = self.trainings.pop(place)[1]
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
        noted()


@pytest.fixture
def workers() -> Workers:
    return Workers()


@pytest.fixture
def jobs(tmp_path: Path, workers: Workers) -> Iterator[Jobs]:
    queue = Jobs(tmp_path, Limits(seconds=60), lambda: workers)
    yield queue
    queue.close()


def states(jobs: Jobs, *ids: str) -> list[str]:
    return [run.status.state if (run := jobs.find(each)) else "gone" for each in ids]


def test_as_many_train_at_once_as_there_are_workers(jobs: Jobs, workers: Workers) -> None:
    a, b, c, d = (jobs.submit(FAST, who).id for who in "abcd")
    assert states(jobs, a, b, c, d) == ["running", "running", "waiting", "waiting"]
    assert [jobs.place(each) for each in (c, d)] == [2, 3]
    assert jobs.training
    workers.end(1, Status("done"))
    assert states(jobs, a, b, c, d) == ["running", "done", "running", "waiting"]
    workers.workers = 3
    workers.changed()
    assert states(jobs, d) == ["running"]
    jobs.stop(c)
    found = jobs.find(c)
    assert found
    assert found.asked_to_stop


def test_a_worker_that_dies_fails_its_run_and_the_others_go_on(jobs: Jobs, workers: Workers) -> None:
    a, b = (jobs.submit(FAST, who) for who in "ab")
    run_folder.add_point(a.folder, POINT)
    workers.end(0, WorkerDiedError("It is gone."))
    assert run_folder.read(a.folder).status.sentence.startswith("It is gone. Try again")
    assert states(jobs, b.id) == ["running"]
    workers.end(0, WorkerDiedError())
    assert states(jobs, b.id) == ["running"], "it had not begun and begins once more"
    workers.end(0, Status("done"))
    assert states(jobs, b.id) == ["done"]


def test_a_clusters_workers_are_not_renewed(jobs: Jobs, workers: Workers) -> None:
    for _ in range(TRAININGS_PER_WORKER + 1):
        jobs.submit(FAST, "a")
        workers.end(0, Status("done"))
    assert jobs.worker._executor is workers


def test_each_waits_for_the_worker_that_is_free_first() -> None:
    half = POINT._replace(step=10, steps=20, seconds=8.0)  # 8 s more
    assert estimate.until_begin([half, None], 2, 0, [20.0], 60) == 8
    assert estimate.until_begin([half, None], 2, 1, [20.0], 60) == 20
    assert estimate.until_begin([half, None], 2, 2, [20.0], 60) == 28
    assert estimate.until_begin([half], 2, 0, [20.0], 60) == 0, "a worker is free"


def test_a_cluster_that_is_away_is_told_and_tried_again_later() -> None:
    found, own = Workers(), HandExecutor()
    tries: list[str] = []
    now = [0.0]

    def connect(address: str) -> Executor:
        tries.append(address)
        if len(tries) == 1:
            raise OSError("refused")
        return found

    make = Cluster("tcp://somewhere:8786")
    with (
        patch.object(cluster, "ClusterExecutor", connect),
        patch.object(worker_process, "process_executor", lambda: own),
        patch.object(cluster, "time", SimpleNamespace(monotonic=lambda: now[0])),
    ):
        assert make() is own
        assert make.note == AWAY
        now[0] = cluster.RETRY - 1
        assert make() is own
        assert len(tries) == 1
        now[0] = cluster.RETRY + 1
        assert make() is found
        assert make.note == ""
