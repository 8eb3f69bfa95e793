"""The encoders: shared networks that turn an image into an embedding.

Each takes (n, side, side) float32 in [0, 1], the side 28 or 56, and returns (n, d) float32. They consist only of
Keras's layers and those in OWN_LAYERS, so that a saved encoder loads in Keras's safe mode.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from siamese_core.config import IMAGE_SIZE, EncoderName

STAGES = (
    (24, 5, True),
    (48, 3, True),
    (96, 3, False),
)  # of `conv`: filters, size of the first kernel, whether a residual follows
LEAN_STAGES = ((16, 5, False), *STAGES[1:])  # three quarters of the time: most is spent where the image is largest
LEAN = 0.8  # largest slant that is corrected, in pixels to the right per pixel down
WIDTH, STRETCH = 4.0, 1.6  # of normalised ink: horizontal deviation in pixels of 28, and largest factor to reach it
Seed = Callable[[], int]
TINY = 1e-6  # least ink, so that a blank image causes no division by zero


def build_encoder(
    name: EncoderName,
    embedding_size: int,
    rng: np.random.Generator,
    columns: int = 1,
    normalized: int = 0,
    side: int = IMAGE_SIZE,
) -> keras.Model:
    """Return a new encoder; its initial weights and its dropout depend on `rng` alone.

    columns: number of networks that see each image. The embedding is theirs side by side, of equal length each and
    of length 1 as a whole; `embedding_size` must be a multiple of columns. normalized: how many of the columns, the
    last ones, see the image through `MomentNormalization`. side: of the images, in pixels. Raises ValueError
    for an unknown name.
    """
    if name not in BUILDERS:
        raise ValueError(f"expected an encoder out of {', '.join(BUILDERS)}, got {name!r}")

    def seed() -> int:
        return int(rng.integers(2**31))

    inputs = layers.Input((side, side), name="image")
    seen = [inputs] * (columns - normalized) + [MomentNormalization()(inputs)] * normalized
    parts = [BUILDERS[name](image, embedding_size // columns, seed) for image in seen]
    outputs = layers.UnitNormalization()(layers.Concatenate()(parts)) if columns > 1 else parts[0]
    return keras.Model(inputs, outputs, name=name)


def dense(x: keras.KerasTensor, embedding_size: int, seed: Seed) -> keras.KerasTensor:
    """Build the article's base network: 133,504 parameters at embedding size 128, no normalisation."""
    x = layers.Flatten()(x)
    for _ in range(2):
        x = layers.Dense(128, activation="relu", kernel_initializer=_glorot(seed))(x)
        x = layers.Dropout(0.3, seed=seed())(x)
    return layers.Dense(embedding_size, activation="relu", kernel_initializer=_glorot(seed))(x)


def small_conv(x: keras.KerasTensor, embedding_size: int, seed: Seed) -> keras.KerasTensor:
    """Build two strided convolutions and two dense layers with embeddings of length 1: trained in a second or two."""
    x = layers.Reshape((*x.shape[1:], 1))(x)  # (n, 28, 28, 1)
    x = layers.Conv2D(16, 5, strides=2, padding="same", activation="relu", kernel_initializer=_he(seed))(x)
    x = layers.Conv2D(32, 3, strides=2, padding="same", activation="relu", kernel_initializer=_he(seed))(x)
    x = layers.Flatten()(x)  # (n, 7 * 7 * 32)
    x = layers.Dense(128, activation="relu", kernel_initializer=_he(seed))(x)
    x = layers.Dense(embedding_size, kernel_initializer=_glorot(seed))(x)
    return layers.UnitNormalization()(x)


def conv(
    x: keras.KerasTensor, embedding_size: int, seed: Seed, stages: tuple[tuple[int, int, bool], ...] = STAGES
) -> keras.KerasTensor:
    """Build a column of the shipped model: three stages of convolutions, embeddings of length 1.

    The third convolution of a stage is added to its input and starts at zero, as in a residual network (He, Zhang, Ren,
    Sun, "Deep Residual Learning for Image Recognition", CVPR 2016).
    """
    x = layers.Reshape((*x.shape[1:], 1))(x)
    for filters, kernel, residual in stages:
        x = layers.ReLU()(_convolution(x, filters, kernel, 1, seed))
        x = layers.ReLU()(_convolution(x, filters, 3, 2, seed))
        if residual:
            x = layers.ReLU()(layers.Add()([x, _convolution(x, filters, 3, 1, seed, gamma="zeros")]))
    x = layers.Flatten()(x)  # (n, 4 * 4 * 96)
    x = layers.Dropout(0.2, seed=seed())(x)
    x = layers.Dense(embedding_size, kernel_initializer=_glorot(seed))(x)
    return layers.UnitNormalization()(x)


