"""Writing files that others may read at the same time."""

import secrets
import shutil
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step, so that nobody reads a half-written one; where that fails, nothing is left behind."""
    half = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        half.write_bytes(content)
        half.replace(path)
    except OSError:
        half.unlink(missing_ok=True)
        raise


def sweep(folder: Path) -> None:
    """Delete what a process that was killed has left half-written in a folder: all whose name begins with a dot."""
    for half in folder.glob(".*"):
        if half.is_dir() and not half.is_symlink():
            shutil.rmtree(half, ignore_errors=True)
        else:
            half.unlink(missing_ok=True)
