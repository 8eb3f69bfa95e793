"""The folder of a data set that a visitor has uploaded.

    about.json      who uploaded it, when, its file's name, how its pictures are to be seen, and, once read, what was
                    understood
    upload.*        the file itself, until it has been read
    progress        how much of it has been read
    data.npz        at the end: all its images
    few.npz         and some of them, for a sheet

The app writes the first two, the worker the others. They share nothing but these files.
"""

import functools
import io
import json
import secrets
import shutil
import time
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple, get_args

import numpy as np

from siamese_core.config import SIDES, Look
from siamese_core.datasets.dataset import DataError, Dataset
from siamese_core.datasets.reading.bounds import MOST_TOLD, Reading, Skipped, clean_name
from siamese_core.datasets.reading.read import set_name
from siamese_core.datasets.splitting import counts
from siamese_core.files import sweep, write_whole

FOLDER = "data"  # beside the runs
ID_BYTES = 6  # random, so that nobody finds another visitor's pictures by guessing
ENDINGS = (".zip", ".csv")
ABOUT, PROGRESS, DATA, FEW, UPLOAD = "about.json", "progress", "data.npz", "few.npz", "upload"
SHOWN = 16  # images on the sheet
MOST_KNOWN = 500  # uploads that are kept in mind
State = Literal["reading", "ready", "failed"]


class Sheet(NamedTuple):
    """What was understood of an upload."""

    class_names: tuple[str, ...]
    images: tuple[int, ...]  # of each class
    skipped: tuple[Skipped, ...]  # the first of them
    skipped_count: int

    @property
    def training(self) -> tuple[int, ...]:
        """Return how many images of each class are for training."""
        return tuple(counts(n)[0] for n in self.images)


class Upload(NamedTuple):
    """An uploaded data set, as read from its folder."""

    id: str
    folder: Path
    visitor: str
    created: float  # seconds since 1970
    file: str  # its name on the visitor's machine
    look: Look
    side: int
    state: State
    sentence: str = ""  # why it could not be read
    sheet: Sheet | None = None  # once read
    server: str = ""  # whose worker reads it, see `owner`

    @property
    def source(self) -> Path:
        """Return the place of the uploaded file."""
        return self.folder / f"{UPLOAD}{Path(self.file).suffix.lower()}"


def create(root: Path, visitor: str, file: str, content: BinaryIO, look: Look, side: int, server: str = "") -> Upload:
    """Store an upload that is to be read. Raises DataError for a file of another kind, OSError if it cannot be kept."""
    if Path(file).suffix.lower() not in ENDINGS:
        raise DataError(f"{clean_name(file)} is neither a zip nor a CSV")
    stem, ending = clean_name(Path(file).stem) or "pictures", Path(file).suffix.lower()
    folder = root / FOLDER / secrets.token_hex(ID_BYTES)
    folder.mkdir(parents=True)
    made = Upload(folder.name, folder, visitor, time.time(), f"{stem}{ending}", look, side, "reading", server=server)
    try:
        with made.source.open("wb") as target:
            shutil.copyfileobj(content, target)
        write(made)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return made


def read(folder: Path) -> Upload:
    """Read what is known of an upload. Raises ValueError if there is none."""
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        sheet = about.pop("sheet")
        found = Upload(folder.name, folder, sheet=_sheet(sheet) if sheet else None, **about)
        created = float(found.created)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise ValueError(f"there is no data set {folder.name}") from None
    fits = found.state in get_args(State) and found.look in get_args(Look) and found.side in SIDES
    texts = all(isinstance(each, str) for each in (found.visitor, found.file, found.sentence, found.server))
    if not (fits and texts) or (found.state == "ready") != (found.sheet is not None):
        raise ValueError(f"there is no data set {folder.name}")
    return found._replace(created=created)


def write(upload: Upload) -> None:
    """Write what is known of an upload."""
    about = upload._asdict()
    del about["id"], about["folder"]
    if upload.sheet:
        about["sheet"] = upload.sheet._asdict()
    write_whole(upload.folder / ABOUT, json.dumps(about).encode())


def read_all(root: Path) -> list[Upload]:
    """Read all uploads, oldest first; anything else is skipped."""
    found = []
    folder = root / FOLDER
    for each in folder.iterdir() if folder.is_dir() else ():
        try:
            found.append(_read_once(each, (each / ABOUT).stat().st_mtime_ns))
        except (OSError, ValueError):
            continue
    return sorted(found, key=lambda upload: upload.created)


