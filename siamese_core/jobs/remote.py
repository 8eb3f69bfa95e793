"""What runs on a worker of a cluster: a call with the folder it works in, and what says meanwhile how far it is.

The worker shares no disk with the app. A path among a call's arguments comes as a parcel, lies in a folder of the
call's own, and what changes there goes back: bit by bit when the app asks, and whole with the result.
"""

import secrets
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from siamese_core.jobs import parcel, run_folder
from siamese_core.jobs.parcel import Files, Parcel

UNHEARD = 60.0  # seconds without a question from the app, after which a training is asked to stop
LOOK = 2.0  # seconds between two looks at that
KNOWN_ENDED = 1_000  # calls that have ended here and are still known as such


class Answer(NamedTuple):
    """How a call ended, with the files that it has changed."""

    value: Any = None
    error: Exception | None = None
    files: Files | None = None


class News(NamedTuple):
    """What has changed since the app last asked."""

    attempt: str  # another one if the call has begun anew, on this worker or another
    files: Files


@dataclass
class _Call:
    """A call under way on this worker."""

    folder: Path | None = None
    attempt: str = field(default_factory=lambda: secrets.token_hex(4))
    heard: float = field(default_factory=time.monotonic)
    sent: dict[str, tuple[int, int]] = field(default_factory=dict)  # time and size of each file as last sent


_calls: dict[str, _Call] = {}
_ended: deque[str] = deque(maxlen=KNOWN_ENDED)
_alone = threading.Lock()  # Keras is set for the whole process, so calls come one after another


def call(call_id: str, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Answer:
    """Call a function, its parcels unpacked, and return how it ended."""
    with _alone, tempfile.TemporaryDirectory(prefix="siamese-lab-") as beside:
        here = _Call()
        own, came = _unpacked(arguments, Path(beside), here)
        _calls[call_id] = here
        over = threading.Event()
        threading.Thread(target=_stop_if_unheard, args=(here, over), daemon=True).start()
        try:
            return Answer(function(*own), None, _changed(here, came))
        except Exception as error:  # noqa: BLE001 it goes to whoever has called
            return Answer(None, error, _changed(here, came))
        finally:
            over.set()
            _ended.append(call_id)
            del _calls[call_id]


def exchange(stops: Mapping[str, bool]) -> dict[str, News | None]:
    """Tell of those of these calls that are under way here; None for one that has ended.

    stops: by the calls' ids, whether they are asked to stop.
    """
    told: dict[str, News | None] = {call_id: None for call_id in stops if call_id in _ended}
    for call_id, stop in stops.items():
        if here := _calls.get(call_id):
            here.heard = time.monotonic()
            if stop and here.folder:
                run_folder.ask_to_stop(here.folder)
            told[call_id] = News(here.attempt, _news(here))
    return told


def _unpacked(arguments: tuple[Any, ...], beside: Path, here: _Call) -> tuple[list[Any], Files]:
    """Return the arguments with paths for parcels, and what those held."""
    own, came = [], Files()
    for argument in arguments:
        if isinstance(argument, Parcel):
            argument, here.folder = parcel.unpack(argument, beside)  # noqa: PLW2901 a parcel becomes its path
            came = parcel.read_files(here.folder)
        own.append(argument)
    _news(here)  # what came need not go back
    return own, came


def _changed(here: _Call, came: Files) -> Files:
    """Return all files that are not as they came."""
    if here.folder is None:
        return {}
    files = parcel.read_files(here.folder)
    return {name: files[name] for name in files if name != run_folder.STOP and came.get(name) != files[name]}


def _news(here: _Call) -> Files:
    """Return the files directly in the call's folder that have changed since they were last sent."""
    found = Files()
    for path in here.folder.iterdir() if here.folder else ():
        with suppress(OSError):  # it may just have been replaced
            about = path.stat()
            version = (about.st_mtime_ns, about.st_size)
            hidden = path.name.startswith(".") or path.name == run_folder.STOP
            if path.is_file() and not hidden and here.sent.get(path.name) != version:
                found[path.name] = path.read_bytes()
                here.sent[path.name] = version
    return found


def _stop_if_unheard(here: _Call, over: threading.Event) -> None:
    """Let a training end whose app is gone."""
    while not over.wait(LOOK):
        if here.folder and time.monotonic() - here.heard > UNHEARD:
            run_folder.ask_to_stop(here.folder)
            return
