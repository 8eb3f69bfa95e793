"""Data sets of a person's own for tests: pictures, zips, folders and tables, made when they are needed."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

SIDE = 48  # pixels of a picture
SHAPES = ("circle", "cross", "square", "triangle")


def shape(name: str, rng: np.random.Generator, side: int = SIDE) -> Image.Image:
    """Draw one of SHAPES in black strokes on white, at a place and in a size of its own."""
    picture = Image.new("L", (side, side), 255)
    pen = ImageDraw.Draw(picture)
    size, (x, y) = rng.uniform(0.28, 0.38) * side, rng.uniform(0.45, 0.55, 2) * side
    left, top, right, bottom = x - size, y - size, x + size, y + size
    strokes: dict[str, list[tuple[float, ...]]] = {
        "cross": [(left, top, right, bottom), (left, bottom, right, top)],
        "square": [(left, top, right, top, right, bottom, left, bottom, left, top)],
        "triangle": [(x, top, right, bottom, left, bottom, x, top)],
    }
    if name == "circle":
        pen.ellipse((left, top, right, bottom), outline=0, width=4)
    for stroke in strokes.get(name, ()):
        pen.line(stroke, fill=0, width=4)
    return picture


def png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def shapes(each: int, names: tuple[str, ...] = SHAPES) -> dict[str, bytes]:
    """Return drawn shapes as files by their paths, so many of each name."""
    rng = np.random.default_rng(0)
    return {f"{name}/{i:03}.png": png(shape(name, rng)) for name in names for i in range(each)}


def write_zip(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def write_folder(path: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def write_table(path: Path, rows: list[list[object]], separator: str = ",") -> Path:
    path.write_text("\n".join(separator.join(map(str, row)) for row in rows) + "\n")
    return path
