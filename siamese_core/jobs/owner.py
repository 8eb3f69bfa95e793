"""Which server has a run in its queue, where several servers share one folder of runs.

Each server holds a lock on a file of its own, which the system frees when the server ends, however it ends. So a run
that is called active belongs to a server that lives, or it was interrupted.
"""

import secrets
from contextlib import suppress
from pathlib import Path
from typing import IO

FOLDER = ".servers"  # beside the runs


class Owner:
    """A server's own lock, held until it is released; `id` is empty where none could be made."""

    def __init__(self, root: Path) -> None:
        """root: the folder of the runs."""
        self.id, self._root, self._file = "", root, None
        name = secrets.token_hex(6)
        with suppress(OSError):  # on a full disk the server goes on, and another one may call its runs interrupted
            (root / FOLDER).mkdir(parents=True, exist_ok=True)
            self._sweep()
            file: IO[bytes] = (root / FOLDER / f".{name}").open("wb")
            if _lock(file):
                Path(file.name).replace(root / FOLDER / name)  # locked before anybody can see it
                self.id, self._file = name, file

    def lives(self, server: str) -> bool:
        """Return whether another server is alive that shares the folder."""
        if not server or server == self.id:
            return False
        try:
            with (self._root / FOLDER / Path(server).name).open("rb+") as file:
                return not _lock(file)
        except OSError:
            return False

    def release(self) -> None:
        """Free the lock."""
        if self._file:
            with suppress(OSError):
                (self._root / FOLDER / self.id).unlink(missing_ok=True)
            self._file.close()
            self._file = None

    def _sweep(self) -> None:
        """Delete the files of servers that have ended."""
        for path in (self._root / FOLDER).iterdir():
            if not path.name.startswith(".") and not self.lives(path.name):
                path.unlink(missing_ok=True)


def _lock(file: IO[bytes]) -> bool:
    """Lock a file until it is closed, and return whether nobody else holds it."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
