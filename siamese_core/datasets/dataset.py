"""Data sets: images with labels and class names, their splits, and pixels scaled for an encoder."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from siamese_core.config import Look


class DataError(ValueError):
    """The file of a data set is missing or damaged."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images with their labels and class names; there are as many classes as names.

    Raises ValueError unless there is a label for each image and a name for each label.
    """

    name: str  # as texts show it, "MNIST"
    images: NDArray[np.uint8]  # (n, h, w), light ink on a dark background
    labels: NDArray[np.int64]  # (n,), indices into class_names
    class_names: tuple[str, ...]
    look: Look = "ink"  # how the images were made of pictures, see `imaging.look`

    def __post_init__(self) -> None:
        """Raise ValueError for arrays that do not fit together."""
        if self.images.ndim != 3 or self.images.dtype != np.uint8:
            raise ValueError(f"expected images (n, h, w) uint8, got {self.images.dtype} of shape {self.images.shape}")
        if self.labels.shape != self.images.shape[:1] or self.labels.dtype != np.int64:
            raise ValueError(
                f"expected {len(self.images):,} labels int64, got {self.labels.dtype} of shape {self.labels.shape}"
            )
        if self.labels.size and (self.labels.min() < 0 or self.labels.max() >= self.classes):
            raise ValueError(
                f"expected labels from 0 to {self.classes - 1}, one for each class name, "
                f"got {self.labels.min()} to {self.labels.max()}"
            )

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.labels)

    @property
    def classes(self) -> int:
        """Return the number of classes, including those without images."""
        return len(self.class_names)

    @property
    def side(self) -> int:
        """Return the side of the images, in pixels."""
        return self.images.shape[1]

    def subset(self, chosen: Any) -> "Dataset":
        """Return the images chosen by a slice or an index array, with all class names."""
        return replace(self, images=self.images[chosen], labels=self.labels[chosen])

    def is_of(self, names: Collection[str]) -> NDArray[np.bool_]:
        """Return which images are of these classes, (n,). Raises ValueError for a class that it does not have."""
        return np.isin(self.labels, [self.class_names.index(name) for name in names])

    def without(self, names: Collection[str]) -> "Dataset":
        """Return the images of all other classes than these, with the other class names alone."""
        kept = [label for label, name in enumerate(self.class_names) if name not in names]
        place = np.full(self.classes, -1, np.int64)
        place[kept] = np.arange(len(kept))
        labels = place[self.labels]
        chosen = labels >= 0
        found = tuple(self.class_names[label] for label in kept)
        return replace(self, images=self.images[chosen], labels=labels[chosen], class_names=found)


class Splits(NamedTuple):
    """Three disjoint parts of a data set: for training, for choices such as the threshold, for the final figures."""

    train: Dataset
    validation: Dataset
    test: Dataset


def join(parts: Sequence[Dataset]) -> Dataset:
    """Concatenate data sets under the name of the first.

    Classes of the same name are one class. The first data set keeps its labels; new classes follow in their order.
    """
    names = list(dict.fromkeys(name for part in parts for name in part.class_names))
    place = {name: i for i, name in enumerate(names)}
    labels = [np.array([place[name] for name in part.class_names], np.int64)[part.labels] for part in parts]
    images = np.concatenate([part.images for part in parts])
    return Dataset(parts[0].name, images, np.concatenate(labels), tuple(names), parts[0].look)


def to_uint8(images: NDArray[np.floating[Any]]) -> NDArray[np.uint8]:
    """Scale pixels from [0, 1] to 0..255, rounded: the way back of `to_float`."""
    return np.round(255 * images).astype(np.uint8)


def to_float(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Scale pixels from 0..255 to [0, 1], the encoder's input. Raises ValueError for another dtype than uint8."""
    if images.dtype != np.uint8:
        raise ValueError(f"expected uint8 pixels, got {images.dtype}")
    return images.astype(np.float32) / np.float32(255)
