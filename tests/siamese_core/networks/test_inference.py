"""Inference by LiteRT: embeddings in any number and from any thread, damaged files, and no TensorFlow anywhere."""

import hashlib
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keras
import numpy as np
import pytest

from siamese_core.config import ROOT
from siamese_core.networks import inference
from siamese_core.networks.card import ModelError
from siamese_core.networks.conversion import convert
from siamese_core.networks.encoders import build_encoder
from siamese_core.networks.inference import BATCH, Encoder, read_encoder

SIZE = 6


def images(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random((n, 28, 28), np.float32)


@pytest.fixture(scope="module")
def of_keras() -> keras.Model:
    return build_encoder("small_conv", SIZE, np.random.default_rng(0))


@pytest.fixture(scope="module")
def content(of_keras: keras.Model) -> bytes:
    return convert(of_keras)


@pytest.fixture(scope="module")
def encoder(content: bytes) -> Encoder:
    return Encoder(content)


@pytest.fixture
def file(content: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "encoder.tflite"
    path.write_bytes(content)
    return path


# --- embed ---


@pytest.mark.parametrize("n", [0, 1, 2, 3, BATCH, BATCH + 1, 2 * BATCH, 5 * BATCH + 7])
def test_embed_gives_a_row_an_image_as_keras_does(encoder: Encoder, of_keras: keras.Model, n: int) -> None:
    embeddings = encoder.embed(images(n))
    assert embeddings.shape == (n, SIZE)
    assert embeddings.dtype == np.float32
    np.testing.assert_allclose(embeddings, np.asarray(of_keras(images(n))).reshape(n, SIZE), atol=1e-5)


def test_many_threads_get_what_one_gets(encoder: Encoder) -> None:
    """Pairs and long batches at once, of different images; a pair is the same to the last bit."""
    counts = [2, 3 * BATCH + 5, 1, BATCH, 2, 2 * BATCH, 5, 2]
    given = [images(n, seed) for seed, n in enumerate(counts)]
    alone = [encoder.embed(each) for each in given]
    with ThreadPoolExecutor(len(given)) as threads:
        for _ in range(20):
            for n, found, expected in zip(counts, threads.map(encoder.embed, given), alone, strict=True):
                np.testing.assert_allclose(found, expected, atol=0 if n == 2 else 1e-6)


def test_embeddings_are_kept_by_who_got_them(encoder: Encoder) -> None:
    first = encoder.embed(images(2, 1))
    before = first.copy()
    encoder.embed(images(2, 2))
    np.testing.assert_array_equal(first, before)


def test_views_and_double_precision_are_welcome(encoder: Encoder) -> None:
    many = images(9)
    np.testing.assert_array_equal(encoder.embed(many[::3]), encoder.embed(many[::3].copy()))
    np.testing.assert_array_equal(encoder.embed(many.astype(np.float64)), encoder.embed(many))


@pytest.mark.parametrize(
    "bad", [np.zeros((28, 28), np.float32), np.zeros((2, 20, 28), np.float32), np.zeros((2, 28, 28), np.uint8)]
)
def test_what_is_no_image_is_refused(encoder: Encoder, bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"expected float images of shape \(n, 28, 28\), got"):
        encoder.embed(bad)


# --- the pool ---


def test_who_asks_first_is_served_first() -> None:
    """And not who gives back and asks again, as the threads of a long batch do."""
    pool = inference._Pool(lambda: object(), 1)
    served: list[str] = []

    def ask(name: str) -> None:
        with pool.lend():
            served.append(name)

    with pool.lend():
        threads = [threading.Thread(target=ask, args=(name,)) for name in "abc"]
        for waiting, thread in enumerate(threads, 1):
            thread.start()
            while len(pool._waiting) < waiting:
                time.sleep(0.001)
    ask("again")
    for thread in threads:
        thread.join()
    assert served == ["a", "b", "c", "again"]


def test_no_more_is_made_than_is_needed_nor_allowed() -> None:
    made: list[object] = []

    def make() -> object:
        made.append(object())
        return made[-1]

    pool = inference._Pool(make, 2)
    for _ in range(3):
        with pool.lend():
            pass
    assert len(made) == 1
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: _hold(pool), range(50)))
    assert len(made) == 2


def _hold(pool: inference._Pool) -> None:
    with pool.lend():
        time.sleep(0.0005)


