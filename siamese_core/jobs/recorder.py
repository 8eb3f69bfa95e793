"""Records the points and frames of a training in its run's folder while it runs, and ends it when asked to."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from siamese_core.datasets.article import available, training_part, watched_part
from siamese_core.datasets.dataset import Dataset, Splits
from siamese_core.jobs import records, run_folder
from siamese_core.jobs.run_folder import Run
from siamese_core.training.monitor import MAP_IMAGES, Frame, Monitor, Position
from siamese_core.training.parts import Parts, prepare

if TYPE_CHECKING:
    from siamese_core.training.loop import Progress

FRAME_SECONDS = 0.3  # least time between two frames
FRAME_SHARE = 0.2  # largest share of the time for frames, as far as MOST_SECONDS allows
MOST_SECONDS = 1.0  # largest time between two frames, as far as MOST_SHARE and a chunk of steps allow
MOST_SHARE = 0.5  # largest share of the time for frames in any case
MOST_FRAMES = 100  # kept of a run


def _mapped(parts: Parts, splits: Splits) -> Dataset:
    """Return images of all classes for the map, those left out among them; none that are trained on, where it can be.

    They come from the part that the watched images are of.
    """
    if available(parts.seen) < len(parts.seen.train):
        return watched_part(splits)
    return splits.validation if len(splits.validation) and "validation" not in parts.stood_in else splits.train


class Recorder:
    """Records the points and frames of a training in the run's folder, and ends it when asked to."""

    def __init__(self, run: Run, splits: Splits, seconds: float) -> None:
        self._run, self._limit = run, seconds
        parts = prepare(run.config, splits)
        trained, watched = training_part(parts.seen, run.config.training_images), watched_part(parts.seen)
        mapped = _mapped(parts, splits) if run.config.left_out else watched
        self._monitor = Monitor(run.config, watched, trained, mapped if run.config.left_out else None)
        records.write_mapped(run.folder, mapped.subset(slice(MAP_IMAGES)), "validation" in parts.stood_in)
        self._start = time.monotonic()
        self._due = 0.0
        self._embed: Callable[[np.ndarray], np.ndarray] | None = None
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
        point, frame = self._monitor.look(self._embed, begun - self._start, self.position)
        with suppress(OSError):  # on a full disk the training goes on; there may be room again for its network
            records.add_point(self._run.folder, point)
            records.write_frame(self._run.folder, frame)
        self._keep(frame)
        cost = time.monotonic() - begun
        self._due = begun + min(max(FRAME_SECONDS, cost / FRAME_SHARE), max(MOST_SECONDS, cost / MOST_SHARE))

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
