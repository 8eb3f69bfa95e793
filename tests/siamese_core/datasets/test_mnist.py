"""MNIST is complete and true, its splits are where they should be, and a bad file is refused with one sentence."""

import hashlib
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from siamese_core.config import MNIST_PATH
from siamese_core.datasets.dataset import DataError, Splits, to_float
from siamese_core.datasets.mnist import IDX_SHA256, idx_digest, load_mnist, load_test


@pytest.fixture(scope="module")
def mnist() -> Splits:
    return load_mnist()


# --- the digits ---


def test_splits_have_their_sizes_and_types(mnist: Splits) -> None:
    assert [len(split.labels) for split in mnist] == [55_000, 5_000, 10_000]
    for split in mnist:
        images, labels = split.images, split.labels
        assert images.shape == (len(labels), 28, 28)
        assert images.dtype == np.uint8
        assert labels.shape == (len(labels),)
        assert labels.dtype == np.int64
        assert set(labels.tolist()) == set(range(10))
        assert (split.name, split.class_names) == ("MNIST", tuple("0123456789"))


def test_splits_are_the_original_arrays_in_their_order(mnist: Splits) -> None:
    images = np.concatenate([mnist.train.images, mnist.validation.images])
    labels = np.concatenate([mnist.train.labels, mnist.validation.labels])
    arrays = (images, labels, mnist.test.images, mnist.test.labels)
    assert [idx_digest(array.astype(np.uint8)) for array in arrays] == list(IDX_SHA256.values())


def test_first_digits_are_the_known_ones(mnist: Splits) -> None:
    assert mnist.train.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert mnist.test.labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]


def test_load_test_is_the_test_split(mnist: Splits) -> None:
    test = load_test()
    np.testing.assert_array_equal(test.images, mnist.test.images)
    np.testing.assert_array_equal(test.labels, mnist.test.labels)
    assert test.labels.dtype == np.int64


def test_to_float_scales_to_one() -> None:
    scaled = to_float(np.array([[0, 51, 255]], np.uint8))
    assert scaled.dtype == np.float32
    np.testing.assert_allclose(scaled, [[0.0, 0.2, 1.0]], rtol=1e-7)


@pytest.mark.parametrize("dtype", [np.float32, np.int64, bool])
def test_to_float_refuses_what_is_not_pixels(dtype: type) -> None:
    with pytest.raises(ValueError, match="expected uint8 pixels, got"):
        to_float(np.zeros((1, 28, 28), dtype))


def test_idx_digest_is_that_of_the_idx_file() -> None:
    array = np.arange(12, dtype=np.uint8).reshape(2, 3, 2)
    file = b"\x00\x00\x08\x03" + b"\x00\x00\x00\x02" + b"\x00\x00\x00\x03" + b"\x00\x00\x00\x02" + bytes(range(12))
    assert idx_digest(array) == hashlib.sha256(file).hexdigest()
    assert idx_digest(np.asfortranarray(array)) == idx_digest(array)
    assert idx_digest(array.reshape(3, 2, 2)) != idx_digest(array)


# --- bad files ---


def refusal(path: Path) -> str:
    """Return the one sentence with which a bad file is refused, by both readers."""
    sentences = []
    for load in (load_mnist, load_test):
        with pytest.raises(DataError) as caught:
            load(path)
        sentences.append(str(caught.value))
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__
    sentence = sentences[0]
    assert "\n" not in sentence
    assert str(path) in sentence
    assert "git checkout assets/mnist.npz" in sentence
    return sentence


def test_missing_file(tmp_path: Path) -> None:
    assert "is missing" in refusal(tmp_path / "mnist.npz")


@pytest.mark.parametrize("content", [b"", b"not a zip file at all", b"PK\x03\x04", b"\x80\x04]\x94."])
def test_file_of_another_kind(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mnist.npz"
    path.write_bytes(content)
    assert "is damaged and cannot be read" in refusal(path)


def test_folder_in_its_place(tmp_path: Path) -> None:
    assert "is damaged and cannot be read" in refusal(tmp_path)


def test_bare_array_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "mnist.npz"
    with path.open("wb") as file:
        np.save(file, np.zeros(3))
    assert "is damaged and cannot be read" in refusal(path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.999])
def test_truncated_file(tmp_path: Path, share: float) -> None:
    whole = MNIST_PATH.read_bytes()
    path = tmp_path / "mnist.npz"
    path.write_bytes(whole[: int(len(whole) * share)])
    assert "is damaged and cannot be read" in refusal(path)


def test_array_missing_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "mnist.npz"
    np.savez(path, train_images=np.zeros((1, 28, 28), np.uint8))
    assert "is damaged and cannot be read" in refusal(path)


def test_pickled_objects_are_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "mnist.npz"
    objects = np.array([{}], dtype=object)
    np.savez(path, allow_pickle=True, **dict.fromkeys(IDX_SHA256, objects))
    assert "is damaged and cannot be read" in refusal(path)


def test_one_changed_pixel_is_noticed(tmp_path: Path, mnist: Splits) -> None:
    images = mnist.test.images.copy()
    images[1234, 14, 14] ^= 1
    path = tmp_path / "mnist.npz"
    np.savez(path, test_images=images, test_labels=mnist.test.labels.astype(np.uint8))
    with pytest.raises(DataError, match="is not MNIST, its test_images differ"):
        load_test(path)


@pytest.mark.parametrize("dtype", [np.int8, np.int64])
def test_labels_of_another_type_are_noticed(tmp_path: Path, mnist: Splits, dtype: type) -> None:
    path = tmp_path / "mnist.npz"
    np.savez(path, test_images=mnist.test.images, test_labels=mnist.test.labels.astype(dtype))
    with pytest.raises(DataError, match="is not MNIST, its test_labels differ"):
        load_test(path)


@pytest.fixture(scope="module")
def test_arrays_only(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """Give a place for a damaged copy, and the bytes of a small file with the test arrays alone."""
    path = tmp_path_factory.mktemp("flip") / "mnist.npz"
    with (
        zipfile.ZipFile(MNIST_PATH) as whole,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as part,
    ):
        for name in ("test_images.npy", "test_labels.npy"):
            part.writestr(name, whole.read(name))
    return path, path.read_bytes()


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255), from_end=st.booleans())
def test_any_flipped_byte_is_harmless_or_refused(
    test_arrays_only: tuple[Path, bytes], place: float, flip: int, from_end: bool
) -> None:
    path, whole = test_arrays_only
    damaged = bytearray(whole)
    span = 400 if from_end else len(whole)  # the archive's index is at its end
    damaged[-1 - int(place * span)] ^= flip
    path.write_bytes(damaged)
    try:
        test = load_test(path)
    except DataError as error:
        sentence = str(error)
    else:  # a byte that nobody reads, such as a date
        sentence = ""
        assert idx_digest(test.images) == IDX_SHA256["test_images"]
    assert not sentence or re.search("is damaged|is not MNIST", sentence)
