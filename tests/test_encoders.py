"""The encoders: the article's to the parameter, their shapes, and that a seed decides everything."""

from pathlib import Path
from typing import get_args

import keras
import numpy as np
import pytest

from siamese_core.config import EncoderName
from siamese_core.encoders import STAGES, build_encoder, with_prototypes

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


def test_residual_convolutions_add_nothing_at_first() -> None:
    images = rng().random((3, 28, 28), np.float32)
    encoder = build_encoder("conv", 8, rng())
    sums = [layer for layer in encoder.layers if isinstance(layer, keras.layers.Add)]
    assert len(sums) == sum(residual for *_, residual in STAGES) > 0
    for layer in sums:
        before, after = keras.Model(encoder.input, [layer.input[0], layer.output])(images)
        np.testing.assert_array_equal(np.asarray(before), np.asarray(after))
        assert np.asarray(before).any()


@pytest.mark.parametrize("name", ["small_conv", "conv"])
def test_columns_say_equally_much_and_differ(name: EncoderName) -> None:
    images = rng().random((3, 28, 28), np.float32)
    embeddings = build_encoder(name, 12, rng(), columns=3)(images, training=False).numpy()
    np.testing.assert_allclose(np.linalg.norm(embeddings.reshape(3, 3, 4), axis=2), 3**-0.5, rtol=1e-5)
    first, second, third = embeddings.reshape(3, 3, 4).swapaxes(0, 1)
    assert not np.allclose(first, second)
    assert not np.allclose(second, third)


def test_prototypes_put_a_doubtful_digit_between_its_classes() -> None:
    plain = build_encoder("small_conv", 3, rng())
    images = rng(1).random((5, 28, 28), np.float32)
    known = np.asarray(plain(images))
    prototypes = np.array([known[0], known[1], -known[0]])
    whole = np.asarray(with_prototypes(plain, prototypes, 0.5, 2.0)(images))
    assert whole.shape == (5, 6)
    np.testing.assert_allclose(whole[:, :3], known / 5**0.5, rtol=1e-5)  # of lengths 1 and 2
    scores = np.exp(known @ prototypes.T / 0.5)
    np.testing.assert_allclose(5 / 4 * whole[:, 3:] ** 2, scores / scores.sum(axis=1, keepdims=True), rtol=1e-4)
    assert (whole[:, 3:] > 0).all()


def test_an_encoder_with_prototypes_is_of_plain_layers(tmp_path: Path) -> None:
    encoder = with_prototypes(build_encoder("conv", 6, rng(), columns=3), np.eye(10, 6, dtype=np.float32), 0.1, 2.0)
    encoder.save(tmp_path / "encoder.keras")
    images = rng().random((2, 28, 28), np.float32)
    again = keras.models.load_model(tmp_path / "encoder.keras", safe_mode=True)
    np.testing.assert_array_equal(np.asarray(again(images)), np.asarray(encoder(images)))


def test_unknown_encoder_is_named() -> None:
    with pytest.raises(ValueError, match="encoder must be one of dense, small_conv, conv; got 'lstm'"):
        build_encoder("lstm", 8, rng())  # type: ignore[arg-type]