@functools.lru_cache(maxsize=MOST_KNOWN)
def _read_once(folder: Path, _version: int) -> Upload:
    """Read what is known of an upload, once for each version of it: the page asks for all of them often."""
    return read(folder)


def finish(upload: Upload, reading: Reading) -> None:
    """Keep what was read, and let the uploaded file go."""
    data = reading.data
    file = io.BytesIO()
    np.savez_compressed(file, images=data.images, labels=data.labels, class_names=np.array(data.class_names, np.str_))
    write_whole(upload.folder / DATA, file.getvalue())
    few = io.BytesIO()
    chosen = _spread(data.labels)
    np.savez_compressed(few, images=data.images[chosen], labels=data.labels[chosen])
    write_whole(upload.folder / FEW, few.getvalue())
    of = np.bincount(data.labels, minlength=data.classes).tolist()
    sheet = Sheet(data.class_names, tuple(of), reading.skipped, reading.skipped_count)
    write(upload._replace(state="ready", sheet=sheet))
    upload.source.unlink(missing_ok=True)


def fail(upload: Upload, sentence: str) -> None:
    """Note why an upload could not be read, and keep nothing else of it."""
    for path in (upload.source, upload.folder / DATA, upload.folder / FEW):
        path.unlink(missing_ok=True)
    sweep(upload.folder)
    write(upload._replace(state="failed", sentence=sentence, sheet=None))


def not_kept(error: OSError) -> str:
    """Return a sentence for an upload for whose pictures the disk had no room."""
    return f"The pictures could not be kept: {error.strerror or error}."


def read_few(upload: Upload) -> list[tuple[np.ndarray, str]]:
    """Return some of the images with the names of their classes; none if they are gone or damaged."""
    names = upload.sheet.class_names if upload.sheet else ()
    try:
        with (upload.folder / FEW).open("rb") as file, np.load(file, allow_pickle=False) as npz:
            return [(image, names[label]) for image, label in zip(npz["images"], npz["labels"], strict=True)]
    except Exception:  # noqa: BLE001 a damaged file makes NumPy, zipfile and zlib raise almost anything
        return []


def images_of(upload: Upload) -> Dataset:
    """Read the images of an upload. Raises DataError if they are gone or damaged."""
    try:
        with (upload.folder / DATA).open("rb") as file, np.load(file, allow_pickle=False) as npz:
            images, labels, names = (npz[name] for name in ("images", "labels", "class_names"))
        return Dataset(set_name(Path(upload.file).stem), images, labels, tuple(names.tolist()), upload.look)
    except Exception:  # noqa: BLE001 a damaged file makes NumPy, zipfile and zlib raise almost anything
        raise DataError("The data set is gone, or damaged; upload it again.") from None


def write_progress(upload: Upload, share: float) -> None:
    """Note how much of an upload has been read."""
    write_whole(upload.folder / PROGRESS, f"{share:.3f}".encode())


def read_progress(upload: Upload) -> float:
    """Return how much of an upload has been read, in [0, 1]."""
    try:
        return min(max(float((upload.folder / PROGRESS).read_text()), 0.0), 1.0)
    except (OSError, ValueError):
        return 0.0


def remove(upload: Upload) -> None:
    """Delete an upload with all its pictures."""
    shutil.rmtree(upload.folder, ignore_errors=True)


def _spread(labels: np.ndarray) -> np.ndarray:
    """Return at most SHOWN images, of each class as many as of any other if it has them, by class."""
    order = np.argsort(labels, kind="stable")
    sizes = np.bincount(labels)
    rank = np.concatenate([np.arange(n) for n in sizes])
    few = np.argsort(rank, kind="stable")[:SHOWN]  # the first of every class, then the second ...
    found: np.ndarray = order[np.sort(few)]
    return found


def _sheet(found: dict[str, list[object]]) -> Sheet:
    names, images = map(str, found["class_names"]), [int(str(n)) for n in found["images"]]
    skipped = tuple(Skipped(*map(str, each)) for each in found["skipped"][:MOST_TOLD] if isinstance(each, list))
    return Sheet(tuple(names), tuple(images), skipped, int(str(found["skipped_count"])))
