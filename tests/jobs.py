"""Trainings for tests: a queue whose trainings end when the test says so, a point, and a long training."""

import dataclasses
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from siamese_core.config import ARTICLE
from siamese_core.jobs import worker
from siamese_core.jobs.limits import Limits
from siamese_core.jobs.queue import ENDED, Jobs
from siamese_core.jobs.run_folder import Status
from siamese_core.training.monitor import Point

ENDLESS = dataclasses.replace(ARTICLE, epochs=50, training_images=42_000)  # longer than any test waits
POINT = Point(1.0, 0.5, 10, 20, None, 100.0, 0.3, 0.9, 0.6, 0.95)


class HandExecutor(Executor):
    """An executor that keeps its trainings until the test ends them.

    Its lock is held while the futures of a dead worker end, as in a process pool from Python 3.12 on.
    """

    def __init__(self) -> None:
        self.trainings: list[tuple[Path, Future[Any]]] = []
        self.calls: list[tuple[Callable[..., Any], tuple[Any, ...], Future[Any]]] = []  # all but trainings
        self.warm: Future[Any] = Future()
        self.warm_calls = 0
        self.broken = False
        self.fails: OSError | None = None
        self._lock = threading.Lock()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock."""
        assert self._lock.acquire(timeout=2), "deadlock"
        try:
            yield
        finally:
            self._lock.release()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take the lock, as a pool does."""
        with self.alone():
            pass

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Take a task."""
        with self.alone():
            return self._take(fn, args)

    def _take(self, fn: Callable[..., Any], args: tuple[Any, ...]) -> Future[Any]:
        if self.broken:
            raise BrokenProcessPool
        if self.fails:
            raise self.fails
        if fn is worker.warm:
            self.warm_calls += 1
            return self.warm
        future: Future[Any] = Future()
        if fn is worker.train:
            self.trainings.append((args[0], future))
        else:
            self.calls.append((fn, args, future))
        return future


class Server:
    """A queue with the executors it has made, of which it uses the last."""

    def __init__(self, root: Path, **limits: int) -> None:
        self.executors: list[HandExecutor] = []
        self.jobs = Jobs(root, Limits(**limits), self.make)

    def make(self) -> HandExecutor:
        """Return the next executor."""
        self.executors.append(HandExecutor())
        return self.executors[-1]

    def end(self, status: Status = Status("done")) -> None:  # noqa: B008 it is never changed
        """End the training under way."""
        self.executors[-1].trainings.pop(0)[1].set_result(status)
        noted()

    def die(self, error: Exception | None = None) -> None:
        """Let the worker die in the middle of its training, or the training end by an error."""
        executor = self.executors[-1]
        executor.broken = error is None
        with executor.alone():
            executor.trainings.pop(0)[1].set_exception(error or BrokenProcessPool())
        noted()

    def vanish(self) -> None:
        """Let the server be gone as if it had been killed: the system frees its lock."""
        file = self.jobs._owner._file
        assert file
        file.close()

    def states(self, *ids: str) -> list[str]:
        """Return the states of these runs."""
        found = [self.jobs.find(each) for each in ids]
        return [run.status.state if run else "gone" for run in found]


def noted() -> None:
    """Wait until the queue has recorded the end of each training."""
    for thread in threading.enumerate():
        if thread.name == ENDED:
            thread.join()
