"""The queue of trainings: one at a time runs in one warm worker process, on a cluster one a worker; the others wait.

What a training reports is in its run's folder. Whether it is under way, the queue itself remembers: a full disk, on
which the end of a run cannot be noted, keeps nobody waiting.
"""

import atexit
import logging
import re
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from functools import partial
from pathlib import Path

from siamese_core.config import TrainingConfig
from siamese_core.files import sweep
from siamese_core.jobs import data_folder, ending, estimate, keeping, records, run_folder, worker
from siamese_core.jobs.data_sets import MNIST
from siamese_core.jobs.limits import Limits
from siamese_core.jobs.owner import Owner
from siamese_core.jobs.run_folder import Run, Status
from siamese_core.jobs.worker_process import WorkerProcess

CLOSED = "The server is shutting down: no training can begin any more."
NOT_YOURS = "There is no such run among yours."
ID = r"[0-9A-Za-z_-]+"  # of a run, as it comes in a link: one folder in the folder of the runs
NOT_BEGUN = Status("stopped", "It had not begun yet.")
ENDED = "run ended"  # name of the thread that records the end of a run
TIMED = 10  # latest trainings whose seconds give the estimate for those that wait


class QueueError(ValueError):
    """What is asked of the queue cannot be done; the message is one sentence that says why."""


