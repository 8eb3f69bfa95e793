"""Convert a Keras encoder to LiteRT, which `inference` runs without TensorFlow; the conversion itself needs it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from siamese_core.networks.quiet_tensorflow import silent_stderr

if TYPE_CHECKING:
    import keras

LEAST_SQUARE = 1e-24  # of a length: Keras's own, the square of 1e-12


def convert(encoder: "keras.Model", *, half: bool = False) -> bytes:
    """Return the encoder as a LiteRT file, for any number of images at once; silently, in 0.1 to 1 s.

    half: keep the weights as float16, in half the bytes; the arithmetic stays float32. The file's one signature takes
    `images` (n, side, side) float32 and gives `embeddings` (n, d) float32. Its operations are LiteRT's own alone.

    The weights go in as constants. `encoder.export(format="litert")` hands them on as variables, by way of a second
    model on disk, and takes three times as long for a file that does the same.
    """
    import tensorflow as tf

    trainable, other = (
        [tf.constant(variable.numpy()) for variable in variables]
        for variables in (encoder.trainable_variables, encoder.non_trainable_variables)
    )
    structure = _with_safe_lengths(encoder)

    def embed(images: Any) -> dict[str, Any]:
        return {"embeddings": structure.stateless_call(trainable, other, images, training=False)[0]}

    signature = [tf.TensorSpec(encoder.input_shape, tf.float32, name="images")]
    with silent_stderr(), _temporary_files():
        holder = tf.Module()
        holder.embed = tf.function(embed, input_signature=signature, autograph=False)
        converter = tf.lite.TFLiteConverter.from_concrete_functions([holder.embed.get_concrete_function()], holder)
        if half:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.target_spec.supported_types = [tf.float16]
        return bytes(converter.convert())


@contextmanager
def _temporary_files() -> Iterator[None]:
    """Let temporary files go with the conversion: TensorFlow deletes one only as the process ends by itself."""
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = before


def _with_safe_lengths(encoder: "keras.Model") -> "keras.Model":
    """Return a copy of the encoder, its weights not set, in which a vector of length 0 stays one when normalised.

    `UnitNormalization` takes 1 / sqrt(0) to be infinite and cuts it off afterwards. LiteRT's XNNPACK finds NaN there.
    """
    import keras
    from keras import ops

    def call(layer: keras.Layer, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(layer, keras.layers.UnitNormalization):
            return layer(*args, **kwargs)
        squares = ops.sum(ops.square(args[0]), axis=-1, keepdims=True)
        return args[0] * ops.rsqrt(ops.maximum(squares, LEAST_SQUARE))

    return keras.models.clone_model(encoder, call_function=call)