def test_an_error_gives_the_interpreter_back() -> None:
    pool = inference._Pool(lambda: object(), 1)
    for _ in range(3):
        with pytest.raises(KeyError), pool.lend():
            raise KeyError


# --- damaged and foreign files ---

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "one byte": lambda b: b[:1],
    "text": lambda _: b"hello, I am no encoder",
    "noise": lambda _: random.Random(0).randbytes(100_000),
    "noise that says what it is": lambda b: b[:8] + random.Random(0).randbytes(100_000),
    "a header alone": lambda b: b[:8],
    "a tenth": lambda b: b[: len(b) // 10],
    "half": lambda b: b[: len(b) // 2],
    "a byte too short": lambda b: b[:-1],
    "zeros from the middle on": lambda b: b[: len(b) // 2] + bytes(len(b) - len(b) // 2),
    "zeros up to the middle": lambda b: b[:8] + bytes(len(b) // 2 - 8) + b[len(b) // 2 :],
    "another version": lambda b: b.replace(b"TFL3", b"TFL2", 1),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_gives_one_sentence(damage: str, content: bytes, file: Path) -> None:
    file.write_bytes(DAMAGES[damage](content))
    with pytest.raises(ModelError, match="damaged") as refusal:
        read_encoder(file)
    assert str(file) in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_checksum_tells_changed_weights(content: bytes, file: Path) -> None:
    digest = hashlib.sha256(content).hexdigest()
    np.testing.assert_array_equal(read_encoder(file, digest).embed(images(2)), Encoder(content).embed(images(2)))
    changed = bytearray(content)
    changed[len(content) // 2] ^= 1
    file.write_bytes(changed)
    read_encoder(file)  # LiteRT cannot see it
    with pytest.raises(ModelError, match="is damaged, its checksum is not the one"):
        read_encoder(file, digest)


def test_what_cannot_be_read_gives_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"encoder.tflite is missing, so .* is no complete model folder"):
        read_encoder(tmp_path / "encoder.tflite")
    with pytest.raises(ModelError, match="cannot be read"):
        read_encoder(tmp_path)


def by_tensorflow(layers: list[keras.Layer]) -> bytes:
    """Convert any network, as somebody else might have done it."""
    import tensorflow as tf

    network = keras.Sequential(layers)
    signature = [tf.TensorSpec(network.input_shape, tf.float32)]
    holder = tf.Module()
    holder.call = tf.function(network, input_signature=signature, autograph=False)
    function = holder.call.get_concrete_function()
    return bytes(tf.lite.TFLiteConverter.from_concrete_functions([function], holder).convert())


FOREIGN: dict[str, tuple[Callable[[], list[keras.Layer]], str]] = {
    "other images": (
        lambda: [keras.Input((20, 28)), keras.layers.Flatten()],
        r"is no encoder of 28 x 28 or 56 x 56 images: it takes \[\(-1, 20, 28\)\]",
    ),
    "two images alone": (
        lambda: [keras.Input((28, 28), batch_size=2), keras.layers.Flatten()],
        r"is no encoder of 28 x 28 or 56 x 56 images: it takes \[\(2, 28, 28\)\]",
    ),
    "no vector": (
        lambda: [keras.Input((28, 28)), keras.layers.ReLU()],
        r"gives no embeddings: of 2 images it makes float32 \(2, 28, 28\)",
    ),
    "no number": (
        lambda: [keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Rescaling(float("nan"))],
        "holds weights that are not numbers",
    ),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_network_gives_one_sentence(name: str) -> None:
    make, sentence = FOREIGN[name]
    with pytest.raises(ModelError, match=f"^the encoder {sentence}"):
        Encoder(by_tensorflow(make()))


# --- its own process ---

USE = """
import sys
import numpy as np
from siamese_core.networks.inference import BATCH, read_encoder
print(read_encoder(sys.argv[1]).embed(np.zeros((3 * BATCH, 28, 28), np.float32)).shape)
print(sorted({"tensorflow", "keras", "sklearn", "umap", "numba"} & {name.split(".")[0] for name in sys.modules}))
"""


def test_neither_tensorflow_nor_a_word_on_the_terminal(file: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", USE, str(file)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [f"({3 * BATCH}, {SIZE})", "[]"]