class Jobs:
    """The queue of trainings and its worker. Thread-safe."""

    def __init__(self, root: Path, limits: Limits, make_executor: Callable[[], Executor] | None = None) -> None:
        """root: the folder of the runs. Those that a server left unfinished which has ended are called interrupted."""
        self.root, self.limits = root, limits
        self.worker = WorkerProcess(make_executor)
        self.worker.changed = self._more_workers
        self._queue: list[Run] = []
        self._running: list[Run] = []
        self._retried = ""  # id of the last run that was started again because its worker had died
        self._unwritten: dict[str, Status] = {}  # how runs ended whose folders could not be written, by their ids
        self._closed = False
        self._lock = threading.RLock()
        self._owner = Owner(root)
        runs = run_folder.read_all(root)
        for run in runs:
            if run.active and not self._owner.lives(run.server):
                self._note(run, ending.RESTARTED)
                self._sweep(run)
        self._took: deque[float] = deque(maxlen=TIMED)  # seconds of the latest trainings
        for run in [run for run in runs if run.status.state == "done"][-TIMED:]:
            self._took.extend(ending.seconds_of(run))
        # When the interpreter ends, an executor waits for its tasks before atexit's functions are called, and a
        # training may take minutes. Functions registered here, after the executor's own, are called before it. Private,
        # but available since Python 3.9.
        register = getattr(threading, "_register_atexit", atexit.register)
        register(self.close)

    def submit(self, config: TrainingConfig, visitor: str, data: str = MNIST) -> Run:
        """Queue a training; asked for twice, it is queued once. Raises QueueError if the limits forbid it.

        data: key of the data set, see `data_sets`.
        """
        self._check(config)
        with self._lock:
            if self._closed:
                raise QueueError(CLOSED)
            for run in self._under_way():
                if run.visitor == visitor and (run.config, run.data) == (config, data):
                    return run_folder.read(run.folder)
                if run.visitor == visitor:
                    raise QueueError("One of your trainings is under way already: stop it, or wait for it to end.")
            if len(self._queue) >= self.limits.queue:
                raise QueueError(f"{len(self._queue)} trainings are waiting already. Please try again in a minute.")
            try:
                run = run_folder.create(self.root, config, visitor, self._owner.id, data)
            except OSError as error:
                raise QueueError(f"The training cannot be stored: {error.strerror or error}.") from None
            self._queue.append(run)
            beside = run_folder.size(self.root / data_folder.FOLDER)
            for old in keeping.surplus(run_folder.read_all(self.root), visitor, self.limits, beside):
                run_folder.remove(old)
            self._start_next()
            return self._as_known(run_folder.read(run.folder))

    def stop(self, run_id: str) -> None:
        """Stop a run: a waiting one leaves the queue, a running one ends soon and keeps what was learned.

        One of another server is asked to, and leaves that one's queue when its turn comes.
        """
        with self._lock:
            waiting = [run for run in self._queue if run.id == run_id]
            for run in waiting:
                self._queue.remove(run)
                self._note(run, NOT_BEGUN)
            found = self.find(run_id)
            if not waiting and found and found.active:
                run_folder.ask_to_stop(found.folder)

    def rename(self, run_id: str, visitor: str, name: str) -> None:
        """Give a run a name, as `run_folder.clean_name` makes it; an empty one takes its name away.

        Raises QueueError unless the run is the visitor's own.
        """
        run = self._own(run_id, visitor)
        try:
            run_folder.write_name(run.folder, name)
        except OSError as error:
            raise QueueError(f"The name cannot be stored: {error.strerror or error}.") from None

    def delete(self, run_id: str, visitor: str) -> None:
        """Delete a run with its model. Raises QueueError unless it is the visitor's own and has ended."""
        with self._lock:
            run = self._own(run_id, visitor)
            if run.active:
                raise QueueError("This training is under way: stop it first, and delete it when it has ended.")
            run_folder.remove(run)
            if run.folder.exists():
                raise QueueError("The run could not be deleted. Please try again.")
            self._unwritten.pop(run.id, None)

    def find(self, run_id: str) -> Run | None:
        """Return a run by its id, None if there is no such run."""
        try:
            name = Path(run_id).name
            return self._as_known(run_folder.read(self.root / name)) if re.fullmatch(ID, name) else None
        except ValueError:
            return None

    def of_visitor(self, visitor: str) -> list[Run]:
        """Return a visitor's runs, oldest first."""
        runs = [run for run in run_folder.read_all(self.root) if run.visitor == visitor]
        return [known for run in runs if (known := self.find(run.id) if run.active else run)]

    def place(self, run_id: str) -> int:
        """Return how many trainings come before a waiting run; 0 if it does not wait."""
        with self._lock:
            ids = [run.id for run in self._queue]
            return ids.index(run_id) + len(self._running) if run_id in ids else 0

    def seconds_before(self, run_id: str) -> float | None:
        """Return the estimated seconds until a waiting run begins, see `estimate`; None if it does not wait."""
        with self._lock:
            ids, running, took = [run.id for run in self._queue], list(self._running), list(self._took)
        if run_id not in ids:
            return None
        points = [next(reversed(records.read_points(run.folder)), None) for run in running]
        return estimate.until_begin(points, self.worker.workers, ids.index(run_id), took, self.limits.seconds)

    @property
    def training(self) -> bool:
        """Return whether trainings keep all workers busy."""
        return len(self._running) >= self.worker.workers

    @property
    def server(self) -> str:
        """Return the id of this server, "" where it has none, see `owner`."""
        return self._owner.id

    def lives(self, server: str) -> bool:
        """Return whether another server is alive that shares the folder of the runs."""
        return self._owner.lives(server)

    def size(self) -> int:
        """Return how much the runs and all beside them take on the disk, in bytes."""
        return run_folder.size(self.root) if self.root.is_dir() else 0

    def close(self) -> None:
        """End the worker; waiting and running trainings are marked as interrupted."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            interrupted = self._under_way()
            self._queue.clear()
            self._running.clear()
            for run in interrupted:
                self._note(run, ending.RESTARTED)
            self.worker.end()
            self._owner.release()

    def _check(self, config: TrainingConfig) -> None:
        for value, most, what in (
            (config.epochs, self.limits.epochs, "epochs"),
            (config.training_images, self.limits.training_images, "training images"),
        ):
            if value > most:
                raise QueueError(f"At most {most:,} {what} are allowed here, not {value:,}.")

    def _own(self, run_id: str, visitor: str) -> Run:
        run = self.find(run_id)
        if run is None or run.visitor != visitor:
            raise QueueError(NOT_YOURS)
        return run

    def _under_way(self) -> list[Run]:
        return [*self._queue, *self._running]

    def _as_known(self, run: Run) -> Run:
        """Return a run as the queue knows it: one that its folder calls active may have ended. Raises ValueError."""
        if not run.active or self._owner.lives(run.server):
            return run
        with self._lock:
            if any(each.id == run.id for each in self._under_way()):
                return run
            run = run_folder.read(run.folder)  # it may have ended since it was read
            return run._replace(status=self._unwritten.get(run.id, ending.RESTARTED)) if run.active else run

    def _note(self, run: Run, status: Status) -> None:
        """Write how a run stands, or keep it in mind where that fails."""
        try:
            run_folder.write_status(run.folder, status)
            self._unwritten.pop(run.id, None)
        except OSError as error:
            if run.folder.is_dir():  # otherwise it has been deleted, and nobody asks any more
                logging.warning("the status of run %s cannot be written: %s", run.id, error)
            self._unwritten[run.id] = status

    def _sweep(self, run: Run) -> None:
        """Delete what a worker that has died has left half-written of a run."""
        try:
            sweep(run.folder)
        except OSError as error:  # the folder cannot be written, and the queue goes on
            logging.warning("what is half-written of run %s cannot be deleted: %s", run.id, error)

    def _start_next(self) -> None:
        while self._queue and not self.training:
            run = self._queue.pop(0)
            if run.folder.is_dir() and run.asked_to_stop:
                self._note(run, NOT_BEGUN)
                continue
            try:
                run_folder.write_status(run.folder, Status("running"))
                self.worker.warm()
                future = self.worker.submit(worker.train, run.folder, self.limits.seconds)
            except (OSError, RuntimeError) as error:  # the disk is full, the folder is gone, or no process can start
                logging.exception("run %s cannot begin", run.id)
                self._note(run, ending.not_begun(error))
                continue
            self._running.append(run)
            future.add_done_callback(partial(self._hand_over, run))

    def _more_workers(self) -> None:
        with self._lock:
            self._start_next()

    def _hand_over(self, run: Run, future: Future[Status]) -> None:
        """Record the end in a thread of its own: when a worker dies, the calling one holds the executor's lock."""
        threading.Thread(target=self._finished, args=(run, future), name=ENDED, daemon=True).start()

    def _finished(self, run: Run, future: Future[Status]) -> None:
        """Record how a run ended and start the next; start it once more if its worker died before its first point."""
        with self._lock:
            if self._closed:
                return
            died = not future.cancelled() and isinstance(future.exception(), BrokenExecutor)
            self._running.remove(run)
            self.worker.trained += 1
            self.worker.renew(died)
            if died:
                self._sweep(run)
            try:
                if died and run.id != self._retried and not records.read_points(run.folder):
                    self._retried = run.id
                    self._queue.insert(0, run)
                elif run.folder.is_dir():
                    self._note(run, status := ending.status_of(future))
                    self._took.extend(ending.seconds_of(run) if status.state == "done" else [])
            finally:
                self._start_next()
                self.worker.warm()
