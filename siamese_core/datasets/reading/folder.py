"""The files of a folder on this machine."""

import os
from functools import partial
from pathlib import Path, PurePosixPath

from siamese_core.datasets.dataset import DataError
from siamese_core.datasets.reading.bounds import Bounds
from siamese_core.datasets.reading.layout import Member
from siamese_core.imaging.files import MAX_BYTES

DEEPEST = 4  # folders within one another that are looked into
MOST_OTHERS = 10_000  # files beside the pictures allowed


def members(folder: Path, bounds: Bounds) -> list[Member]:
    """Return the files of a folder; links are not followed. Raises DataError if there are too many, or OSError."""
    found: list[Member] = []
    most = bounds.pictures + MOST_OTHERS
    for place, folders, files in os.walk(folder):
        inner = Path(place).relative_to(folder)
        if len(inner.parts) >= DEEPEST:
            folders.clear()
        for name in files:
            path = Path(place, name)
            if not path.is_symlink():
                found.append(Member(PurePosixPath(*inner.parts, name), partial(_read, path)))
        if len(found) > most:
            raise DataError(f"{folder} holds more than {most:,} files, expected at most {bounds.pictures:,} pictures")
    return found


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)
