"""Conversion to LiteRT: every encoder embeds as before, in silence, and the file is what it says."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from siamese_core.config import ROOT, SHIPPED_MODEL
from siamese_core.datasets.dataset import to_float
from siamese_core.datasets.mnist import load_test
from siamese_core.metrics.distances import distances_to_all
from siamese_core.networks.card import KERAS_FILE
from siamese_core.networks.conversion import convert
from siamese_core.networks.encoders import build_encoder, folded
from siamese_core.networks.inference import BATCH, Encoder
from siamese_core.networks.keras_encoder import read_keras
from siamese_core.networks.model import load_model


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def moved(encoder: keras.Model) -> keras.Model:
    """Move the weights, as a training does, so that none are zeros or ones any more."""
    for weight in encoder.weights:
        if weight.dtype == "float32":
            weight.assign(weight + 0.1 * rng().random(weight.shape, np.float32))
    return encoder


ENCODERS: dict[str, Callable[[], keras.Model]] = {
    "dense": lambda: moved(build_encoder("dense", 128, rng())),
    "small_conv": lambda: moved(build_encoder("small_conv", 8, rng())),
    "conv with batch normalisation": lambda: moved(build_encoder("conv", 8, rng())),
    "conv, folded": lambda: folded(moved(build_encoder("conv", 8, rng()))),
    "columns": lambda: moved(build_encoder("small_conv", 12, rng(), columns=3)),
    "normalised columns": lambda: moved(build_encoder("small_conv", 12, rng(), columns=3, normalized=2)),
    "all parts": lambda: folded(moved(build_encoder("conv", 6, rng(), columns=3, normalized=2))),
    "untrained dense": lambda: build_encoder("dense", 8, rng()),
    "untrained columns": lambda: build_encoder("conv", 12, rng(), columns=3, normalized=1),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ENCODERS)
def test_embeddings_are_those_of_keras(name: str) -> None:
    """Of digits, of noise and of a blank image, of which an untrained encoder makes a vector of length 0."""
    encoder = ENCODERS[name]()
    noise = rng().random((BATCH, 28, 28), np.float32)
    images = np.concatenate([to_float(load_test().images[:20]), noise, np.zeros_like(noise[:1])])
    converted = Encoder(convert(encoder))
    expected = np.asarray(encoder(images, training=False))  # of the dense encoder, numbers about 100
    np.testing.assert_allclose(converted.embed(images), expected, rtol=1e-5, atol=1e-5)
    assert converted.embedding_size == encoder.output_shape[1]


@pytest.mark.slow
def test_the_encoder_stays_as_it_was() -> None:
    encoder = ENCODERS["all parts"]()
    before = [np.array(weight) for weight in encoder.weights]
    assert convert(encoder) == convert(encoder)
    for weight, value in zip(encoder.weights, before, strict=True):
        np.testing.assert_array_equal(np.array(weight), value)
    folded(encoder)  # needs layers that were called once


def test_half_precision_halves_the_file_and_moves_embeddings_little() -> None:
    encoder = ENCODERS["small_conv"]()
    images = rng().random((9, 28, 28), np.float32)
    whole, half = convert(encoder), convert(encoder, half=True)
    assert len(half) < 0.55 * len(whole)
    np.testing.assert_allclose(Encoder(half).embed(images), Encoder(whole).embed(images), atol=2e-3)


def test_the_signature_names_what_it_takes_and_gives() -> None:
    interpreter = Interpreter(model_content=convert(ENCODERS["small_conv"]()))
    assert interpreter.get_signature_list() == {"serving_default": {"inputs": ["images"], "outputs": ["embeddings"]}}
    runner = interpreter.get_signature_runner()
    assert runner(images=np.zeros((3, 28, 28), np.float32))["embeddings"].shape == (3, 8)


CONVERT = """
import numpy as np
from siamese_core.networks.quiet_tensorflow import import_tensorflow
import_tensorflow()
from siamese_core.networks.conversion import convert
from siamese_core.networks.encoders import build_encoder
convert(build_encoder("small_conv", 8, np.random.default_rng(0), columns=2, normalized=1))
"""


@pytest.mark.slow
def test_no_word_on_the_terminal_and_no_warning() -> None:
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", CONVERT], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.slow
def test_no_file_is_left_by_a_process_that_is_killed_after_it(tmp_path: Path) -> None:
    code = f"{CONVERT}\nimport os\nos.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=os.environ | {"TMPDIR": str(tmp_path)}, check=False)
    assert [each.name for each in tmp_path.iterdir()] == []


def test_importing_it_imports_no_tensorflow() -> None:
    code = "import sys, siamese_core.networks.conversion\nprint({'tensorflow', 'keras'} & sys.modules.keys())"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout == "set()\n"


@pytest.mark.slow
def test_no_verdict_of_the_shipped_network_is_changed_by_the_conversion() -> None:
    """Of all 1,999,000 pairs of 2,000 test digits; five of them lie within 1e-5 of the threshold."""
    shipped, images = load_model(), to_float(load_test().images[:2_000])
    by_keras, by_litert = read_keras(SHIPPED_MODEL / KERAS_FILE).embed(images), shipped.embed(images)
    np.testing.assert_allclose(by_litert, by_keras, atol=1e-5)
    for start in range(0, len(images), 500):
        rows = slice(start, start + 500)
        one, other = (distances_to_all(each[rows], each) <= shipped.threshold for each in (by_keras, by_litert))
        np.testing.assert_array_equal(one, other)


def test_the_shipped_encoder_for_litert_is_the_one_of_keras() -> None:
    images = to_float(load_test().images[:50])
    by_keras = read_keras(SHIPPED_MODEL / KERAS_FILE).embed(images)
    np.testing.assert_allclose(load_model().embed(images), by_keras, atol=1e-5)
