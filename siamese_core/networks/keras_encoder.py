"""An encoder as Keras trains and stores it; finished ones run without TensorFlow, see `inference`."""

from functools import cached_property
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from siamese_core.config import SIDES
from siamese_core.files import write_whole
from siamese_core.networks.card import (
    ENCODER_SHA256,
    KERAS_FILE,
    LITERT_FILE,
    SQUARES,
    ModelError,
    read_card,
    sha256_of,
    write_card,
)
from siamese_core.networks.conversion import convert
from siamese_core.networks.encoders import OWN_LAYERS

BATCH = 500  # images embedded at once


class KerasEncoder:
    """A Keras model that embeds images, while it is trained and afterwards."""

    def __init__(self, model: keras.Model) -> None:
        """Wrap a model that takes images (n, side, side) and returns embeddings (n, d)."""
        self.model = model

    @property
    def side(self) -> int:
        """Return the side of the images it takes, in pixels."""
        return int(self.model.input_shape[1])

    @property
    def embedding_size(self) -> int:
        """Return d, the length of an embedding."""
        return int(self.model.output_shape[-1])

    @cached_property
    def _forward(self) -> tf.types.experimental.GenericFunction:
        signature = tf.TensorSpec(self.model.input_shape, tf.float32)
        return tf.function(
            lambda images: self.model(images, training=False), input_signature=[signature], autograph=False
        )

    def embed(self, images: np.ndarray) -> np.ndarray:
        """Return the embeddings (n, d) float32 of images (n, side, side) in [0, 1], by the weights as they are now."""
        if not len(images):
            return np.zeros((0, self.embedding_size), np.float32)
        parts = [self._forward(images[start : start + BATCH]).numpy() for start in range(0, len(images), BATCH)]
        return np.concatenate(parts)

    def write(self, folder: Path) -> None:
        """Write the encoder for Keras and for LiteRT."""
        self.model.save(folder / KERAS_FILE)
        (folder / LITERT_FILE).write_bytes(convert(self.model))


def read_keras(path: Path) -> KerasEncoder:
    """Load an encoder in Keras's safe mode and check its shapes and weights.

    Raises ModelError if the file is missing, damaged, from another version of Keras or no encoder of square images of a
    side in SIDES.
    """
    if not path.is_file():
        raise ModelError(f"{path} is missing, so {path.parent} is not a complete model folder")
    try:
        model = keras.saving.load_model(path, custom_objects=OWN_LAYERS, compile=False, safe_mode=True)
    except Exception as error:  # noqa: BLE001 a damaged archive makes Keras, zipfile and h5py raise almost anything
        kind = type(error).__name__
        raise ModelError(f"{path} is damaged or from another version of Keras ({kind})") from None
    takes, gives = (getattr(model, name, None) for name in ("input_shape", "output_shape"))
    one_vector = isinstance(gives, tuple) and len(gives) == 2 and isinstance(gives[1], int)
    if takes not in [(None, side, side) for side in SIDES] or not one_vector:
        raise ModelError(f"{path} is not an encoder of {SQUARES} images: it takes {takes} and gives {gives}")
    if not all(np.isfinite(weight.numpy()).all() for weight in model.weights):
        raise ModelError(f"{path} holds weights that are not numbers")
    return KerasEncoder(model)


def convert_folder(folder: Path) -> None:
    """Add the encoder for LiteRT to a model folder of an earlier version, and its checksum to the card.

    Raises ModelError if the folder is missing, damaged or of another version.
    """
    card = read_card(folder)
    content = convert(read_keras(folder / KERAS_FILE).model)
    write_whole(folder / LITERT_FILE, content)
    write_card(folder, card | {ENCODER_SHA256: sha256_of(content)})
