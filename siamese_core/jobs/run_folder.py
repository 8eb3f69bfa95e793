"""The folder of a run: its settings, its status, what was recorded during the training, and its model.

    run.json       who asked for it, when, and the settings
    status.json    its status
    stop           exists once the run has been asked to stop
    points.jsonl   the points of the curves so far, one per line
    frame.npz      the latest frame
    frames.npz     at the end: the frames of the whole run
    model/         at the end: a model folder

The queue writes the first three, the worker the others. They share nothing but these files, so that the worker may run
anywhere.
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
from siamese_core.networks.card import read_card
from siamese_core.training.monitor import Frame, Point

State = Literal["waiting", "running", "done", "stopped", "failed", "interrupted"]
ACTIVE: tuple[State, ...] = ("waiting", "running")
ID_BYTES = 6  # random, so that nobody finds another visitor's run by guessing
MODEL = "model"
README = """A Siamese network that compares handwritten digits, made with Siamese Lab.

In Python, beside the package siamese_core: python {folder}/load.py
On a phone, in C++, in a browser, or in Python without that package: encoder.tflite runs with LiteRT
(https://ai.google.dev/edge/litert). Its signature takes "images" (n, 28, 28) float32, in [0, 1], light ink on black,
as MNIST has them, and gives "embeddings" (n, d) float32. Two images are accepted as the same digit if the Euclidean
distance between their embeddings is at most {threshold}.
"""
SNIPPET = """import siamese_core as sc

model, test = sc.load_model("{folder}"), sc.load_mnist().test
images = sc.to_float(test.images[:2])
print(model.distance(images[:1], images[1:]), "same up to", model.threshold)
"""


class Status(NamedTuple):
    """The status of a run."""

    state: State
    sentence: str = ""  # how or why the run ended, a whole sentence for its visitor; may be empty


class Run(NamedTuple):
    """One run, as read from its folder."""

    id: str
    number: int  # counted for each visitor from 1, to name the run by
    folder: Path
    visitor: str
    created: float  # seconds since 1970
    config: TrainingConfig
    status: Status

    @property
    def active(self) -> bool:
        """Return whether the run is waiting or running."""
        return self.status.state in ACTIVE

    @property
    def asked_to_stop(self) -> bool:
        """Return whether the run has been asked to stop."""
        return asked_to_stop(self.folder)

    @property
    def model_folder(self) -> Path | None:
        """Return the folder of the run's model, None if it has none."""
        return self.folder / MODEL if (self.folder / MODEL / "card.json").is_file() else None


def create(root: Path, config: TrainingConfig, visitor: str) -> Run:
    """Create the folder of a new, waiting run."""
    number = 1 + max((run.number for run in read_all(root) if run.visitor == visitor), default=0)
    folder = root / secrets.token_hex(ID_BYTES)
    folder.mkdir(parents=True)
    about = {"number": number, "visitor": visitor, "created": time.time(), "config": dataclasses.asdict(config)}
    write_status(folder, Status("waiting"))
    write_whole(folder / "run.json", json.dumps(about).encode())
    return read(folder)


def read(folder: Path) -> Run:
    """Read the run in a folder. Raises ValueError if there is none."""
    try:
        about = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        status = Status(**json.loads((folder / "status.json").read_text(encoding="utf-8")))
        config = TrainingConfig(**about["config"])
        who, when = str(about["visitor"]), float(about["created"])
        return Run(folder.name, int(about["number"]), folder, who, when, config, status)
    except (OSError, ValueError, KeyError, TypeError):
        raise ValueError(f"there is no run {folder.name}") from None


def read_all(root: Path) -> list[Run]:
    """Read all runs in a folder, oldest first; anything else in it is skipped."""
    found = []
    for folder in root.iterdir() if root.is_dir() else ():
        try:
            found.append(read(folder))
        except ValueError:
            continue
    return sorted(found, key=lambda run: run.created)


def write_status(folder: Path, status: Status) -> None:
    """Write the status of a run."""
    write_whole(folder / "status.json", json.dumps(status._asdict()).encode())


def ask_to_stop(folder: Path) -> None:
    """Ask the worker to end the run and keep what was learned."""
    (folder / "stop").touch()


def asked_to_stop(folder: Path) -> bool:
    """Return whether the run has been asked to stop, or its folder is gone."""
    return (folder / "stop").exists() or not folder.is_dir()


def add_point(folder: Path, point: Point) -> None:
    """Append a point to the curves."""
    with (folder / "points.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(point._asdict()) + "\n")


def read_points(folder: Path) -> list[Point]:
    """Read the points of the curves so far; a line that is still being written is skipped."""
    try:
        text = (folder / "points.jsonl").read_text(encoding="utf-8")
    except OSError:
        return []
    whole = text[: text.rfind("\n") + 1]
    return [Point(**json.loads(line)) for line in whole.splitlines()]


def write_frame(folder: Path, frame: Frame) -> None:
    """Replace the latest frame."""
    write_frames(folder, [frame], "frame.npz")


def write_frames(folder: Path, frames: Sequence[Frame], name: str = "frames.npz") -> None:
    """Write frames into one file."""
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
    """Read the frames of the whole run, or only the latest one while it runs; none before the first."""
    for name in ("frames.npz", "frame.npz"):
        try:
            with (folder / name).open("rb") as file, np.load(file, allow_pickle=False) as npz:
                columns = zip(*(npz[key] for key in ("epoch", "xy", "spread", "threshold")), strict=True)
                return [Frame(float(e), xy, Spread(*s), float(t)) for e, xy, s, t in columns]
        except OSError:
            continue
    return []


def zip_model(run: Run) -> bytes:
    """Return the run's model folder as a zip, with a script that loads it and a word on how to use it elsewhere.

    Raises ValueError if the run has no model.
    """
    if run.model_folder is None:
        raise ValueError(f"expected a run with a model, got {run.id} without one")
    name, file = f"siamese-{run.id}", io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(run.model_folder.iterdir()):
            archive.write(path, f"{name}/{path.name}")
        archive.writestr(f"{name}/load.py", SNIPPET.format(folder=name))
        threshold = read_card(run.model_folder)["threshold"]
        archive.writestr(f"{name}/README.txt", README.format(folder=name, threshold=threshold))
    return file.getvalue()


def size(folder: Path) -> int:
    """Return the size of a run's folder in bytes."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def remove(run: Run) -> None:
    """Delete a run's folder."""
    shutil.rmtree(run.folder, ignore_errors=True)
