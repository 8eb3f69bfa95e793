"""What runs in the worker process: trainings, each recorded in its run's folder, maps, and what else needs TensorFlow,
UMAP or scikit-learn.

Each call imports what it needs, so that a worker that only makes maps stays small.
"""

import faulthandler
import functools
import gc
import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from siamese_core.datasets.article import watched_part
from siamese_core.datasets.dataset import Splits
from siamese_core.datasets.mnist import load_mnist
from siamese_core.jobs import run_folder
from siamese_core.jobs.run_folder import Run, Status
from siamese_core.projection import quality, umap_map
from siamese_core.training.monitor import Frame, Monitor, Position

if TYPE_CHECKING:
    from siamese_core.training.loop import Progress

FRAME_SECONDS = 0.3  # least time between two frames
FRAME_SHARE = 0.2  # largest share of the time for frames, as far as MOST_SECONDS allows
MOST_SECONDS = 1.0  # largest time between two frames, unless a chunk of steps takes longer
MOST_FRAMES = 100  # kept of a run
GRACE = 60.0  # seconds beyond its time limit, after which a run that has not ended is killed
POLITENESS = 10  # added to the worker's niceness, so that the app's answers come first


def start() -> None:
    """Prepare a new worker process: it gives way to the app, and ends when the app does."""
    with suppress(OSError):
        os.nice(POLITENESS)
    threading.Thread(target=_end_with_the_app, daemon=True).start()


def warm() -> None:
    """Import and load what a training needs, so that the next one starts at once."""
    _import_tensorflow()
    from siamese_core.metrics.calibration import fit_calibration
    from siamese_core.training import recipes  # noqa: F401

    fit_calibration(np.ones(2), np.ones(2))  # imports scikit-learn, a second
    _splits()


def train(folder: Path, seconds: float) -> Status:
    """Train the run in the folder, write its model, and return its final status.

    After `seconds` the training ends and keeps what was learned. If it hangs, the process ends after GRACE more.
    """
    warm()
    faulthandler.dump_traceback_later(seconds + GRACE, exit=True)
    try:
        return _train(run_folder.read(folder), seconds)
    except FloatingPointError as error:
        return Status("failed", str(error))
    except MemoryError:
        return Status("failed", "The server ran out of memory: try fewer images or shorter embeddings.")
    finally:
        faulthandler.cancel_dump_traceback_later()
        _forget()


def make_map(embeddings: np.ndarray, settings: umap_map.MapSettings, path: Path, seconds: float) -> None:
    """Make the UMAP of embeddings (n, d) and write it to a file; until then a file beside it holds the progress.

    If it hangs, the process ends after `seconds` and GRACE.
    """
    faulthandler.dump_traceback_later(seconds + GRACE, exit=True)
    try:
        _share_file(path).write_text("0")
        xy = umap_map.fit_umap(embeddings, settings, lambda share: _write_share(path, share))
        umap_map.write_map(path, embeddings, xy)
    finally:
        faulthandler.cancel_dump_traceback_later()
        _share_file(path).unlink(missing_ok=True)


def measure(embeddings: np.ndarray, xy: np.ndarray, labels: np.ndarray) -> quality.Measures:
    """Return how well the classes are separated, see `quality.measure`."""
    return quality.measure(embeddings, xy, labels)


def convert(folder: Path) -> None:
    """Add the encoder for LiteRT to a model folder of an earlier version. Raises ModelError."""
    _import_tensorflow()
    from siamese_core.networks.keras_encoder import convert_folder

    convert_folder(folder)


def untrained(folder: Path) -> bytes:
    """Return the encoder of a model folder for LiteRT, as its training began with it. Raises ModelError."""
    _import_tensorflow()
    from siamese_core.networks.conversion import convert
    from siamese_core.training.recipes import untrained

    return convert(untrained(folder))


def read_share(path: Path) -> float | None:
    """Return the share of a map's layout that is done, None before it begins."""
    try:
        return float(_share_file(path).read_text() or 0)
    except OSError:
        return None


