"""The folder of a run: its settings, how it goes, what was seen of it on the way, and the model it ends in.

    run.json       who asked for it, when, and the settings
    status.json    how it goes; written by the side that keeps the queue
    points.jsonl   the points of the curves so far, one a line; this and the rest is written by the worker
    frame.npz      the latest picture of the space
    frames.npz     at the end: the pictures of the whole run
    stop           there once it has been asked to stop
    model/         at the end: a model folder

Files are the only thing that the worker and the app share, so that the worker may run anywhere.
"""

import dataclasses
import io
import json
import secrets
import shutil
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from siamese_core.config import TrainingConfig
from siamese_core.files import write_whole
from siamese_core.metrics.report import Spread
from siamese_core.training.monitor import Frame, Point

State = Literal["waiting", "running", "done", "stopped", "failed", "interrupted"]
ACTIVE: tuple[State, ...] = ("waiting", "running")
ID_BYTES = 6  # random ones: nobody finds another's run by guessing
MODEL = "model"
SNIPPET = """import siamese_core as sc

model, test = sc.load_model("{folder}"), sc.load_mnist().test
images = sc.to_float(test.images[:2])
print(model.distance(images[:1], images[1:]), "same up to", model.threshold)
"""


class Status(NamedTuple):
    """How a run goes."""

    state: State
    sentence: str = ""  # why it ended, if there is something to say


class Run(NamedTuple):
    """One run as its folder has it."""

    id: str
    number: int  # counted up for each visitor, for people to name it by
    folder: Path
    visitor: str
    created: float  # seconds since 1970
    config: TrainingConfig
    status: Status

    @property
    def active(self) -> bool:
        """Tell whether it waits or runs."""
        return self.status.state in ACTIVE

    @property
    def asked_to_stop(self) -> bool:
        """Tell whether it has been asked to stop."""
        return asked_to_stop(self.folder)

    @property
    def model_folder(self) -> Path | None:
        """Return the folder of its model, None if it has none."""
        return self.folder / MODEL if (self.folder / MODEL / "card.json").is_file() else None


def create(root: Path, config: TrainingConfig, visitor: str) -> Run:
    """Make the folder of a new run that waits."""
    number = 1 + max((run.number for run in read_all(root) if run.visitor == visitor), default=0)
    folder = root / secrets.token_hex(ID_BYTES)
    folder.mkdir(parents=True)
    about = {"number": number, "visitor": visitor, "created": time.time(), "config": dataclasses.asdict(config)}
    write_status(folder, Status("waiting"))
    write_whole(folder / "run.json", json.dumps(about).encode())
    return read(folder)


def read(folder: Path) -> Run:
    """Read a run. Raises ValueError if there is none in the folder."""
    try:
        about = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        status = Status(**json.loads((folder / "status.json").read_text(encoding="utf-8")))
        config = TrainingConfig(**about["config"])
        who, when = str(about["visitor"]), float(about["created"])
        return Run(folder.name, int(about["number"]), folder, who, when, config, status)
    except (OSError, ValueError, KeyError, TypeError):
        raise ValueError(f"there is no run {folder.name}") from None


def read_all(root: Path) -> list[Run]:
    """Read every run under a folder, oldest first; what is no run is passed over."""
    found = []
    for folder in root.iterdir() if root.is_dir() else ():
        try:
            found.append(read(folder))
        except ValueError:
            continue
    return sorted(found, key=lambda run: run.created)


def write_status(folder: Path, status: Status) -> None:
    """Note how a run goes."""
    write_whole(folder / "status.json", json.dumps(status._asdict()).encode())


def ask_to_stop(folder: Path) -> None:
    """Ask the worker to end the run and keep what was learned."""
    (folder / "stop").touch()


def asked_to_stop(folder: Path) -> bool:
    """Tell whether the run has been asked to stop, or is not even there any more."""
    return (folder / "stop").exists() or not folder.is_dir()


def add_point(folder: Path, point: Point) -> None:
    """Append a point to the curves."""
    with (folder / "points.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(point._asdict()) + "\n")


def read_points(folder: Path) -> list[Point]:
    """Read the points of the curves so far; a line still being written is left for the next time."""
    try:
        text = (folder / "points.jsonl").read_text(encoding="utf-8")
    except OSError:
        return []
    whole = text[: text.rfind("\n") + 1]
    return [Point(**json.loads(line)) for line in whole.splitlines()]


def write_frame(folder: Path, frame: Frame) -> None:
    """Replace the latest picture of the space."""
    write_frames(folder, [frame], "frame.npz")


def write_frames(folder: Path, frames: Sequence[Frame], name: str = "frames.npz") -> None:
    """Write pictures of the space into one file."""
    file = io.BytesIO()
    columns: dict[str, Any] = {
        "epoch": [frame.epoch for frame in frames],
        "xy": [frame.xy for frame in frames],
        "spread": [np.stack(frame.spread).astype(np.float32) for frame in frames],
        "threshold": [frame.threshold for frame in frames],
    }
    arrays: dict[str, Any] = {key: np.stack(values) for key, values in columns.items()}
    np.savez(file, **arrays)
    write_whole(folder / name, file.getvalue())


def read_frames(folder: Path) -> list[Frame]:
    """Read the pictures of the whole run, or as long as it goes the latest one; none before the first."""
    for name in ("frames.npz", "frame.npz"):
        try:
            with (folder / name).open("rb") as file, np.load(file, allow_pickle=False) as npz:
                columns = zip(*(npz[key] for key in ("epoch", "xy", "spread", "threshold")), strict=True)
                return [Frame(float(e), xy, Spread(*s), float(t)) for e, xy, s, t in columns]
        except OSError:
            continue
    return []


def zip_model(run: Run) -> bytes:
    """Return the run's model folder as a zip, with a few lines that load it. Raises ValueError if it has none."""
    if run.model_folder is None:
        raise ValueError(f"run {run.id} has no model")
    name, file = f"siamese-{run.id}", io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(run.model_folder.iterdir()):
            archive.write(path, f"{name}/{path.name}")
        archive.writestr(f"{name}/load.py", SNIPPET.format(folder=name))
    return file.getvalue()


def size(folder: Path) -> int:
    """Return the bytes of the files in a run's folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def remove(run: Run) -> None:
    """Delete a run with everything in it."""
    shutil.rmtree(run.folder, ignore_errors=True)
