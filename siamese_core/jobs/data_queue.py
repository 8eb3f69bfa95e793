"""Uploads read by the worker: each is read once, beside the runs of its visitor, and kept by the same limits."""

import logging
import threading
from concurrent.futures import BrokenExecutor, Future
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from siamese_core.config import Look
from siamese_core.datasets.dataset import DataError
from siamese_core.datasets.reading.bounds import Bounds
from siamese_core.jobs import data_folder, run_folder, worker
from siamese_core.jobs.data_folder import Upload
from siamese_core.jobs.ending import NO_ROOM
from siamese_core.jobs.queue import Jobs, QueueError

DIED = "The file could not be read: the process that reads it ended, maybe for want of memory. Try a smaller one."
NOT_YOURS = "There is no such data set among yours."
IN_USE = "A training on this data set is under way: stop it first, or wait for it to end."


class DataSets:
    """The uploads of all visitors. Thread-safe."""

    def __init__(self, jobs: Jobs) -> None:
        """jobs: its worker reads the uploads, and they are stored beside its runs."""
        self._jobs = jobs
        self._reading: dict[str, Future[None]] = {}  # by the ids of uploads
        self._lock = threading.Lock()

    def upload(self, visitor: str, file: str, content: BinaryIO, look: Look, side: int) -> Upload:
        """Store an upload and have it read. Raises QueueError, with one sentence, if it cannot be kept."""
        limits = self._jobs.limits
        with self._lock:
            if any(each.visitor == visitor and each.state == "reading" for each in self._all()):
                raise QueueError("One of your files is being read already; wait for it.")
            size = content.seek(0, 2)
            content.seek(0)
            if size > limits.upload_mb * 1e6:
                raise QueueError(f"{file} has {size / 1e6:,.0f} MB; at most {limits.upload_mb} MB are allowed here.")
            self._make_room(visitor)
            try:
                made = data_folder.create(self._jobs.root, visitor, file, content, look, side, self._jobs.server)
            except OSError as error:
                raise QueueError(f"The file cannot be stored: {error.strerror or error}.") from None
            except DataError as error:
                raise QueueError(f"{error}.") from None
            bounds = Bounds(pictures=limits.pictures, file_mb=limits.upload_mb, unpacked_mb=20 * limits.upload_mb)
            try:
                self._reading[made.id] = self._jobs.worker.submit(
                    worker.read_upload, made.folder, bounds, self._jobs.limits.seconds
                )
            except (OSError, RuntimeError):
                data_folder.remove(made)
                raise QueueError("The file cannot be read now: no process can start. Try again in a minute.") from None
            return made

    def find(self, key: str) -> Upload | None:
        """Return an upload by its id, None if there is no such one."""
        try:
            found = data_folder.read(self._jobs.root / data_folder.FOLDER / Path(key).name) if key else None
        except ValueError:
            return None
        return self._as_known(found) if found else None

    def of_visitor(self, visitor: str) -> list[Upload]:
        """Return a visitor's uploads, oldest first."""
        return [upload for upload in self._all() if upload.visitor == visitor]

    def delete(self, key: str, visitor: str) -> None:
        """Delete an upload. Raises QueueError unless it is the visitor's own, and no training under way needs it."""
        found = self.find(key)
        if found is None or found.visitor != visitor:
            raise QueueError(NOT_YOURS)
        if key in self._in_use():
            raise QueueError(IN_USE)
        data_folder.remove(found)

    def _all(self) -> list[Upload]:
        return [self._as_known(upload) for upload in data_folder.read_all(self._jobs.root)]

    def _in_use(self) -> set[str]:
        runs = [run for run in run_folder.read_all(self._jobs.root) if run.active]  # other servers' too
        return {run.data for run in runs if (known := self._jobs.find(run.id)) and known.active}

    def _as_known(self, upload: Upload) -> Upload:
        """Return an upload as it stands: one that is being read by nobody any more has failed."""
        if upload.state != "reading":
            return upload
        future = self._reading.get(upload.id)
        if not future.done() if future is not None else self._jobs.lives(upload.server):
            return upload
        try:
            now = data_folder.read(upload.folder)  # it may have been read since
        except ValueError:
            return upload._replace(state="failed", sentence=DIED)
        if now.state != "reading":
            return now
        error = future.exception() if future is not None and not future.cancelled() else None
        full = error if isinstance(error, OSError) and error.errno in NO_ROOM else None
        sentence = data_folder.not_kept(full) if full else DIED
        with suppress(OSError):  # on a full disk it is noted once there is room again
            data_folder.fail(now, sentence)
            if error and not full and not isinstance(error, BrokenExecutor):
                logging.error("an upload could not be read", exc_info=error)
        return now._replace(state="failed", sentence=sentence)

    def _make_room(self, visitor: str) -> None:
        """Delete what the visitor's new upload displaces: failed ones, and the oldest beyond the limits."""
        used, limits = self._in_use(), self._jobs.limits
        mine = [each for each in self.of_visitor_ended(visitor) if each.id not in used]
        for each in [each for each in mine if each.state == "failed"]:
            data_folder.remove(each)
        kept = [each for each in mine if each.state == "ready"]
        for old in kept[: max(0, len(kept) + 1 - limits.runs_per_visitor)]:
            data_folder.remove(old)
        everyone = [each for each in self._all() if each.state == "ready" and each.id not in used]
        while everyone and self._jobs.size() + limits.upload_mb * 2**20 > limits.disk_mb * 2**20:
            data_folder.remove(everyone.pop(0))

    def of_visitor_ended(self, visitor: str) -> list[Upload]:
        """Return a visitor's uploads that are not being read, oldest first."""
        return [each for each in self.of_visitor(visitor) if each.state != "reading"]
