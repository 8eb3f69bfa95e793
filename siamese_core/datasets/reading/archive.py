"""The files of a zip, read one at a time and never unpacked to the disk."""

import lzma
import stat
import struct
import zipfile
import zlib
from functools import partial
from pathlib import Path, PurePosixPath

from siamese_core.datasets.dataset import DataError
from siamese_core.datasets.reading.bounds import Bounds
from siamese_core.datasets.reading.folder import MOST_OTHERS
from siamese_core.datasets.reading.layout import Member
from siamese_core.imaging.files import MAX_BYTES

LISTED = b"PK\x01\x02"  # where a zip's list of contents tells of a file
BLOCK = 2**20  # bytes read at once
ENTRY = 300  # bytes of a zip's list of contents for a file, on the average at most
DAMAGED = (  # what zipfile and what it unpacks with raise on a damaged or hostile file
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, RuntimeError, ValueError,
    LookupError, OverflowError,
)  # fmt: skip
ENCRYPTED, UTF8 = 0x1, 0x800  # bits of a file's flags


def open_archive(path: Path, bounds: Bounds) -> zipfile.ZipFile:
    """Open a zip. Raises DataError if it is none, damaged, or has a list of contents that is too long to be read."""
    most = bounds.pictures + MOST_OTHERS
    files, size = _contents(path)
    if files > most or size > most * ENTRY:
        raise DataError(f"{path.name} holds too many files, expected at most {bounds.pictures:,} pictures")
    try:
        return zipfile.ZipFile(path)
    except DAMAGED:
        raise DataError(f"{path.name} is no zip, or is damaged or cut short") from None


def members(archive: zipfile.ZipFile, name: str, bounds: Bounds) -> list[Member]:
    """Return the files of a zip. Raises DataError for one that is not to be trusted; name: of the zip, for errors."""
    infos = [info for info in archive.infolist() if not info.filename or not info.is_dir()]
    most, unpacked = bounds.pictures + MOST_OTHERS, sum(info.file_size for info in infos)
    if len(infos) > most:
        raise DataError(f"{name} holds {len(infos):,} files, expected at most {bounds.pictures:,} pictures")
    if unpacked > bounds.unpacked_mb * 1e6:
        raise DataError(f"{name} would unpack to {unpacked / 1e6:,.0f} MB, expected at most {bounds.unpacked_mb:,} MB")
    return [Member(_safe(info, name), partial(_read, archive, info, name)) for info in infos]


def _safe(info: zipfile.ZipInfo, name: str) -> PurePosixPath:
    """Return a file's path within the zip. Raises DataError for one that leads out of it, a link or a locked one."""
    text = _decoded(info)
    path = PurePosixPath(text)
    if not path.parts or path.is_absolute() or ".." in path.parts or "\\" in text or ":" in path.parts[0]:
        raise DataError(f"{name}: the path {text!r} leads out of the zip, expected paths within it")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise DataError(f"{name}: {text} is a link, expected pictures")
    if info.flag_bits & ENCRYPTED:
        raise DataError(f"{name}: {text} is encrypted, expected a zip without a password")
    return path


def _decoded(info: zipfile.ZipInfo) -> str:
    """Return a file's name: many programs write UTF-8 without saying so, which zipfile takes for code page 437."""
    if info.flag_bits & UTF8:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except ValueError:
        return info.filename


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    """Return the start of a file, enough to tell that it is too large. Raises DataError if it is damaged."""
    try:
        with archive.open(info) as file:
            return file.read(MAX_BYTES + 1)
    except DAMAGED:
        raise DataError(f"{name}: {_decoded(info)} is damaged and cannot be unpacked; make the zip anew") from None


def _contents(path: Path) -> tuple[int, int]:
    """Return how many files a zip lists at most, and the bytes from the first of them to its end.

    What the zip itself says of both is not to be trusted, and the list takes ten times its size once it is read.
    """
    files, begin, at, rest = 0, None, 0, b""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            block = rest + block
            if begin is None and (found := block.find(LISTED)) >= 0:
                begin = at - len(rest) + found
            files += block.count(LISTED)
            at += len(block) - len(rest)
            rest = block[-len(LISTED) + 1 :]
    return files, at - begin if begin is not None else 0
