"""Trainings and maps on a Dask cluster: an executor beside that of the local worker process.

A call goes to whichever worker is free, with the folder it works in (`remote`), and its files come back the same way:
the cluster needs no disk in common with the app. What Dask sends is pickled, so the scheduler must stand in a network
in which everybody is trusted.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from siamese_core.jobs import parcel, remote, run_folder, worker_process
from siamese_core.jobs.worker_process import ManyWorkers, WorkerDiedError

CONNECT = 5.0  # seconds to reach the scheduler
POLL, IDLE = 0.3, 2.0  # seconds between two questions to the workers, while calls are under way and while none is
RETRY = 60.0  # seconds before a cluster that was away is tried again
LOST = "The cluster that trains and makes maps cannot be reached any more."
AWAY = (
    "The cluster that should train and make maps cannot be reached. Until it is back this server does so itself, one "
    "training at a time."
)


class Cluster:
    """Makes an executor on the cluster at an address; as long as that is away, one of a process of this machine."""

    def __init__(self, address: str) -> None:
        """address: of the scheduler, such as tcp://scheduler:8786."""
        self.address = address
        self.note = ""  # a sentence for visitors while the cluster is away
        self._again = 0.0  # when it may be tried again

    def __call__(self) -> Executor:
        """Return an executor. Raises OSError if no process can start either."""
        if time.monotonic() >= self._again:
            try:
                executor = ClusterExecutor(self.address)
            except (OSError, ImportError, ValueError) as error:
                self._again = time.monotonic() + RETRY
                logging.getLogger(__name__).warning("the cluster at %s is away: %s", self.address, error)
            else:
                self.note = ""
                return executor
        self.note = AWAY
        return worker_process.process_executor()


@dataclass
class _Call:
    """A call that the cluster has not answered yet."""

    folder: Path | None  # of this machine, that its files belong to
    future: "Future[Any]" = field(default_factory=Future)
    inner: "Future[Any] | None" = None  # Dask's
    attempt: str = ""  # as a worker last told it, "" before
    mirrored: set[str] = field(default_factory=set)  # files that came back while it was under way

    @property
    def stopped(self) -> bool:
        """Return whether it shall end early."""
        return self.future.cancelled() or bool(self.folder and run_folder.asked_to_stop(self.folder))


