"""The worker process as the app sees it: it starts with the first call, and another takes its place when it has died.

The only seam to it is `concurrent.futures.Executor`, so that a cluster can take its place (`cluster`). What runs there
is in `worker`.
"""

import multiprocessing
import sys
import threading
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any, TypeVar

from siamese_core.jobs import worker

T = TypeVar("T")
DIED = (
    "The process that trains and makes maps ended unexpectedly: it was stopped from outside, or it ran out of memory."
)
TRAININGS_PER_WORKER = 10  # then a new worker starts: XLA keeps about 15 MB for each network it has compiled
CLOSED = "The server is shutting down: its worker takes no more work."
MOST_RESULTS = 200  # kept of calls that are made once


class WorkerDiedError(BrokenExecutor):
    """A worker among several has died, or all are out of reach; the message is a sentence that says so, or empty."""


class ManyWorkers(Executor):
    """An executor with several workers, such as a cluster's; one of them may die and the others go on."""

    workers = 1  # how many there are now

    def listen(self, changed: Callable[[], None]) -> None:
        """Have a function called when the number of workers has changed."""
        raise NotImplementedError


class WorkerProcess:
    """One worker process at a time, which calls functions of a module one after another. Thread-safe."""

    def __init__(self, make_executor: Callable[[], Executor] | None = None) -> None:
        """make_executor: returns another executor than that of a local process."""
        self.trained = 0  # trainings that the worker in use has ended
        self.changed: Callable[[], None] = lambda: None  # is called when the number of workers has changed
        self._make_executor = make_executor or process_executor
        self._executor: Executor | None = None
        self._warm: Future[None] | None = None  # None until the worker in use has been asked to get ready
        self._leaving: list[BaseProcess] = []  # workers let go that still finish something
        self._ended = False
        self._once: dict[Hashable, Future[Any]] = {}  # calls by their keys, the latest last
        self._lock = threading.RLock()

    def warm(self) -> bool:
        """Have the worker get ready to train, and return whether it is; it is not where no process can start."""
        with self._lock:
            if self._warm and self._warm.done() and (self._warm.cancelled() or self._warm.exception()):
                self.let_go()
            if self._warm is None:
                with suppress(OSError, RuntimeError):
                    self._warm = self.submit(worker.warm)
            return self._warm is not None and self._warm.done() and not self._warm.exception()

    def submit(self, function: Callable[..., T], *arguments: object) -> "Future[T]":
        """Have the worker call a function of a module, after all calls submitted before.

        Raises RuntimeError after `end`, BrokenExecutor or OSError if no process can start.
        """
        with self._lock:
            if self._ended:
                raise RuntimeError(CLOSED)
            try:
                return self._submit(function, *arguments)
            except BrokenExecutor:  # the worker died while it was idle
                self.let_go()
                return self._submit(function, *arguments)

    def submit_once(self, key: Hashable, function: Callable[..., T], *arguments: object) -> "Future[T]":
        """Have the worker call a function, once for each key, which says all that its result depends on.

        A call that has failed is made anew when it is asked for again. The results of the last MOST_RESULTS are kept.
        """
        with self._lock:
            known = self._once.pop(key, None)
            failed = known is not None and known.done() and (known.cancelled() or known.exception())
            future = self.submit(function, *arguments) if known is None or failed else known
            self._once[key] = future
            for old in list(self._once)[:-MOST_RESULTS]:
                del self._once[old]
            return future

    @property
    def workers(self) -> int:
        """Return how many calls can be under way at once."""
        return self._executor.workers if isinstance(self._executor, ManyWorkers) else 1

    def renew(self, died: bool) -> None:
        """Let go a local worker that has died or has trained often; a cluster's workers look after themselves."""
        if not isinstance(self._executor, ManyWorkers) and (died or self.trained >= TRAININGS_PER_WORKER):
            self.let_go()

    def let_go(self) -> None:
        """Let the next call start a new worker; this one still finishes submitted work, such as a map."""
        with self._lock:
            if self._executor:
                alive = [process for process in self._leaving if process.is_alive()]
                self._leaving = [*alive, *_processes(self._executor)]
                self._executor.shutdown(wait=False)
            self._executor = self._warm = None

    def end(self) -> None:
        """End the worker at once, whatever it does; no other process of this one's is touched."""
        with self._lock:
            self._ended = True
            executor, self._executor = self._executor, None
            own = [*self._leaving, *_processes(executor)]
            if executor:
                executor.shutdown(wait=False, cancel_futures=True)
            for process in own:
                process.kill()

    def _submit(self, function: Callable[..., T], *arguments: object) -> "Future[T]":
        if self._executor is None:
            self._executor, self.trained, self._warm = self._make_executor(), 0, None
            if isinstance(self._executor, ManyWorkers):
                self._executor.listen(self.changed)
        with _without_main_module():  # the first call starts the process
            return self._executor.submit(function, *arguments)


def why(error: BaseException) -> str:
    """Return a sentence for an error that says that a worker has died."""
    return (str(error) if isinstance(error, WorkerDiedError) else "") or DIED


def process_executor() -> Executor:
    """Return an executor with one worker process, which starts with the first call and ends with this process."""
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), initializer=worker.start)


def _processes(executor: Executor | None) -> list[BaseProcess]:
    """Return the processes of a local executor, none for another kind. Private, but available since Python 3.3."""
    return list((getattr(executor, "_processes", None) or {}).values())


@contextmanager
def _without_main_module() -> Iterator[None]:
    """Hide the main module while a process is spawned.

    A spawned process first runs its parent's main module, which under Streamlit is the page that is running.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
