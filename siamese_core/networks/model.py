"""A Siamese model, an encoder with its card: how it is saved, loaded and used.

It works without TensorFlow: a model that is loaded runs by LiteRT. Its folder is described in `card`.
"""

import tempfile
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from siamese_core.config import SHIPPED_MODEL
from siamese_core.datasets.dataset import Dataset
from siamese_core.metrics import novelty
from siamese_core.metrics.calibration import Calibration, Fit
from siamese_core.metrics.distances import Neighbours, References, distance
from siamese_core.metrics.novelty import NOVELTY_NEIGHBOURS
from siamese_core.metrics.verification import is_same
from siamese_core.networks.card import (
    EMBEDDINGS_FILE,
    ENCODER_SHA256,
    KERAS_FILE,
    LITERT_FILE,
    ModelError,
    put_in_place,
    read_card,
    read_embeddings,
    sha256_of,
    side_of,
    write_card,
)
from siamese_core.networks.inference import read_encoder
from siamese_core.networks.kept import write_test

__all__ = ["ModelError", "NotConvertedError", "SiameseModel", "load_model"]


class NotConvertedError(ModelError):
    """A model folder holds an encoder for Keras alone, as an earlier version of the project wrote it."""


class Encoder(Protocol):
    """What a model needs of an encoder: `inference.Encoder` and `keras_encoder.KerasEncoder` have it."""

    @property
    def embedding_size(self) -> int:
        """Return d, the length of an embedding."""

    def embed(self, images: np.ndarray) -> np.ndarray:
        """Return the embeddings (n, d) float32 of images (n, side, side) float32 in [0, 1]."""

    def write(self, folder: Path) -> None:
        """Write the encoder's files into a model folder, LITERT_FILE among them."""


class SiameseModel:
    """An encoder with its card; it embeds images and returns their distances."""

    def __init__(self, encoder: Encoder, card: dict[str, Any], test_embeddings: np.ndarray | None = None) -> None:
        """Wrap a trained encoder; test_embeddings: (n, d) float32 of the test images, or None if never computed."""
        self.encoder = encoder
        self.card = card
        self.own_test: Dataset | None = None  # the test images where they are not MNIST's, to be saved with it
        self.test_embeddings = test_embeddings

    @property
    def test_embeddings(self) -> np.ndarray | None:
        """Return the embeddings (n, d) float32 of the test images, None if never computed."""
        return self._known.vectors if self._known else None

    @test_embeddings.setter
    def test_embeddings(self, embeddings: np.ndarray | None) -> None:
        self._known = None if embeddings is None else References(embeddings)

    @property
    def side(self) -> int:
        """Return the side of the images it takes, in pixels."""
        return side_of(self.card)

    @property
    def threshold(self) -> float:
        """Return the distance up to which a pair is accepted as same, fitted on validation pairs."""
        return float(self.card["threshold"])

    @property
    def novelty_limit(self) -> float | None:
        """Return the distance to the known images beyond which one is novel (see `novelty`), None if never fitted."""
        limit = self.card.get("novelty_limit")
        return None if limit is None else float(limit)

    @cached_property
    def calibration(self) -> Calibration:
        """Return the calibration, from a distance to the probability of same, fitted on validation pairs."""
        return Calibration(**self.card["calibration"])

    @cached_property
    def symbols(self) -> Fit | None:
        """Return threshold and calibration for pairs of symbols, None if the model was not fitted to any."""
        fit = self.card.get("symbols")
        return Fit(float(fit["threshold"]), Calibration(**fit["calibration"])) if fit else None

    def fit_for(self, *, symbols: bool) -> Fit:
        """Return the fit that judges pairs: with `symbols` the one for symbols, if the model has one."""
        return (symbols and self.symbols) or Fit(self.threshold, self.calibration)

    @property
    def embedding_size(self) -> int:
        """Return d, the length of an embedding."""
        return self.encoder.embedding_size

    def embed(self, images: np.ndarray) -> np.ndarray:
        """Return the embeddings (n, d) float32 of images (n, side, side), float in [0, 1], light ink on black.

        Raises ValueError for another shape or dtype, or for values outside [0, 1].
        """
        return self.encoder.embed(_checked_images(images, self.side))

    def distance(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Return the distance (n,) between images a and b, (n, side, side) each: smaller = more alike, 0 if identical.

        Raises ValueError as `embed`, or unless a and b hold the same number of images.
        """
        a, b = _checked_images(a, self.side), _checked_images(b, self.side)
        if len(a) != len(b):
            raise ValueError(f"expected as many left as right images, got {len(a)} and {len(b)}")
        return distance_of(a, b, *np.split(self.embed(np.concatenate([a, b])), 2))

    def is_same(self, distances: np.ndarray | float) -> np.ndarray:
        """Return which pairs at these distances are accepted as same, by the model's threshold."""
        return is_same(distances, self.threshold)

    def probability_same(self, distances: np.ndarray | float) -> np.ndarray:
        """Return the calibrated probability of same, in [0, 1], if half of all pairs were genuine."""
        return self.calibration.probability(distances)

    def nearest_known(self, embeddings: np.ndarray, k: int) -> Neighbours | None:
        """Return the k nearest test images, or all if there are fewer; None if their embeddings are missing."""
        return None if self._known is None else self._known.nearest(embeddings, k)

    def is_novel(self, embeddings: np.ndarray, near: Neighbours | None = None) -> np.ndarray:
        """Return which embeddings (n, d) are unlike all images the model knows: (n,) bool.

        near: the result of `nearest_known` for at least NOVELTY_NEIGHBOURS; computed if not given. Without a
        `novelty_limit` or test embeddings, no embedding counts as novel.
        """
        near = near or self.nearest_known(embeddings, NOVELTY_NEIGHBOURS)
        if near is None or self.novelty_limit is None:
            return np.zeros(len(embeddings), bool)
        return novelty.is_novel(near.distances, self.novelty_limit)

    def save(self, folder: Path) -> None:
        """Write the model folder, whole or not at all; what it replaces stays until all is written."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder if folder.is_dir() else folder.parent, prefix=".") as beside:
            made = Path(beside) / "model"  # with the usual permissions, unlike the temporary folder
            made.mkdir()
            self.encoder.write(made)
            write_card(made, self.card | {ENCODER_SHA256: sha256_of((made / LITERT_FILE).read_bytes())})
            if self.test_embeddings is not None:
                np.save(made / EMBEDDINGS_FILE, self.test_embeddings)
            if self.own_test is not None:
                write_test(made, self.own_test)
            put_in_place(made, folder)


def distance_of(a: np.ndarray, b: np.ndarray, embedded_a: np.ndarray, embedded_b: np.ndarray) -> np.ndarray:
    """Return the distance (n,) between images (n, h, w), given their embeddings (n, d); 0 for identical images.

    Equal rows of a batch may get embeddings that differ in the last bit, so identical images are set to 0.
    """
    identical = (a == b).all(axis=(1, 2))
    return np.where(identical, np.float32(0), distance(embedded_a, embedded_b))


def load_model(path: Path | str = SHIPPED_MODEL) -> SiameseModel:
    """Read a model folder, without TensorFlow.

    Raises ModelError if it is missing, damaged or of another version; if its encoder has not been converted for LiteRT,
    NotConvertedError.
    """
    folder = Path(path)
    card = read_card(folder)
    if (folder / KERAS_FILE).is_file() and not (folder / LITERT_FILE).is_file():
        raise NotConvertedError(
            f"{folder} has no {LITERT_FILE} yet; to make it: python -m siamese_core convert {folder}"
        )
    encoder = read_encoder(folder / LITERT_FILE, card.get(ENCODER_SHA256))
    if encoder.side != side_of(card):
        raise ModelError(f"{folder} has an encoder of a side of {encoder.side} pixels, its card says {side_of(card)}")
    embeddings = read_embeddings(folder)
    fits = embeddings is not None and embeddings.shape[1] == encoder.embedding_size
    return SiameseModel(encoder, card, embeddings if fits else None)


def _checked_images(images: np.ndarray, side: int) -> np.ndarray:
    images = np.asarray(images)
    if images.ndim != 3 or images.shape[1:] != (side, side):
        raise ValueError(f"expected images of shape (n, {side}, {side}), got {images.shape}")
    if not np.issubdtype(images.dtype, np.floating):
        raise ValueError(f"expected floating-point images in [0, 1], got {images.dtype}; see siamese_core.to_float")
    if images.size and not (images.min() >= 0 and images.max() <= 1):
        raise ValueError(f"expected pixels in [0, 1], got {images.min()} to {images.max()}")
    return images.astype(np.float32, copy=False)
