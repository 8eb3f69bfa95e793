"""Files that others may read while they are written."""

import secrets
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in its place in one go, so that nobody reads half of it."""
    half = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    half.write_bytes(content)
    half.replace(path)
