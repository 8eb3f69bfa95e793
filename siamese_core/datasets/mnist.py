"""MNIST from `assets/mnist.npz`: 55,000 training, 5,000 validation and 10,000 test images.

Nothing is downloaded, and nothing is read at import. Every array must have the SHA-256 of the original file.
"""

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from siamese_core.config import MNIST_PATH
from siamese_core.datasets.dataset import DataError, Dataset, Splits

# SHA-256 of the four original IDX files. `idx_digest` gives the same for an array, so one list checks files and arrays.
IDX_SHA256 = {
    "train_images": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train_labels": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "test_images": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "test_labels": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
TRAIN_SIZE = 55_000  # of the 60,000 training images; the rest are for validation
MNIST = "MNIST"  # the name of the data set
CLASS_NAMES = tuple("0123456789")


def load_mnist(path: Path | str = MNIST_PATH) -> Splits:
    """Read all 70,000 images; the last 5,000 of the 60,000 training images become the validation split.

    Raises DataError if the file is missing or is not MNIST.
    """
    train_images, train_labels, test_images, test_labels = _read(path, *IDX_SHA256)
    return Splits(
        train=_digits(train_images[:TRAIN_SIZE], train_labels[:TRAIN_SIZE]),
        validation=_digits(train_images[TRAIN_SIZE:], train_labels[TRAIN_SIZE:]),
        test=_digits(test_images, test_labels),
    )


def load_test(path: Path | str = MNIST_PATH) -> Dataset:
    """Read only the 10,000 test images, in a fraction of the time. Raises DataError as `load_mnist`."""
    return _digits(*_read(path, "test_images", "test_labels"))


def load_train_labels(path: Path | str = MNIST_PATH) -> NDArray[np.int64]:
    """Read only the labels (55,000,) of the training images. Raises DataError as `load_mnist`."""
    return _read(path, "train_labels")[0][:TRAIN_SIZE].astype(np.int64)


def idx_digest(array: NDArray[np.uint8]) -> str:
    """Return the SHA-256 of an array as an IDX file: magic number, big-endian shape, bytes."""
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">i4").tobytes()  # 8: unsigned bytes
    digest = hashlib.sha256(header)
    digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _digits(images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> Dataset:
    return Dataset(MNIST, images, labels.astype(np.int64), CLASS_NAMES)


def _read(path: Path | str, *names: str) -> list[NDArray[np.uint8]]:
    """Read the named arrays and check that they are MNIST's, byte for byte."""
    remedy = "restore it with `git checkout assets/mnist.npz`, or make it as assets/README.md describes"
    try:
        with Path(path).open("rb") as file, np.load(file, allow_pickle=False) as npz:
            arrays = [npz[name] for name in names]
    except FileNotFoundError:
        raise DataError(f"{path} is missing: {remedy}") from None
    except Exception:  # noqa: BLE001 a damaged file makes NumPy, zipfile and zlib raise almost anything
        raise DataError(f"{path} is damaged and cannot be read: {remedy}") from None
    for name, array in zip(names, arrays, strict=True):
        if array.dtype != np.uint8 or idx_digest(array) != IDX_SHA256[name]:
            raise DataError(f"{path} is not MNIST, its {name} differ: {remedy}")
    return arrays
