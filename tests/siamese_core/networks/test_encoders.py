"""The encoders: the article's to the parameter, their shapes, and that a seed decides everything."""

from pathlib import Path
from typing import get_args

import keras
import numpy as np
import pytest

from siamese_core.config import EncoderName
from siamese_core.networks.encoders import (
    OWN_LAYERS,
    STAGES,
    MomentNormalization,
    build_encoder,
    folded,
)
from tests.moments import moments

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


@pytest.mark.parametrize("lean", [-0.7, 0.0, 0.5])
@pytest.mark.parametrize(("width", "normalised"), [(6, 1.6 * 1.73), (10, 4.0), (14, 4.0)])  # 6 would need more than 1.6
def test_normalised_ink_stands_upright_in_the_middle_and_is_of_one_width(
    lean: float, width: int, normalised: float
) -> None:
    y, x = np.indices((28, 28))
    image = np.clip(width / 2 + 0.5 - np.abs(x - 12 - lean * (y - 13)), 0, 1) * (np.abs(y - 13) < 7)
    below, _, leans, _ = moments(image)  # widths of 6, 10 and 14 are deviations of 1.73, 2.9 and 4.0
    assert abs(leans) > 0.4 or lean == 0
    changed = np.asarray(MomentNormalization()(image[None].astype(np.float32)))[0]
    again = moments(changed)
    assert again[0] == pytest.approx(below, abs=0.1)
    assert again[1] == pytest.approx(13.5, abs=0.1)
    assert again[2] == pytest.approx(0, abs=0.02)
    assert again[3] == pytest.approx(normalised, rel=0.05)
    assert 0 <= changed.min() <= changed.max() <= 1


def test_normalising_leaves_blank_images_blank_and_a_dot_a_dot() -> None:
    images = np.zeros((2, 28, 28), np.float32)
    images[1, 3, 25] = 1
    blank, dot = np.asarray(MomentNormalization()(images))
    assert not blank.any()
    assert np.flatnonzero(dot.any(axis=1)).tolist() == [3]
    assert set(np.flatnonzero(dot.any(axis=0))) <= {12, 13, 14, 15}


def test_the_last_columns_see_normalised_digits() -> None:
    two, none = (build_encoder("small_conv", 12, rng(), columns=3, normalized=n) for n in (2, 0))  # the same weights
    images = rng(1).random((5, 28, 28), np.float32)
    changed = MomentNormalization()(images)
    found, as_they_are, normalised = (np.asarray(x) for x in (two(images), none(images), none(changed)))
    np.testing.assert_allclose(found[:, :4], as_they_are[:, :4], atol=1e-6)
    np.testing.assert_allclose(found[:, 4:], normalised[:, 4:], atol=1e-6)
    assert not np.allclose(as_they_are[:, 4:], normalised[:, 4:], atol=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_folding_keeps_what_a_trained_encoder_makes_of_images(name: EncoderName) -> None:
    columns, normalized = (1, 0) if name == "dense" else (3, 1)
    encoder = build_encoder(name, 12, rng(), columns, normalized)
    for weight in encoder.weights:  # as after a training: gammas and means are no longer ones and zeros
        if weight.dtype == "float32":
            weight.assign(weight + 0.1 * rng(1).random(weight.shape, np.float32))
    images = rng(2).random((5, 28, 28), np.float32)
    simpler = folded(encoder)
    np.testing.assert_allclose(np.asarray(simpler(images)), np.asarray(encoder(images)), atol=1e-5)
    assert not any(isinstance(layer, keras.layers.BatchNormalization) for layer in simpler.layers)
    assert simpler.count_params() <= encoder.count_params()
    assert simpler.name == encoder.name


def test_an_encoder_of_all_parts_is_saved_and_read_in_safe_mode(tmp_path: Path) -> None:
    encoder = folded(build_encoder("conv", 6, rng(), columns=3, normalized=2))
    encoder.save(tmp_path / "encoder.keras")
    images = rng().random((2, 28, 28), np.float32)
    again = keras.models.load_model(tmp_path / "encoder.keras", custom_objects=OWN_LAYERS, safe_mode=True)
    np.testing.assert_array_equal(np.asarray(again(images)), np.asarray(encoder(images)))


def test_unknown_encoder_is_named() -> None:
    with pytest.raises(ValueError, match="expected an encoder out of dense, small_conv, conv, lean_conv, got 'lstm'"):
        build_encoder("lstm", 8, rng())  # type: ignore[arg-type]
