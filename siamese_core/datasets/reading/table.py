"""A table of pixels, as Kaggle's MNIST: a row a picture, its label and then its pixels, from 0 to 255.

The columns are separated by commas, semicolons or tabs; a first line of names may be there or not. Pixels are taken as
an encoder sees them, light on dark: no ink is looked for, and only the size is changed where it is another.
"""

import csv
import io
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import numpy as np

from siamese_core.config import Look
from siamese_core.datasets.dataset import DataError, Dataset
from siamese_core.datasets.reading.bounds import Bounds, OnProgress, Reading, clean_name, in_order
from siamese_core.imaging.look import LEAST_SIDE, fitted

LARGEST_SIDE = 128  # pixels of a picture in a table
LONGEST_LINE = LARGEST_SIDE**2 * 6 + 1_000  # characters
SEPARATORS = (",", ";", "\t")
LABEL_NAMES = {"label", "class", "labels", "y", "target"}  # of the label's column, in a line of names
EXPECTED = "expected a label and then the pixels of a square picture, whole numbers from 0 to 255"
ROWS_TOLD = 500  # between two words about the progress


def read_table(path: Path, side: int, look: Look, bounds: Bounds, on_progress: OnProgress) -> Reading:
    """Read a table of pixels. Raises DataError, with the line, for one that is damaged or too large."""
    names: list[str] = []
    pixels, total = bytearray(), path.stat().st_size
    try:
        with path.open("rb") as raw, io.TextIOWrapper(raw, "utf-8-sig", newline="") as file:
            for row, (label, values) in enumerate(_rows(file, path.name)):
                if row >= bounds.pictures:
                    raise DataError(f"{path.name} has more than {bounds.pictures:,} rows, expected at most as many")
                names.append(label)
                pixels += _image(values, side)
                if row % ROWS_TOLD == 0:
                    on_progress(min(raw.tell(), total), total)
    except UnicodeDecodeError:
        raise DataError(f"{path.name} is no text in UTF-8, {EXPECTED}") from None
    if not names:
        raise DataError(f"{path.name} has no rows, {EXPECTED}")
    classes = in_order(set(names))
    place = {name: label for label, name in enumerate(classes)}
    images = np.frombuffer(bytes(pixels), np.uint8).reshape(-1, side, side)
    labels = np.array([place[name] for name in names], np.int64)
    return Reading(Dataset(path.stem, images, labels, tuple(classes), look))


def _image(values: bytes, side: int) -> bytes:
    """Return the pixels of a square picture as those of one with this side."""
    if len(values) == side * side:
        return values
    own = math.isqrt(len(values))
    grey = np.frombuffer(values, np.uint8).reshape(own, own)
    return np.round(fitted(grey, side, 0.0) * 255).astype(np.uint8).tobytes()


def _rows(file: IO[str], name: str) -> Iterator[tuple[str, bytes]]:
    """Yield label and pixels of each row. Raises DataError."""
    lines = _lines(file, name)
    first = next(lines, "")
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(_again(first, lines), delimiter=separator, strict=True)
    at, width = 0, 0
    try:
        for fields in reader:
            if not fields:
                continue
            if not width:
                at, width = _head(fields, name)
                if _is_head(fields, at):
                    continue
            if len(fields) != width:
                raise DataError(f"{name}, line {reader.line_num}: {len(fields)} cells, expected {width} as above")
            yield _row(fields, at, name, reader.line_num)
    except csv.Error as error:
        raise DataError(f"{name}, line {reader.line_num}: {error}, {EXPECTED}") from None


def _head(fields: Sequence[str], name: str) -> tuple[int, int]:
    """Return which column holds the label, and how many columns there are. Raises DataError for no square."""
    named = [i for i, field in enumerate(fields) if field.strip().casefold() in LABEL_NAMES]
    side = math.isqrt(len(fields) - 1)
    if side * side != len(fields) - 1 or not LEAST_SIDE <= side <= LARGEST_SIDE:
        raise DataError(
            f"{name}, line 1: {len(fields)} cells, {EXPECTED}: 785 cells for 28 x 28, up to {LARGEST_SIDE} x "
            f"{LARGEST_SIDE}"
        )
    return named[0] if len(named) == 1 else 0, len(fields)


def _is_head(fields: Sequence[str], at: int) -> bool:
    """Return whether a first line holds the columns' names: not one of its pixels is a number."""
    return not any(field.strip().lstrip("-").isdigit() for i, field in enumerate(fields) if i != at)


def _row(fields: list[str], at: int, name: str, line: int) -> tuple[str, bytes]:
    label = clean_name(fields.pop(at))
    if not label:
        raise DataError(f"{name}, line {line}: no label, {EXPECTED}")
    try:
        return label, bytes(map(int, fields))
    except ValueError:
        wrong = next(i for i, field in enumerate(fields) if not _is_pixel(field))
        column = wrong + 1 + (wrong >= at)
        cell = repr(fields[wrong].strip()[:20]) if fields[wrong].strip() else "nothing"
        raise DataError(
            f"{name}, line {line}, cell {column}: {cell}, expected a pixel, a whole number from 0 to 255"
        ) from None


def _is_pixel(text: str) -> bool:
    try:
        return 0 <= int(text) <= 255
    except ValueError:
        return False


def _lines(file: IO[str], name: str) -> Iterator[str]:
    """Yield the lines of a file. Raises DataError for one that is too long to be a row."""
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise DataError(f"{name}, line {number}: longer than {LONGEST_LINE:,} characters, {EXPECTED}")
        if "\0" in line:
            raise DataError(f"{name}, line {number}: bytes that are no text, {EXPECTED}")
        yield line


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest
