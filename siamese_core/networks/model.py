"""A Siamese model, an encoder with its card: how it is saved, loaded and used.

A model is a folder: `encoder.keras` (the encoder alone, no Lambda layer), `card.json` (recipe, data, figures,
threshold, calibration) and `test_embeddings.npy` (the embeddings of the test images, in their order).
"""

import tempfile
from functools import cached_property
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from siamese_core.config import IMAGE_SIZE, SHIPPED_MODEL
from siamese_core.metrics import novelty
from siamese_core.metrics.calibration import Calibration
from siamese_core.metrics.distances import Neighbours, distance, nearest
from siamese_core.metrics.novelty import NOVELTY_NEIGHBOURS
from siamese_core.metrics.verification import is_same
from siamese_core.networks.card import EMBEDDINGS_FILE, ModelError, read_card, read_embeddings, write_card
from siamese_core.networks.encoders import OWN_LAYERS

__all__ = ["ModelError", "SiameseModel", "load_model"]

ENCODER_FILE = "encoder.keras"
BATCH = 500  # images embedded at once


class SiameseModel:
    """An encoder with its card; it embeds images and returns their distances."""

    def __init__(self, encoder: keras.Model, card: dict[str, Any], test_embeddings: np.ndarray | None = None) -> None:
        """Wrap a trained encoder; test_embeddings: (n, d) float32 of the test images, or None if never computed."""
        self.encoder = encoder
        self.card = card
        self.test_embeddings = test_embeddings

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

    @property
    def embedding_size(self) -> int:
        """Return d, the length of an embedding."""
        return int(self.encoder.output_shape[-1])

    @cached_property
    def _forward(self) -> tf.types.experimental.GenericFunction:
        signature = tf.TensorSpec((None, IMAGE_SIZE, IMAGE_SIZE), tf.float32)
        return tf.function(
            lambda images: self.encoder(images, training=False), input_signature=[signature], autograph=False
        )

    def embed(self, images: np.ndarray) -> np.ndarray:
        """Return the embeddings (n, d) float32 of images (n, 28, 28), float in [0, 1], light ink on black.

        Raises ValueError for another shape or dtype, or for values outside [0, 1].
        """
        images = _checked_images(images)
        if not len(images):
            return np.zeros((0, self.embedding_size), np.float32)
        parts = [self._forward(images[start : start + BATCH]).numpy() for start in range(0, len(images), BATCH)]
        return np.concatenate(parts)

    def distance(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Return the distance (n,) between the images a and b, (n, 28, 28) each: smaller = more alike, 0 for identical.

        Raises ValueError as `embed`, or unless a and b hold the same number of images.
        """
        a, b = _checked_images(a), _checked_images(b)
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
        known = self.test_embeddings
        return None if known is None else nearest(embeddings, known, min(k, len(known)))

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
        """Write the model folder; existing files are replaced only after all new ones are written."""
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".") as made:
            self.encoder.save(Path(made) / ENCODER_FILE)
            write_card(Path(made), self.card)
            if self.test_embeddings is not None:
                np.save(Path(made) / EMBEDDINGS_FILE, self.test_embeddings)
            (folder / EMBEDDINGS_FILE).unlink(missing_ok=True)
            for file in Path(made).iterdir():
                file.replace(folder / file.name)


def distance_of(a: np.ndarray, b: np.ndarray, embedded_a: np.ndarray, embedded_b: np.ndarray) -> np.ndarray:
    """Return the distance (n,) between images (n, h, w), given their embeddings (n, d); 0 for identical images.

    Equal rows of a batch may get embeddings that differ in the last bit, so identical images are set to 0.
    """
    identical = (a == b).all(axis=(1, 2))
    return np.where(identical, np.float32(0), distance(embedded_a, embedded_b))


def load_model(path: Path | str = SHIPPED_MODEL) -> SiameseModel:
    """Read a model folder. Raises ModelError if it is missing, damaged or of another version."""
    folder = Path(path)
    card = read_card(folder)
    encoder = _read_encoder(folder / ENCODER_FILE)
    embeddings = read_embeddings(folder)
    fits = embeddings is not None and embeddings.shape[1] == encoder.output_shape[-1]
    return SiameseModel(encoder, card, embeddings if fits else None)


def _read_encoder(path: Path) -> keras.Model:
    """Load the encoder in Keras's safe mode and check its shapes and weights."""
    if not path.is_file():
        raise ModelError(f"{path} is missing, so {path.parent} is not a complete model folder")
    try:
        encoder = keras.saving.load_model(path, custom_objects=OWN_LAYERS, compile=False, safe_mode=True)
    except Exception as error:  # noqa: BLE001 a damaged archive makes Keras, zipfile and h5py raise almost anything
        kind = type(error).__name__
        raise ModelError(f"{path} is damaged or from another version of Keras ({kind})") from None
    takes, gives = (getattr(encoder, name, None) for name in ("input_shape", "output_shape"))
    one_vector = isinstance(gives, tuple) and len(gives) == 2 and isinstance(gives[1], int)
    if takes != (None, IMAGE_SIZE, IMAGE_SIZE) or not one_vector:
        raise ModelError(f"{path} is not an encoder of 28 x 28 images: it takes {takes} and gives {gives}")
    if not all(np.isfinite(weight.numpy()).all() for weight in encoder.weights):
        raise ModelError(f"{path} holds weights that are not numbers")
    return encoder


def _checked_images(images: np.ndarray) -> np.ndarray:
    images = np.asarray(images)
    if images.ndim != 3 or images.shape[1:] != (IMAGE_SIZE, IMAGE_SIZE):
        raise ValueError(f"expected images of shape (n, 28, 28), got {images.shape}")
    if not np.issubdtype(images.dtype, np.floating):
        raise ValueError(f"expected floating-point images in [0, 1], got {images.dtype}; see siamese_core.to_float")
    if images.size and not (images.min() >= 0 and images.max() <= 1):
        raise ValueError(f"expected pixels in [0, 1], got {images.min()} to {images.max()}")
    return images.astype(np.float32, copy=False)