BUILDERS: dict[EncoderName, Callable[[keras.KerasTensor, int, Seed], keras.KerasTensor]] = {
    "dense": dense,
    "small_conv": small_conv,
    "conv": conv,
    "lean_conv": partial(conv, stages=LEAN_STAGES),
}


def _convolution(
    x: keras.KerasTensor, filters: int, kernel: int, stride: int, seed: Seed, gamma: str = "ones"
) -> keras.KerasTensor:
    x = layers.Conv2D(filters, kernel, strides=stride, padding="same", use_bias=False, kernel_initializer=_he(seed))(x)
    return layers.BatchNormalization(momentum=0.9, gamma_initializer=gamma)(x)


def folded(encoder: keras.Model) -> keras.Model:
    """Return the trained encoder with its batch normalisations folded into the convolutions before them.

    The embeddings are the same up to rounding; the file is smaller, and the encoder loads and embeds faster. An encoder
    without batch normalisation is returned as it is.
    """
    normalisations = {layer.input: layer for layer in encoder.layers if isinstance(layer, layers.BatchNormalization)}
    if not normalisations:
        return encoder

    def clone(layer: keras.Layer) -> keras.Layer:
        config = layer.get_config()
        if layer.output in normalisations:
            config["use_bias"] = True
        return type(layer).from_config(config)

    def call(layer: keras.Layer, *args: Any, **kwargs: Any) -> Any:
        return args[0] if isinstance(layer, layers.BatchNormalization) else layer(*args, **kwargs)

    result = keras.models.clone_model(encoder, clone_function=clone, call_function=call)
    for layer in result.layers:
        before = encoder.get_layer(layer.name)
        weights = before.get_weights()
        if before.output in normalisations:
            normalisation = normalisations[before.output]
            gamma, beta, mean, variance = normalisation.get_weights()
            scale = gamma / np.sqrt(variance + normalisation.epsilon)
            weights = [weights[0] * scale, beta - mean * scale]
        layer.set_weights(weights)
    return result


class MomentNormalization(layers.Layer):
    """Removes the slant of images (n, side, side) and brings them to one width, by the moments of their ink.

    The ink is sheared and stretched horizontally: its centre of mass moves to the middle, and its horizontal standard
    deviation becomes WIDTH of 28 pixels, or as near to that as the factor STRETCH allows. Source: Casey, "Moment
    Normalization of Handprinted Characters", IBM Journal of Research and Development 14, 1970; here nothing moves
    vertically.
    """

    def call(self, images: Any) -> Any:
        """Return the changed images (n, side, side); pixels from outside an image are black."""
        side = images.shape[1]
        places = ops.arange(side, dtype="float32")
        rows, columns = ops.sum(images, axis=2), ops.sum(images, axis=1)  # (n, side): the ink in each
        whole = ops.maximum(ops.sum(rows, axis=1, keepdims=True), TINY)

        def mean(values: Any) -> Any:
            return ops.sum(values, axis=1, keepdims=True) / whole  # (n, 1)

        down, middle = places - mean(rows * places), mean(columns * places)
        right = places - middle
        high = ops.maximum(mean(rows * down * down), TINY)
        lean = mean(ops.sum(images * right[:, None, :], axis=2) * down) / high  # pixels to the right per pixel down
        lean = ops.clip(lean, -LEAN, LEAN)
        wide = ops.maximum(mean(columns * right * right) - lean * lean * high, TINY)  # without the slant
        stretch = ops.clip(ops.sqrt(wide) / (WIDTH * side / IMAGE_SIZE), 1 / STRETCH, STRETCH)
        centre = (side - 1) / 2
        source = (middle + lean * down)[:, :, None] + (stretch * (places - centre))[:, None, :]  # (n, side, side)
        left = ops.floor(source)
        padded = ops.pad(images, [[0, 0], [0, 0], [1, 1]])
        first, second = (
            ops.take_along_axis(padded, ops.cast(ops.clip(column, 0, side + 1), "int32"), axis=2)
            for column in (left + 1, left + 2)
        )
        return first + (source - left) * (second - first)


OWN_LAYERS = {MomentNormalization.__name__: MomentNormalization}  # a saved encoder may hold, beside Keras's own


def _glorot(seed: Seed) -> keras.initializers.Initializer:
    return keras.initializers.GlorotUniform(seed=seed())


def _he(seed: Seed) -> keras.initializers.Initializer:
    return keras.initializers.HeNormal(seed=seed())
