"""Folders that travel: what a folder holds as bytes, and such bytes put into a folder again."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from siamese_core.files import write_whole

Files = dict[str, bytes]  # what a folder holds, by paths within it with "/" between their parts


class Parcel(NamedTuple):
    """A path on its way to another machine, with all that lies there."""

    name: str
    is_folder: bool  # a file may not be there yet: it is made, and the folder that it stands in is empty
    files: Files


def pack(path: Path) -> Parcel:
    """Return a path as it is now. Raises OSError."""
    return Parcel(path.name, path.is_dir(), read_files(path) if path.is_dir() else {})


def unpack(parcel: Parcel, beside: Path) -> tuple[Path, Path]:
    """Put a parcel into an empty folder; return its path there, and the folder whose files are the call's own."""
    path = beside / Path(parcel.name).name
    folder = path if parcel.is_folder else beside
    folder.mkdir(parents=True, exist_ok=True)
    write_files(folder, parcel.files)
    return path, folder


def read_files(folder: Path) -> Files:
    """Return what a folder holds at any depth, but for hidden files, which are being written."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in name.parts):
            found[name.as_posix()] = path.read_bytes()
    return found


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder; those in one new folder within it appear there together or not at all.

    Raises ValueError for a name that leads out of the folder, OSError if they cannot be written.
    """
    for name in files:
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or "\\" in name:
            raise ValueError(f"expected a path within the folder, got {name!r}")
    for room in {name.partition("/")[0] for name in files if "/" in name}:
        inside = {name.removeprefix(f"{room}/"): files[name] for name in files if name.startswith(f"{room}/")}
        _write_room(folder, room, inside)
    for name, content in files.items():
        if "/" not in name:
            write_whole(folder / name, content)


def _write_room(folder: Path, room: str, files: Files) -> None:
    """Write a folder within a folder; a new one is filled beside its place first."""
    there = (folder / room).exists()
    place = folder / (room if there else f".{room}.new")
    for name, content in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        write_whole(place / name, content)
    if not there:
        place.replace(folder / room)
