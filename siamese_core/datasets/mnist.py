"""MNIST from `assets/mnist.npz`, and the splits that every part of the project uses.

Nothing is fetched and nothing is read at import. A file that is missing or not the true MNIST is refused with one
sentence.
"""

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from siamese_core.config import MNIST_PATH, MOST_TRAINING_IMAGES
from siamese_core.datasets.dataset import DataError, Digits, Splits

# SHA-256 of the four original IDX files. `idx_digest` gives the same number for an array, so that one list checks both.
IDX_SHA256 = {
    "train_images": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train_labels": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "test_images": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "test_labels": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
TRAIN_SIZE = 55_000  # of the 60,000 training images; the rest validates
ARTICLE_VALIDATION_SIZE, ARTICLE_SIZE = 2_000, 42_000


def load_mnist(path: Path | str = MNIST_PATH) -> Splits:
    """Read all 70,000 digits. Raises DataError if the file is missing or is not MNIST."""
    train_images, train_labels, test_images, test_labels = _read(path, *IDX_SHA256)
    return Splits(
        train=_digits(train_images[:TRAIN_SIZE], train_labels[:TRAIN_SIZE]),
        validation=_digits(train_images[TRAIN_SIZE:], train_labels[TRAIN_SIZE:]),
        test=_digits(test_images, test_labels),
    )


def load_test(path: Path | str = MNIST_PATH) -> Digits:
    """Read the 10,000 test digits alone, in a fraction of the time. Raises DataError as `load_mnist`."""
    return _digits(*_read(path, "test_images", "test_labels"))


def article_split(train: Digits) -> tuple[Digits, Digits]:
    """Split as the article did: of the first 42,000 training images 2,000 validate and the other 40,000 train.

    Returns (train, validation). Raises ValueError for fewer than 42,000 digits.
    """
    if len(train.labels) < ARTICLE_SIZE:
        raise ValueError(f"the article's split needs {ARTICLE_SIZE:,} training digits, got {len(train.labels):,}")
    first, rest = slice(ARTICLE_VALIDATION_SIZE), slice(ARTICLE_VALIDATION_SIZE, ARTICLE_SIZE)
    return Digits(train.images[rest], train.labels[rest]), Digits(train.images[first], train.labels[first])


def training_slice(images: int) -> slice:
    """Return where among the training digits a run finds the ones it trains on: behind the article's validation digits.

    Raises ValueError if there are not so many.
    """
    if not 0 < images <= MOST_TRAINING_IMAGES:
        raise ValueError(f"expected from 1 to {MOST_TRAINING_IMAGES:,} images to train on, got {images:,}")
    return slice(ARTICLE_VALIDATION_SIZE, ARTICLE_VALIDATION_SIZE + images)


def idx_digest(array: NDArray[np.uint8]) -> str:
    """Return the SHA-256 that the array has as an IDX file: magic number, big-endian shape, bytes."""
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">i4").tobytes()  # 8: unsigned bytes
    digest = hashlib.sha256(header)
    digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _digits(images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> Digits:
    return Digits(images, labels.astype(np.int64))


def _read(path: Path | str, *names: str) -> list[NDArray[np.uint8]]:
    """Read the named arrays and check that they are MNIST's, byte for byte."""
    remedy = "get it back with `git checkout assets/mnist.npz`, or make it as assets/README.md says"
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
