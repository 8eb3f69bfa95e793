"""The encoders: the article's to the parameter, their shapes, and that a seed decides everything."""

from typing import get_args

import numpy as np
import pytest

from siamese_core.config import EncoderName
from siamese_core.encoders import build_encoder

NAMES: tuple[EncoderName, ...] = get_args(EncoderName)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_article_encoder_has_133_504_parameters() -> None:
    encoder = build_encoder("dense", 128, rng())
    assert sum(int(np.prod(weight.shape)) for weight in encoder.trainable_variables) == 133_504
    kinds = [type(layer).__name__ for layer in encoder.layers]
    assert kinds == ["InputLayer", "Flatten", "Dense", "Dropout", "Dense", "Dropout", "Dense"]
    assert [layer.rate for layer in encoder.layers if type(layer).__name__ == "Dropout"] == [0.3, 0.3]
    assert [layer.activation.__name__ for layer in encoder.layers if type(layer).__name__ == "Dense"] == ["relu"] * 3


@pytest.mark.parametrize("name", NAMES)
def test_images_become_embeddings(name: EncoderName) -> None:
    images = rng().random((3, 28, 28), np.float32)
    embeddings = build_encoder(name, 10, rng())(images, training=False).numpy()
    assert embeddings.shape == (3, 10)
    assert embeddings.dtype == np.float32
    if name != "dense":
        np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_seed_decides_weights_and_dropout(name: EncoderName) -> None:
    images = rng(9).random((4, 28, 28), np.float32)
    one, again, other = (build_encoder(name, 8, rng(seed)) for seed in (1, 1, 2))
    for a, b in zip(one.weights, again.weights, strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())
    np.testing.assert_array_equal(one(images, training=True), again(images, training=True))
    assert (np.asarray(one(images)) != np.asarray(other(images))).any()


@pytest.mark.parametrize("name", NAMES)
def test_layers_of_one_encoder_start_differently(name: EncoderName) -> None:
    """One seed for all of them would give layers of one shape the same weights."""
    kernels = [
        weight.numpy().ravel()[:8] for weight in build_encoder(name, 8, rng()).weights if weight.name == "kernel"
    ]
    assert len({tuple(np.sign(kernel)) for kernel in kernels}) == len(kernels)


def test_unknown_encoder_is_named() -> None:
    with pytest.raises(ValueError, match="encoder must be one of dense, small_conv, conv; got 'lstm'"):
        build_encoder("lstm", 8, rng())  # type: ignore[arg-type]
