"""Recorded trainings with embeddings of two numbers: where some images lay after each part of an epoch.

The file holds several trainings that differ in the margin alone. It is read without TensorFlow.
"""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from siamese_core.config import TrainingConfig
from siamese_core.datasets.dataset import DataError, Dataset, to_float
from siamese_core.files import write_whole
from siamese_core.metrics import verification

SETTINGS = "settings"  # the file's entry with the settings that the trainings share, in JSON


class Recordings(NamedTuple):
    """Trainings that differ in the margin alone, and the images that were watched: f frames of n images each."""

    settings: dict[str, Any]  # of `TrainingConfig`, without the margin
    class_names: tuple[str, ...]
    labels: np.ndarray  # (n,) int64
    epochs: np.ndarray  # (f,) when each frame was taken; 0 is the untrained network
    margins: np.ndarray  # (k,)
    xy: np.ndarray  # (k, f, n, 2) float32, the embeddings
    eer: np.ndarray  # (k, f) over all pairs of the n images, in [0, 1]


def record(config: TrainingConfig, data: Dataset, watched: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Train on images and return the epochs (f,) and the embeddings of the watched ones (f, n, 2) after each chunk."""
    from siamese_core.networks.keras_encoder import KerasEncoder
    from siamese_core.training.loop import Progress, train_encoder

    images, total = to_float(watched.images), [0]
    frames: list[np.ndarray] = []
    epochs: list[float] = []
    encoders: list[KerasEncoder] = []

    def begin(encoder: Any, steps: int) -> None:
        encoders.append(KerasEncoder(encoder))
        total[0] = steps
        take(0)

    def take(step: int) -> None:
        frames.append(encoders[0].embed(images))
        epochs.append(step / total[0] * config.epochs)

    def listen(progress: Progress) -> None:
        take(progress.step)

    train_encoder(config, data, listen, begin)
    return np.array(epochs), np.stack(frames)


def errors(frames: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the EER of each frame (f, n, 2) over all pairs of its images: (f,)."""
    return np.array([verification.equal_error_rate(verification.all_pairs(each, labels)).rate for each in frames])


def write_recordings(path: Path, recordings: Recordings) -> None:
    """Write recordings into one file; the embeddings keep three digits."""
    file = io.BytesIO()
    arrays: dict[str, Any] = {
        "class_names": np.array(recordings.class_names),
        "labels": recordings.labels.astype(np.uint8),
        "epochs": recordings.epochs.astype(np.float32),
        "margins": recordings.margins,
        "xy": recordings.xy.astype(np.float16),
        SETTINGS: np.array(json.dumps(recordings.settings)),
    }
    np.savez_compressed(file, **arrays)
    write_whole(path, file.getvalue())


def read_recordings(path: Path) -> Recordings:
    """Read recordings. Raises DataError if the file is missing or damaged."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as npz:
            found = {name: npz[name] for name in ("class_names", "labels", "epochs", "margins", "xy", SETTINGS)}
        settings = json.loads(str(found[SETTINGS]))
    except Exception:  # noqa: BLE001 a damaged file makes NumPy, zipfile and zlib raise almost anything
        raise DataError(f"{path} is missing or damaged: restore it, or make it as assets/README.md describes") from None
    xy, labels = found["xy"].astype(np.float32), found["labels"].astype(np.int64)
    names: Sequence[str] = found["class_names"].tolist()
    eer = np.stack([errors(frames, labels) for frames in xy])
    return Recordings(settings, tuple(names), labels, found["epochs"], found["margins"], xy, eer)
