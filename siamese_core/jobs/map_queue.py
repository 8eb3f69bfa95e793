"""Maps that the worker makes: each once, kept in a file, and shared by everybody who asks for the same.

They stand in the worker's own queue: behind a training that is under way, before the next one.
"""

import threading
from concurrent.futures import BrokenExecutor, Future
from pathlib import Path
from typing import NamedTuple

import numpy as np

from siamese_core.jobs import worker
from siamese_core.jobs.queue import Jobs
from siamese_core.projection import umap_map
from siamese_core.projection.umap_map import MapError, MapSettings

FOLDER = "maps"  # beside the runs
MOST_MAPS = 200  # kept, 10 to 50 kB each; those asked for longest ago go first
DIED = "The process that makes maps ended in the middle: it was stopped from outside, or ran out of memory."


class MapState(NamedTuple):
    """How a map that was asked for stands."""

    xy: np.ndarray | None = None  # (n, dimensions) float32 once it is there
    share: float | None = None  # of the layout that is done, None before it begins
    complaint: str = ""  # why there will be none


class MapJobs:
    """Knows which maps are being made. Safe to use from many threads."""

    def __init__(self, jobs: Jobs) -> None:
        """jobs: whose worker makes the maps, and beside whose runs they lie."""
        self._jobs = jobs
        self._made: dict[Path, Future[None]] = {}
        self._lock = threading.Lock()

    def ask(self, embeddings: np.ndarray, settings: MapSettings) -> MapState:
        """Return the map of embeddings (n, d), or how far it is; begin it unless it has failed before.

        Raises ValueError for settings that cannot be.
        """
        umap_map.check_settings(settings, len(embeddings))
        path = self._path(embeddings, settings)
        with self._lock:
            future = self._made.get(path)
            if future is None or future.cancelled() or (future.done() and not future.exception()):
                try:
                    xy = umap_map.read_map(path, embeddings, settings.dimensions)
                    path.touch()  # asked for just now
                    return MapState(xy)
                except MapError:
                    future = self._begin(path, embeddings, settings)
        if future.done() and (error := future.exception()):
            return MapState(complaint=DIED if isinstance(error, BrokenExecutor) else f"It could not be made: {error}.")
        return MapState(share=worker.read_share(path))

    def forget_failure(self, embeddings: np.ndarray, settings: MapSettings) -> None:
        """Let a map that could not be made be tried again."""
        with self._lock:
            self._made.pop(self._path(embeddings, settings), None)

    def _begin(self, path: Path, embeddings: np.ndarray, settings: MapSettings) -> "Future[None]":
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = sorted(path.parent.glob("*.npz"), key=lambda file: file.stat().st_mtime)
        for old in kept[: max(0, len(kept) + 1 - MOST_MAPS)]:
            old.unlink(missing_ok=True)
        future = self._jobs.submit_work(worker.make_map, embeddings, settings, path, self._jobs.limits.seconds)
        self._made[path] = future
        return future

    def _path(self, embeddings: np.ndarray, settings: MapSettings) -> Path:
        return self._jobs.root / FOLDER / f"{umap_map.digest(embeddings)}_{umap_map.file_name(settings)}"
