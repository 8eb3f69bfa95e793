"""Which class each file of a folder or zip belongs to: the files of a class lie in a folder with its name."""

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from siamese_core.datasets.dataset import DataError
from siamese_core.datasets.reading.bounds import Bounds, Skipped, clean_name

ENDINGS = {
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".ppm", ".pgm", ".avif", ".heic", ".heif"
}  # fmt: skip
IGNORED = {"__macosx", "thumbs.db", "desktop.ini"}  # what systems leave in a folder; hidden files are ignored as well
EXPECTED = "expected a folder of pictures for each class, at most within one folder around them"


class Member(NamedTuple):
    """A file of a folder or zip."""

    path: PurePosixPath  # from the top
    read: Callable[[], bytes]


class Found(NamedTuple):
    """The pictures by class."""

    members: list[tuple[str, Member]]  # class name and file
    skipped: list[Skipped]


def by_class(members: Sequence[Member], name: str, bounds: Bounds) -> Found:
    """Return the pictures of the members with their class names, in the order of their paths.

    name: of the folder or zip, for errors. Raises DataError if they are no data set.
    """
    seen = [member for member in members if not _ignored(member.path)]
    pictures = [member for member in seen if _is_picture(member)]
    skipped = [Skipped(str(m.path), "Its ending is none of a picture's.") for m in seen if not _is_picture(m)]
    tops = {member.path.parts[0] for member in pictures if len(member.path.parts) > 1}
    deep = [member for member in pictures if len(member.path.parts) > 2]
    nested = bool(deep) and len(tops) == 1 and all(len(member.path.parts) == 3 for member in deep)
    if deep and not nested:
        raise DataError(f"{name}: {deep[0].path} lies too deep, {EXPECTED}")
    depth = 3 if nested else 2
    loose = [Skipped(str(m.path), "It lies in no class's folder.") for m in pictures if len(m.path.parts) != depth]
    placed = [member for member in pictures if len(member.path.parts) == depth]
    if not placed:
        raise DataError(f"{name} holds no pictures in folders, {EXPECTED}")
    found = [(clean_name(m.path.parts[-2]), m) for m in sorted(placed, key=lambda m: str(m.path))]
    _check(found, name, bounds)
    return Found(found, [*skipped, *loose])


def _check(found: list[tuple[str, Member]], name: str, bounds: Bounds) -> None:
    """Raise DataError for too many pictures or classes, or for folders that are easily taken for one another."""
    if len(found) > bounds.pictures:
        raise DataError(f"{name} holds {len(found):,} pictures, expected at most {bounds.pictures:,}")
    folders: dict[str, str] = {}
    for class_name, member in found:
        folder = member.path.parts[-2]
        other = folders.setdefault(class_name.casefold(), folder)
        if other != folder:
            raise DataError(
                f"{name}: the folders {other} and {folder} differ only in case or spaces, expected one folder a class"
            )
        if not class_name:
            raise DataError(f"{name}: {member.path} lies in a folder whose name cannot be shown, expected a class name")
    if len(folders) > bounds.classes:
        raise DataError(f"{name} holds {len(folders):,} classes, expected at most {bounds.classes}")


def _is_picture(member: Member) -> bool:
    return member.path.suffix.lower() in ENDINGS


def _ignored(path: PurePosixPath) -> bool:
    return any(part.startswith(".") or part.casefold() in IGNORED for part in path.parts)
