"""Maps made by the worker: each is made once, stored in a file, and shared by everybody who asks for it.

They wait in the worker's own queue: after the training that is running, before the next one.
"""

import logging
import threading
from concurrent.futures import BrokenExecutor, Future
from pathlib import Path
from typing import NamedTuple

import numpy as np

from siamese_core.jobs import worker
from siamese_core.jobs.queue import Jobs
from siamese_core.jobs.worker_process import CLOSED, why
from siamese_core.projection import umap_map
from siamese_core.projection.umap_map import MapError, MapSettings

FOLDER = "maps"  # beside the runs
MOST_MAPS = 200  # kept, 10 to 50 kB each; the least recently used are deleted first
FAILED = "The map could not be made because of an unexpected error. Try again, or choose other settings."
NO_MEMORY = "The server ran out of memory while it made the map. Try fewer images."


class MapState(NamedTuple):
    """The state of a requested map."""

    xy: np.ndarray | None = None  # (n, dimensions) float32 once the map is made
    share: float | None = None  # of the layout that is done, None before it begins
    complaint: str = ""  # why the map could not be made, a whole sentence


class MapJobs:
    """Has maps made by the worker and knows which are under way. Thread-safe."""

    def __init__(self, jobs: Jobs) -> None:
        """jobs: its worker makes the maps, and they are stored beside its runs."""
        self._jobs = jobs
        self._made: dict[Path, Future[None]] = {}
        self._asked: dict[str, list[Path]] = {}  # the maps that each visitor has asked for, the latest last
        self._shares: dict[Path, float] = {}  # the largest share read of each map since it was begun
        self._lock = threading.Lock()

    def ask(self, embeddings: np.ndarray, settings: MapSettings, visitor: str = "") -> MapState:
        """Return the map of embeddings (n, d) or its progress; begin to make it unless that has failed before.

        visitor: who asks; of too many maps that one visitor has asked for and that have not begun, the oldest are given
        up. Raises MapError as `check_settings`.
        """
        umap_map.check_settings(settings, len(embeddings))
        path = self._path(embeddings, settings)
        with self._lock:
            future = self._made.get(path)
            if future is None or future.cancelled() or (future.done() and not future.exception()):
                try:
                    xy = umap_map.read_map(path, embeddings, settings.dimensions)
                    path.touch()  # it was used just now
                    return MapState(xy)
                except MapError:
                    future = self._begin(path, embeddings, settings)
                    self._give_up_others(visitor, path)
        if future.done() and (error := future.exception()):
            return MapState(complaint=_complaint(error))
        return MapState(share=self._share(path))

    def forget_failure(self, embeddings: np.ndarray, settings: MapSettings) -> None:
        """Allow another attempt at a map that could not be made."""
        with self._lock:
            self._made.pop(self._path(embeddings, settings), None)

    def _begin(self, path: Path, embeddings: np.ndarray, settings: MapSettings) -> "Future[None]":
        future: Future[None]
        self._shares.pop(path, None)
        try:
            self._make_room(path)
            future = self._jobs.worker.submit(worker.make_map, embeddings, settings, path, self._jobs.limits.seconds)
        except (OSError, RuntimeError) as error:  # the disk is full, or no process can start
            future = Future()
            future.set_exception(error)
        self._made[path] = future
        return future

    def _give_up_others(self, visitor: str, path: Path) -> None:
        """Note that a visitor has asked for a map, and cancel the oldest of those beyond the limit that still wait."""
        known = [each for each in self._asked.pop(visitor, []) if each in self._made]  # not those that were forgotten
        asked = [each for each in known if each != path and not self._made[each].done()]
        most = self._jobs.limits.maps_per_visitor - 1
        kept = [each for i, each in enumerate(asked) if len(asked) - i <= most or not self._made[each].cancel()]
        self._asked[visitor] = [*kept, path]

    def _make_room(self, path: Path) -> None:
        """Delete the least recently used maps beyond MOST_MAPS, and what a worker that died has left of this one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        worker.forget_share(path)
        for half in path.parent.glob(f".{path.stem}.*"):
            half.unlink(missing_ok=True)
        kept = sorted(path.parent.glob("*.npz"), key=lambda file: file.stat().st_mtime)
        for old in kept[: max(0, len(kept) + 1 - MOST_MAPS)]:
            old.unlink(missing_ok=True)

    def _share(self, path: Path) -> float | None:
        """Return the share of a map that is done: it never falls until the map is begun anew."""
        now = worker.read_share(path)
        with self._lock:
            if now is not None:
                self._shares[path] = max(now, self._shares.get(path, 0.0))
            return self._shares.get(path)

    def _path(self, embeddings: np.ndarray, settings: MapSettings) -> Path:
        return self._jobs.root / FOLDER / f"{umap_map.digest(embeddings)}_{umap_map.file_name(settings)}"


def _complaint(error: BaseException) -> str:
    """Return a sentence that says why a map could not be made."""
    if isinstance(error, MapError):
        return str(error)
    if isinstance(error, BrokenExecutor):
        return why(error)
    logging.error("a map could not be made", exc_info=error)
    if isinstance(error, MemoryError):
        return NO_MEMORY
    if isinstance(error, OSError):
        return f"The map could not be made or stored: {error.strerror or error}."
    return CLOSED if str(error) == CLOSED else FAILED
