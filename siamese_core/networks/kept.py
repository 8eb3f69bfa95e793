"""The test images of a model where they are not MNIST's: they lie beside it, so that it can be looked into anywhere."""

import io
from pathlib import Path
from typing import get_args

import numpy as np

from siamese_core.config import Look
from siamese_core.datasets import mnist
from siamese_core.datasets.dataset import Dataset
from siamese_core.files import write_whole
from siamese_core.networks.card import TEST_FILE, ModelError


def write_test(folder: Path, test: Dataset) -> None:
    """Write the test images into a model folder."""
    file = io.BytesIO()
    names = np.array(test.class_names, np.str_)
    words = np.array([test.name, test.look], np.str_)
    np.savez_compressed(file, images=test.images, labels=test.labels, class_names=names, words=words)
    write_whole(folder / TEST_FILE, file.getvalue())


def has_own_test(folder: Path) -> bool:
    """Return whether a model has test images of its own; otherwise they are MNIST's."""
    return (folder / TEST_FILE).is_file()


def read_test(folder: Path | str) -> Dataset:
    """Read a model's test images: its own, or MNIST's. Raises ModelError if they are damaged, DataError as MNIST."""
    path = Path(folder) / TEST_FILE
    if not path.is_file():
        return mnist.load_test()
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as npz:
            images, labels, names, words = (npz[name] for name in ("images", "labels", "class_names", "words"))
        name, seen = words.tolist()
        look = next(each for each in get_args(Look) if each == seen)
        return Dataset(name, images, labels, tuple(names.tolist()), look)
    except Exception:  # noqa: BLE001 a damaged file makes NumPy, zipfile and zlib raise almost anything
        raise ModelError(f"{path} is damaged and cannot be read") from None
