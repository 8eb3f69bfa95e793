"""Whatever an upload holds, reading it takes less than 300 MB beyond the images it gives: measured in a process each.

A process reads a small data set first, and notes how much memory it has; the peak beyond that is what the test bounds.
"""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from siamese_core.imaging.files import MAX_JPEG_PIXELS, MAX_PIXELS, MAX_WHOLE_PIXELS
from tests.own_pictures import png, shapes, write_zip

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's figures of a process"),
]
MOST = 300  # MB, beyond the images
CHILD = """
import json, sys
from pathlib import Path
from siamese_core.datasets.dataset import DataError
from siamese_core.datasets.reading.bounds import Bounds
from siamese_core.datasets.reading.read import read_pictures

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000

small, path, look, side, bounds = json.loads(sys.argv[1])
read_pictures(Path(small), look=look)
before, said, images = peak(), "", 0
try:
    reading = read_pictures(Path(path), look=look, side=side, bounds=Bounds(*bounds))
    images = reading.data.images.nbytes / 1e6
    said = f"{len(reading.data)} read, {reading.skipped_count} left out"
except DataError as error:
    said = str(error)
print(json.dumps([said, peak() - before - images]))
"""
FEW = shapes(3, ("circle", "cross"))
APP = (20_000, 200, 50, 1_000)  # of `Bounds`, as the app reads uploads
OWN = (20_000, 200, 2_000, 4_000)  # the same of a file as large as the command line takes


def by_size(path: Path) -> None:
    """Write pictures that unpack to 30 MB each, together as much as is looked into."""
    write_zip(path, FEW | {f"cross/{i}.png": bytes(30_000_000) for i in range(3)})


def by_lie(path: Path) -> None:
    """Write a picture that unpacks to 300 MB, and says that it has 1 kB."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, picture in FEW.items():
            archive.writestr(name, picture)
        with archive.open("cross/lie.png", "w") as file:
            for _ in range(30):
                file.write(bytes(10_000_000))
        archive.getinfo("cross/lie.png").file_size = 1_000


def by_count(path: Path) -> None:
    """Write a list of contents with as many files of the shortest names as a file of 49 MB can hold."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", b"")
    whole = path.read_bytes()
    listed, end = whole.index(b"PK\x01\x02"), whole.rindex(b"PK\x05\x06")
    entry, tail = whole[listed:end], bytearray(whole[end:])
    files = 49_000_000 // len(entry)
    tail[12:16] = (files * len(entry)).to_bytes(4, "little")
    path.write_bytes(whole[:listed] + files * entry + tail)


def by_names(path: Path) -> None:
    """Write files with the longest names there can be."""
    with zipfile.ZipFile(path, "w") as archive:
        for i in range(340):
            archive.writestr(f"cross/{i}😀".ljust(65_000, "x") + ".png", b"")


def picture(kind: str, mode: str, pixels: int, **options: object) -> Callable[[Path], None]:
    """Return what writes a zip with a picture of so many pixels in it, so plain that its file is small."""

    def write(path: Path) -> None:
        side, file = int(pixels**0.5), io.BytesIO()
        large = Image.new(mode, (side, side))
        large.paste(Image.new(mode, (side // 2, side // 2), 255 if len(mode) > 4 or mode == "L" else "red"))
        large.save(file, kind, **options)
        write_zip(path, FEW | {"cross/large.png": file.getvalue()})

    return write


def table(rows: int, side: int) -> Callable[[Path], None]:
    """Return what writes a table of so many rows, in blocks, as of its size."""

    def write(path: Path) -> None:
        row = b"a" + side * side // 2 * b",000,255" + b"\n"
        block = b"b" + row[1:] + min(rows, 100_000) * row
        with path.open("wb") as file:
            for _ in range(max(1, rows // 100_000)):
                file.write(block)

    return write


def many(path: Path) -> None:
    """Write 20,000 pictures."""
    content = [png(Image.linear_gradient("L").resize((8, 8)).rotate(90 * turn)) for turn in (0, 1)]
    with zipfile.ZipFile(path, "w") as archive:
        for i in range(20_000):
            archive.writestr(f"{'up' if i % 2 else 'down'}/{i}.png", content[i % 2])


CASES: dict[str, tuple[Callable[[Path], None], str, tuple[int, ...]]] = {  # what writes it, what is said, the bounds
    "bomb by size": (by_size, "6 read, 3 left out", APP),
    "bomb that lies": (by_lie, "cross/lie.png is damaged", APP),
    "bomb by count": (by_count, "holds too many files", APP),
    "longest names": (by_names, "holds too many files", APP),
    "png of 100 megapixels": (picture("PNG", "1", 100_000_000), "6 read, 1 left out", APP),
    "png, RGBA": (picture("PNG", "RGBA", MAX_PIXELS), "7 read, 0 left out", APP),
    "png, 16 bit": (picture("PNG", "I;16", MAX_PIXELS), "7 read, 0 left out", APP),
    "tiff of floats": (picture("TIFF", "F", MAX_PIXELS, compression="tiff_lzw"), "7 read, 0 left out", APP),
    "progressive jpeg": (picture("JPEG", "RGB", MAX_JPEG_PIXELS, progressive=True), "7 read, 0 left out", APP),
    "webp": (picture("WebP", "RGBA", MAX_WHOLE_PIXELS, lossless=True, method=0), "7 read, 0 left out", APP),
    "table of 10 million rows": (table(10_000_000, 4), "has more than 20,000 rows", OWN),
    "table of 50 MB": (table(760, 128), "761 read", APP),
    "avif": (picture("AVIF", "RGB", MAX_WHOLE_PIXELS, speed=10), "7 read, 0 left out", APP),
    "20,000 pictures": (many, "20000 read, 0 left out", APP),
}


@pytest.mark.parametrize("case", CASES)
def test_reading_takes_little_memory_beyond_the_images(tmp_path: Path, case: str) -> None:
    make, expected, bounds = CASES[case]
    path = tmp_path / ("x.csv" if "table" in case else "x.zip")
    small = write_zip(tmp_path / "small.zip", FEW)
    make(path)
    try:
        asked = json.dumps([str(small), str(path), "grey", 28, bounds])
        child = subprocess.run([sys.executable, "-c", CHILD, asked], capture_output=True, text=True, check=True)
    finally:
        path.unlink()  # pytest keeps what tests write
    said, megabytes = json.loads(child.stdout)
    assert expected in said
    assert megabytes < MOST
