"""The queue of trainings: one at a time runs in one warm worker process, the others wait.

What a training reports is in its run's folder.
"""

import atexit
import logging
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from functools import partial
from pathlib import Path

from siamese_core.config import TrainingConfig
from siamese_core.jobs import run_folder, worker
from siamese_core.jobs.limits import Limits
from siamese_core.jobs.run_folder import Run, Status
from siamese_core.jobs.worker_process import DIED, WorkerProcess

ADVICE = "Try again; if it happens again, use fewer images or shorter embeddings."
RESTARTED = "The server was restarted before the training had ended."
ENDED = "run ended"  # name of the thread that records the end of a run
TRAININGS_PER_WORKER = 10  # then a new worker starts: XLA keeps about 15 MB for each network it has compiled


class QueueError(ValueError):
    """A training cannot be queued; the message is one sentence that says why."""


class Jobs:
    """The queue of trainings and its worker. Thread-safe."""

    def __init__(self, root: Path, limits: Limits, make_executor: Callable[[], Executor] | None = None) -> None:
        """root: the folder of the runs. Runs that an earlier server left unfinished are marked as interrupted."""
        self.root, self.limits = root, limits
        self.worker = WorkerProcess(make_executor)
        self._queue: list[Run] = []
        self._current: Run | None = None
        self._retried = ""  # id of the last run that was started again because its worker had died
        self._closed = False
        self._lock = threading.RLock()
        for run in run_folder.read_all(root):
            if run.active:
                run_folder.write_status(run.folder, Status("interrupted", RESTARTED))
        # When the interpreter ends, an executor waits for its tasks before atexit's functions are called, and a
        # training may take minutes. Functions registered here, after the executor's own, are called before it. Private,
        # but available since Python 3.9.
        register = getattr(threading, "_register_atexit", atexit.register)
        register(self.close)

    def submit(self, config: TrainingConfig, visitor: str) -> Run:
        """Queue a training; asked for twice, it is queued once. Raises QueueError if the limits forbid it."""
        self._check(config)
        with self._lock:
            for run in self._under_way():
                if run.visitor == visitor and run.config == config:
                    return run_folder.read(run.folder)
                if run.visitor == visitor:
                    raise QueueError("One of your trainings is under way already: stop it, or wait for it to end.")
            if len(self._queue) >= self.limits.queue:
                raise QueueError(f"{len(self._queue)} trainings are waiting already. Please try again in a minute.")
            run = run_folder.create(self.root, config, visitor)
            self._queue.append(run)
            self._prune()
            self._start_next()
        return run_folder.read(run.folder)

    def stop(self, run_id: str) -> None:
        """Stop a run: a waiting one leaves the queue, a running one ends soon and keeps what was learned."""
        with self._lock:
            waiting = [run for run in self._queue if run.id == run_id]
            for run in waiting:
                self._queue.remove(run)
                run_folder.write_status(run.folder, Status("stopped", "It had not begun yet."))
            if not waiting and self._current and self._current.id == run_id:
                run_folder.ask_to_stop(self._current.folder)

    def find(self, run_id: str) -> Run | None:
        """Return a run by its id, None if there is no such run."""
        try:
            return run_folder.read(self.root / Path(run_id).name) if run_id else None
        except ValueError:
            return None

    def of_visitor(self, visitor: str) -> list[Run]:
        """Return a visitor's runs, oldest first."""
        return [run for run in run_folder.read_all(self.root) if run.visitor == visitor]

    def place(self, run_id: str) -> int:
        """Return how many trainings come before a waiting run; 0 if it does not wait."""
        with self._lock:
            ids = [run.id for run in self._queue]
            return ids.index(run_id) + (self._current is not None) if run_id in ids else 0

    @property
    def training(self) -> bool:
        """Return whether a training is running."""
        return self._current is not None

    def close(self) -> None:
        """End the worker; waiting and running trainings are marked as interrupted."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            for run in self._under_way():
                with suppress(OSError):
                    run_folder.write_status(run.folder, Status("interrupted", RESTARTED))
            self._queue.clear()
            self.worker.end()

    def _check(self, config: TrainingConfig) -> None:
        for value, most, what in (
            (config.epochs, self.limits.epochs, "epochs"),
            (config.training_images, self.limits.training_images, "training images"),
        ):
            if value > most:
                raise QueueError(f"At most {most:,} {what} are allowed here, not {value:,}.")

    def _under_way(self) -> list[Run]:
        return [*self._queue, *([self._current] if self._current else [])]

    def _start_next(self) -> None:
        while self._queue and not self._current:
            run = self._queue.pop(0)
            try:
                run_folder.write_status(run.folder, Status("running"))
                self.worker.warm()
                future = self.worker.submit(worker.train, run.folder, self.limits.seconds)
            except OSError as error:  # the disk is full, the folder is gone, or no process can be started
                logging.exception("run %s cannot begin", run.id)
                with suppress(OSError):
                    run_folder.write_status(
                        run.folder, Status("failed", f"The training could not begin: {error.strerror or error}.")
                    )
                continue
            self._current = run
            future.add_done_callback(partial(self._hand_over, run))

    def _hand_over(self, run: Run, future: Future[Status]) -> None:
        """Record the end in a thread of its own: when a worker dies, the calling one holds the executor's lock."""
        threading.Thread(target=self._finished, args=(run, future), name=ENDED, daemon=True).start()

    def _finished(self, run: Run, future: Future[Status]) -> None:
        """Record how a run ended and start the next; start it once more if its worker died before its first point."""
        with self._lock:
            if self._closed:
                return
            died = not future.cancelled() and isinstance(future.exception(), BrokenExecutor)
            self._current = None
            self.worker.trained += 1
            if died or self.worker.trained >= TRAININGS_PER_WORKER:
                self.worker.let_go()
            try:
                if died and run.id != self._retried and not run_folder.read_points(run.folder):
                    self._retried = run.id
                    self._queue.insert(0, run)
                elif run.folder.is_dir():
                    run_folder.write_status(run.folder, _status(future))
            finally:
                self._start_next()
                self.worker.warm()

    def _prune(self) -> None:
        """Delete the oldest runs beyond the limits, except waiting and running ones."""
        everyones = run_folder.read_all(self.root)
        ended = [run for run in everyones if not run.active]
        newest = self._queue[-1].visitor
        mine = [run for run in ended if run.visitor == newest]
        for run in mine[: max(0, len(mine) + 1 - self.limits.runs_per_visitor)]:
            run_folder.remove(run)
            ended.remove(run)
        held = {run.id: run_folder.size(run.folder) for run in ended}
        while ended and (len(ended) >= self.limits.runs or sum(held.values()) > self.limits.disk_mb * 2**20):
            run = ended.pop(0)
            run_folder.remove(run)
            held.pop(run.id)


def _status(future: Future[Status]) -> Status:
    """Return the final status of a training."""
    error = None if future.cancelled() else future.exception()
    if isinstance(error, BrokenExecutor):
        return Status("failed", f"{DIED} {ADVICE}")
    if error or future.cancelled():
        return Status("failed", f"An unexpected error occurred: {error or 'the training was cancelled'}.")
    return future.result()
