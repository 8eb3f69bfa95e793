"""The data sets that can be trained on here, by their keys: MNIST, two that are made, and visitors' uploads."""

from pathlib import Path

import numpy as np
from PIL import Image

from siamese_core.config import IMAGE_SIZE
from siamese_core.datasets.dataset import DataError, Dataset, Splits, to_uint8
from siamese_core.datasets.mnist import CLASS_NAMES, load_mnist
from siamese_core.datasets.reading.bounds import Reading
from siamese_core.datasets.reading.read import splits_of
from siamese_core.datasets.splitting import split
from siamese_core.datasets.synthetic.rendering import drawn_digits
from siamese_core.imaging.canonical import ink_to_digit
from siamese_core.jobs import data_folder

MNIST, DRAWN, SKLEARN = "mnist", "drawn", "load_digits"
MADE = {  # images of each class, before they are split
    DRAWN: (200,) * len(CLASS_NAMES),
    SKLEARN: (178, 182, 177, 183, 181, 182, 181, 179, 174, 180),
}
BRIGHTEST, LARGER = 16, 8  # of scikit-learn's digits: the lightest grey, and how much larger they are drawn


def load(root: Path, key: str) -> Splits:
    """Return a data set by its key; root: the folder of the runs.

    Raises DataError if it is unknown, gone or damaged. That of scikit-learn needs scikit-learn: in the worker alone.
    """
    if key == MNIST:
        return load_mnist()
    if key == DRAWN:
        return split(drawn_digits(sum(MADE[DRAWN]), np.random.default_rng(0)))
    if key == SKLEARN:
        return split(_sklearn_digits())
    try:
        upload = data_folder.read(root / data_folder.FOLDER / Path(key).name)
    except ValueError:
        raise DataError("The data set is gone; upload it again.") from None
    return splits_of(Reading(data_folder.images_of(upload)))


def _sklearn_digits() -> Dataset:
    """Return scikit-learn's digits, 8 x 8 pixels, as drawings of their size would look."""
    from sklearn.datasets import load_digits

    found = load_digits()
    images = np.zeros((len(found.images), IMAGE_SIZE, IMAGE_SIZE), np.uint8)
    for i, each in enumerate(found.images):
        grey = Image.fromarray((each / BRIGHTEST).astype(np.float32))
        large = np.asarray(grey.resize((each.shape[1] * LARGER, each.shape[0] * LARGER), Image.Resampling.BILINEAR))
        images[i] = to_uint8(ink_to_digit(np.clip(large / large.max(), 0, 1)))
    return Dataset(SKLEARN, images, found.target.astype(np.int64), CLASS_NAMES)