def _share_file(path: Path) -> Path:
    return path.with_suffix(".share")


def _write_share(path: Path, share: float) -> None:
    _share_file(path).write_text(f"{share:.3f}")


def _train(run: Run, seconds: float) -> Status:
    from siamese_core.training.recipes import train_live

    splits = _splits()
    recorder = _Recorder(run, splits, seconds)
    model = train_live(run.config, splits, recorder.listen, recorder.begin)
    if recorder.ended_by:
        model.card["stopped_at_step"] = recorder.position.step
    model.save(run.folder / ".model")
    (run.folder / ".model").rename(run.folder / run_folder.MODEL)
    run_folder.write_frames(run.folder, recorder.frames())
    return Status("stopped", recorder.ended_by) if recorder.ended_by else Status("done")


class _Recorder:
    """Records the points and frames of a training in the run's folder, and ends it when asked to."""

    def __init__(self, run: Run, splits: Splits, seconds: float) -> None:
        self._run, self._limit = run, seconds
        self._monitor = Monitor(run.config, watched_part(splits))
        self._start = time.monotonic()
        self._due = 0.0
        self._embed: Callable[[np.ndarray], np.ndarray] | None = None
        self._losses: list[float] = []
        self.position = Position(0.0, 0, 0, 0.0)
        self._kept: list[Frame] = []
        self._latest: Frame
        self._taken, self._stride = 0, 1
        self.ended_by = ""

    def begin(self, encoder: Any, steps: int) -> None:
        """Take the first frame, of the untrained network."""
        from siamese_core.networks.keras_encoder import KerasEncoder

        self._embed = KerasEncoder(encoder).embed
        self.position = Position(0.0, 0, steps, 0.0)
        self.take()

    def listen(self, progress: "Progress") -> None:
        """Record the progress, take a frame when one is due, and end the training when asked to."""
        from siamese_core.training.loop import StopTraining

        epoch = progress.step / progress.steps * self._run.config.epochs
        self.position = Position(epoch, progress.step, progress.steps, progress.pairs_per_second)
        self._losses.append(progress.loss)
        last = progress.step == progress.steps
        self.ended_by = "" if last else self._reason_to_end()
        if last or self.ended_by or time.monotonic() >= self._due:
            self.take()
        if self.ended_by:
            raise StopTraining

    def take(self) -> None:
        """Take a point and a frame of the network as it is now."""
        assert self._embed
        begun = time.monotonic()
        loss = float(np.mean(self._losses)) if self._losses else None
        point, frame = self._monitor.look(self._embed, begun - self._start, loss, self.position)
        self._losses.clear()
        run_folder.add_point(self._run.folder, point)
        run_folder.write_frame(self._run.folder, frame)
        self._keep(frame)
        cost = time.monotonic() - begun
        self._due = begun + min(max(FRAME_SECONDS, cost / FRAME_SHARE), MOST_SECONDS)

    def frames(self) -> list[Frame]:
        """Return the frames of the whole run, evenly spaced except for the last."""
        return self._kept if self._kept[-1] is self._latest else [*self._kept, self._latest]

    def _keep(self, frame: Frame) -> None:
        """Keep every frame at first, later only every second, then every fourth, and so on."""
        self._latest = frame
        if self._taken % self._stride == 0:
            self._kept.append(frame)
        self._taken += 1
        if len(self._kept) >= MOST_FRAMES:
            del self._kept[1::2]
            self._stride *= 2

    def _reason_to_end(self) -> str:
        if run_folder.asked_to_stop(self._run.folder):
            return "The network keeps what it has learned."
        if time.monotonic() - self._start > self._limit:
            return f"The time limit of {self._limit:g} s was reached; the network keeps what it has learned."
        return ""


def _import_tensorflow() -> None:
    from siamese_core.networks.quiet_tensorflow import import_tensorflow

    import_tensorflow()


@functools.cache
def _splits() -> Splits:
    return load_mnist()


def _forget() -> None:
    """Release the graphs of the last training."""
    import keras

    keras.backend.clear_session()
    gc.collect()


def _end_with_the_app() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