class ClusterExecutor(ManyWorkers):
    """An executor whose calls run on the workers of a cluster. Thread-safe.

    A call whose worker dies fails with WorkerDiedError and is not made again: that is for who asked for it to decide.
    """

    def __init__(self, address: str) -> None:
        """Connect with the scheduler. Raises OSError if it does not answer or has no worker, ImportError without Dask.

        Raises ValueError for what is no address.
        """
        import dask
        from distributed import Client

        dask.config.set({"distributed.comm.timeouts.connect": f"{CONNECT:g}s"})
        self._client = Client(address, timeout=CONNECT, set_as_default=False, name="siamese-lab")
        self.workers = len(self._client.nthreads())
        if not self.workers:
            self._client.close()
            raise OSError("it has no worker")
        self._inner = self._client.get_executor(pure=False, retries=0)
        self._calls: dict[str, _Call] = {}
        self._lost = self._leaving = False
        self._changed: Callable[[], None] = lambda: None
        self._lock = threading.RLock()
        self._wake = threading.Event()
        threading.Thread(target=self._watch, name="cluster", daemon=True).start()

    def listen(self, changed: Callable[[], None]) -> None:
        """Have a function called when the number of workers has changed."""
        self._changed = changed

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Have a worker call a function of a module. Raises WorkerDiedError if the cluster is gone, OSError."""
        assert not kwargs, "calls have positional arguments only"
        paths = [each for each in args if isinstance(each, Path)]
        assert len(paths) <= 1, "a call works in one place"
        sent = tuple(parcel.pack(each) if isinstance(each, Path) else each for each in args)
        folder = next((path if path.is_dir() else path.parent for path in paths), None)
        call_id, call = f"{fn.__name__}-{secrets.token_hex(8)}", _Call(folder)
        with self._lock:
            if self._lost:
                raise WorkerDiedError(LOST)
            if self._leaving:
                raise RuntimeError("cannot schedule new calls after shutdown")
            self._calls[call_id] = call
            call.future.set_running_or_notify_cancel()
            call.inner = self._inner.submit(remote.call, call_id, fn, sent, key=call_id)
        call.inner.add_done_callback(partial(self._answered, call_id))
        self._wake.set()
        return call.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls; those under way go on, or with `cancel_futures` are asked to stop and given up."""
        with self._lock:
            self._leaving = True
            futures = [call.future for call in self._calls.values()]
        if cancel_futures:
            self._give_up("The server is shutting down.")
        self._wake.set()
        for future in futures if wait else ():
            future.exception()

    def _watch(self) -> None:
        """Ask the workers how far the calls are, until the cluster is gone or nothing is left to do."""
        while not self._lost and (self._calls or not self._leaving):
            self._wake.clear()
            with self._lock:
                stops = {call_id: call.stopped for call_id, call in self._calls.items()}
            try:
                if self._client.status != "running":
                    raise OSError(f"the connection is {self._client.status}")
                answers = self._client.run(remote.exchange, stops, on_error="return")
            except Exception as error:  # noqa: BLE001 a scheduler that goes away shows in many ways
                logging.getLogger(__name__).warning("the cluster is gone: %s", error)
                self._give_up(LOST)
                break
            self._hear(stops, answers)
            self._wake.wait(POLL if self._calls else IDLE)
        self._client.close(timeout=CONNECT)

    def _hear(self, stops: dict[str, bool], answers: dict[str, Any]) -> None:
        """Take what the workers told: files, a worker more or less, and calls that nobody knows any more."""
        told: dict[str, remote.News | None] = {}
        silent = [each for each in answers.values() if isinstance(each, Exception)]
        for answer in answers.values():
            told |= answer if isinstance(answer, dict) else {}
        for call_id in stops:
            if news := told.get(call_id):
                self._take(call_id, news)
            elif call_id not in told and not silent:
                self._missing(call_id)
        if len(answers) != self.workers:
            self.workers = max(1, len(answers))
            self._changed()

    def _take(self, call_id: str, news: remote.News) -> None:
        """Write what has changed in a call's folder; a call that has begun anew had lost its worker."""
        with self._lock:
            call = self._calls.get(call_id)
            if call is None:
                return
            if call.attempt not in ("", news.attempt):
                self._fail(call_id, WorkerDiedError())
                return
            call.attempt = news.attempt
            call.mirrored |= set(news.files)
            with suppress(OSError):  # on a full disk the call goes on
                _write(call, news.files)

    def _missing(self, call_id: str) -> None:
        """Note that no worker knows a call: if one did before, it has died; otherwise the call still waits."""
        with self._lock:
            call = self._calls.get(call_id)
            if call and call.attempt:
                self._fail(call_id, WorkerDiedError())

    def _answered(self, call_id: str, inner: "Future[remote.Answer]") -> None:
        """Take the end of a call."""
        with self._lock:
            call = self._calls.pop(call_id, None)
        if call is None:
            return
        value, error = _outcome(call, inner)
        if error:
            call.future.set_exception(error)
        else:
            call.future.set_result(value)

    def _fail(self, call_id: str, error: Exception) -> None:
        call = self._calls.pop(call_id)
        if call.inner:
            call.inner.cancel()  # so that Dask does not begin it anew
        call.future.set_exception(error)

    def _give_up(self, sentence: str) -> None:
        """End all calls with a sentence."""
        with self._lock:
            self._lost = True
            calls, self._calls = dict(self._calls), {}
        for call in calls.values():
            call.future.set_exception(WorkerDiedError(sentence))


def _write(call: _Call, files: parcel.Files) -> None:
    """Write what came back into a call's folder, unless that has been deleted meanwhile."""
    if call.folder and call.folder.is_dir():
        parcel.write_files(call.folder, files)


def _sweep(call: _Call, files: parcel.Files) -> None:
    """Delete what came back of a call while it was under way and is not among the files that it has left."""
    for name in call.mirrored - set(files):
        if call.folder:
            (call.folder / name).unlink(missing_ok=True)


def _outcome(call: _Call, inner: "Future[remote.Answer]") -> tuple[Any, Exception | None]:
    """Write the files of a call that has ended, and return its value, or why it has none."""
    from distributed import KilledWorker

    if inner.cancelled() or isinstance(error := inner.exception(), KilledWorker):
        return None, WorkerDiedError(LOST if inner.cancelled() else "")
    if error:
        return None, error if isinstance(error, Exception) else RuntimeError(str(error))
    answer = inner.result()
    try:
        _write(call, answer.files or {})
        _sweep(call, answer.files or {})
    except (OSError, ValueError) as failed:
        return None, answer.error or failed
    return answer.value, answer.error
