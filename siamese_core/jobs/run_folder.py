"""The folder of a run: its settings, its status, its name, and its model.

    run.json       who asked for it, when, on which data set, and the settings
    status.json    its status
    name.txt       the name its visitor has given it; may be missing
    stop           exists once the run has been asked to stop
    model/         at the end: a model folder

The queue writes all but the last, the worker the model and what is in `records`. They share nothing but these files, so
that the worker may run anywhere.
"""

import dataclasses
import json
import math
import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from siamese_core.config import TrainingConfig
from siamese_core.files import write_whole
from siamese_core.jobs import download
from siamese_core.jobs.data_sets import MNIST
from siamese_core.jobs.download import SNIPPET
from siamese_core.jobs.records import add_point, read_frames, read_points, write_frame, write_frames
from siamese_core.networks.card import config_of

__all__ = ["SNIPPET", "add_point", "read_frames", "read_points", "write_frame", "write_frames"]  # their former place

State = Literal["waiting", "running", "done", "stopped", "failed", "interrupted"]
ACTIVE: tuple[State, ...] = ("waiting", "running")
ID_BYTES = 6  # random, so that nobody finds another visitor's run by guessing
ID_SHOWN = 6  # characters of it in the name of a download
MODEL = "model"
STOP = "stop"
TICK = 1e-3  # seconds, between two runs at least
NAME_FILE = "name.txt"
LONGEST_NAME = 40  # characters


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
    name: str = ""  # given by its visitor, "" if it has none
    server: str = ""  # in whose queue it is, see `owner`
    data: str = MNIST  # key of its data set, see `data_sets`

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


def create(root: Path, config: TrainingConfig, visitor: str, server: str = "", data: str = MNIST) -> Run:
    """Create the folder of a new, waiting run, the newest of all even if the clock has been put back.

    Raises OSError if it cannot be written.
    """
    others = read_all(root)
    number = 1 + max((run.number for run in others if run.visitor == visitor), default=0)
    created = max([time.time(), *(run.created + TICK for run in others[-1:])])
    folder = root / secrets.token_hex(ID_BYTES)
    folder.mkdir(parents=True)
    about = {"number": number, "visitor": visitor, "created": created, "server": server, "data": data}
    try:
        write_status(folder, Status("waiting"))
        write_whole(folder / "run.json", json.dumps(about | {"config": dataclasses.asdict(config)}).encode())
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return read(folder)


def read(folder: Path) -> Run:
    """Read the run in a folder. Raises ValueError if there is none."""
    try:
        about = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        state, sentence = Status(**json.loads((folder / "status.json").read_text(encoding="utf-8")))
        config = config_of(about)
        who, when, number = str(about["visitor"]), float(about["created"]), int(about["number"])
        server, data = str(about.get("server", "")), str(about.get("data", MNIST))  # earlier versions had neither
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise ValueError(f"there is no run {folder.name}") from None
    if state not in get_args(State) or not math.isfinite(when):
        raise ValueError(f"there is no run {folder.name}")
    status = Status(state, str(sentence))
    return Run(folder.name, number, folder, who, when, config, status, read_name(folder), server, data)


def read_all(root: Path) -> list[Run]:
    """Read all runs in a folder, oldest first; anything else in it is skipped."""
    found = []
    with suppress(OSError):  # there is no such folder yet, or it cannot be read
        for folder in root.iterdir():
            with suppress(ValueError):
                found.append(read(folder))
    return sorted(found, key=lambda run: run.created)


def write_status(folder: Path, status: Status) -> None:
    """Write the status of a run."""
    write_whole(folder / "status.json", json.dumps(status._asdict()).encode())


def write_name(folder: Path, name: str) -> None:
    """Write the name of a run, as `clean_name` makes it. Raises OSError if it cannot be written."""
    write_whole(folder / NAME_FILE, clean_name(name).encode())


def read_name(folder: Path) -> str:
    """Read the name of a run, "" if it has none or the file is damaged."""
    try:
        return clean_name((folder / NAME_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""


def clean_name(text: str) -> str:
    """Return a name of at most LONGEST_NAME characters, with single spaces and nothing that cannot be printed."""
    shown = "".join(character for character in text if character.isprintable() or character.isspace())
    return " ".join(shown.split())[:LONGEST_NAME].strip()


def ask_to_stop(folder: Path) -> None:
    """Ask the worker to end the run and keep what was learned."""
    (folder / STOP).touch()


def asked_to_stop(folder: Path) -> bool:
    """Return whether the run has been asked to stop, or its folder is gone."""
    return (folder / STOP).exists() or not folder.is_dir()


def zip_name(run: Run) -> str:
    """Return the file name of the run's download, such as "siamese-my-first-0a1b2c.zip"."""
    slug = download.slug(run.name) or download.slug(run.config.recipe) or "network"
    return f"siamese-{slug}-{run.id[:ID_SHOWN]}.zip"


def zip_model(run: Run) -> bytes:
    """Return the run's model folder as a zip, see `download.zip_folder`. Raises ValueError if the run has no model."""
    if run.model_folder is None:
        raise ValueError(f"expected a run with a model, got {run.id} without one")
    return download.zip_folder(run.model_folder, zip_name(run).removesuffix(".zip"))


def size(folder: Path) -> int:
    """Return the size of a run's folder in bytes."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def remove(run: Run) -> None:
    """Delete a run's folder."""
    shutil.rmtree(run.folder, ignore_errors=True)
