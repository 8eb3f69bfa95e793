"""What a training records in its run's folder: the points of its curves, and frames; written by the worker.

    points.jsonl   the points of the curves so far, one per line
    frame.npz      the latest frame
    frames.npz     at the end: the frames of the whole run
    mapped.json    the labels and class names of the images on the maps

What is damaged is skipped when it is read.
"""

import io
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from siamese_core.datasets.dataset import Dataset
from siamese_core.files import write_whole
from siamese_core.metrics.report import Spread
from siamese_core.training.monitor import Frame, Point

POINTS_FILE, FRAMES_FILE, FRAME_FILE = "points.jsonl", "frames.npz", "frame.npz"
MAPPED_FILE = "mapped.json"
COLUMNS = ("epoch", "xy", "spread", "threshold")  # of a file of frames


def add_point(folder: Path, point: Point) -> None:
    """Append a point to the curves."""
    with (folder / POINTS_FILE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(point._asdict()) + "\n")


def read_points(folder: Path) -> list[Point]:
    """Read the points of the curves so far; a line that is damaged or still being written is skipped."""
    try:
        text = (folder / POINTS_FILE).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    whole = text[: text.rfind("\n") + 1]
    points = map(_point, whole.split("\n"))
    return [point for point in points if point]


class Mapped(NamedTuple):
    """What the images on the maps of a run are."""

    data_set: str
    labels: np.ndarray  # (n,)
    class_names: tuple[str, ...]
    trained: bool = False  # whether they are trained on, as a small data set has no others


def write_mapped(folder: Path, images: Dataset, trained: bool) -> None:
    """Note which images are on the maps."""
    about = {
        "data_set": images.name,
        "labels": images.labels.tolist(),
        "class_names": images.class_names,
        "trained": trained,
    }
    write_whole(folder / MAPPED_FILE, json.dumps(about).encode())


def read_mapped(folder: Path) -> Mapped | None:
    """Return what the images on the maps are; None if it is not known, or not yet."""
    try:
        about = json.loads((folder / MAPPED_FILE).read_text(encoding="utf-8"))
        labels, names = np.array(about["labels"], np.int64), tuple(map(str, about["class_names"]))
        fits = labels.ndim == 1 and labels.size and 0 <= labels.min() <= labels.max() < len(names)
        return Mapped(str(about["data_set"]), labels, names, bool(about["trained"])) if fits else None
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def write_frame(folder: Path, frame: Frame) -> None:
    """Replace the latest frame."""
    write_frames(folder, [frame], FRAME_FILE)


def write_frames(folder: Path, frames: Sequence[Frame], name: str = FRAMES_FILE) -> None:
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
    """Read the frames of the whole run, or only the latest one while it runs or if the others are damaged."""
    for name in (FRAMES_FILE, FRAME_FILE):
        try:
            with (folder / name).open("rb") as file, np.load(file, allow_pickle=False) as npz:
                columns = [np.asarray(npz[key]) for key in COLUMNS]
        except Exception:  # noqa: BLE001 a damaged file makes NumPy, zipfile and zlib raise almost anything
            continue
        if _usable(*columns):
            return [Frame(float(e), xy, Spread(*s), float(t)) for e, xy, s, t in zip(*columns, strict=True)]
    return []


def _point(line: str) -> Point | None:
    """Return the point of a line, None if the line is damaged."""
    try:
        point = Point(**json.loads(line))
        numbers = [value for value in point if value is not None]
        finite = all(type(number) in (int, float) and math.isfinite(number) for number in numbers)
        missing = [name for name, value in point._asdict().items() if value is None]
        return point if finite and missing in ([], ["loss"]) and 0 <= point.step <= point.steps > 0 else None
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None


def _usable(epoch: np.ndarray, xy: np.ndarray, spread: np.ndarray, threshold: np.ndarray) -> bool:
    """Return whether the columns hold frames: (n,), (n, images, 2), (n, 3, bins) and (n,) finite numbers, n > 0."""
    columns = (epoch, xy, spread, threshold)
    shaped = [column.ndim for column in columns] == [1, 3, 3, 1] and len({len(column) for column in columns}) == 1
    if not shaped or not len(epoch) or xy.shape[2] != 2 or spread.shape[1] != 3 or not spread.shape[2]:
        return False
    return all(column.dtype.kind in "fiu" and np.isfinite(column).all() for column in columns)
