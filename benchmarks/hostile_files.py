"""Files from outside, as `fuzz` attacks them: pictures, zips, tables, sets of symbols, model folders, and runs."""

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks.mutations import spoiled, spoiled_json, spoiled_text
from benchmarks.target import Target, one_of
from siamese_core.config import FAST, SHIPPED_MODEL
from siamese_core.datasets.dataset import DataError, Dataset
from siamese_core.datasets.reading.bounds import Bounds, Reading
from siamese_core.datasets.reading.read import read_pictures
from siamese_core.datasets.symbol_file import from_file, to_file
from siamese_core.datasets.symbols import Example, Symbol, SymbolError
from siamese_core.imaging.files import read_picture, readable_formats
from siamese_core.imaging.look import see
from siamese_core.imaging.picture_error import PictureError
from siamese_core.jobs import data_folder, records, run_folder
from siamese_core.metrics.report import Spread
from siamese_core.networks import card as cards
from siamese_core.networks.kept import read_test, write_test
from siamese_core.networks.model import load_model
from siamese_core.training.monitor import Frame
from tests.jobs import POINT
from tests.own_pictures import SHAPES, png, shape

BOUNDS = Bounds(pictures=200, classes=20, file_mb=1, unpacked_mb=20)
SAVED = {"JPEG": "RGB", "GIF": "P", "WebP": "RGBA", "BMP": "RGB", "TIFF": "RGB", "PPM": "L", "AVIF": "RGB"}
IMAGES = Dataset("own", np.arange(6 * 28 * 28, dtype=np.uint8).reshape(6, 28, 28), np.arange(6) % 3, ("a", "b", "c"))


@contextmanager
def pictures(_root: Path) -> Iterator[Target]:
    """Pictures of every kind that is read, as somebody uploads them on Compare."""
    whole = [_saved("PNG", mode) for mode in ("RGBA", "L", "P", "1", "I;16")]
    whole += [_saved(kind, mode) for kind, mode in SAVED.items() if kind in readable_formats()]

    def run(content: bytes) -> None:
        rgba = read_picture(content)
        for look in ("ink", "grey"):
            see(rgba, look)

    yield Target(whole, lambda rng: spoiled(one_of(whole, rng), whole, rng), run, (PictureError, ValueError))


def _saved(kind: str, mode: str) -> bytes:
    file = io.BytesIO()
    picture = shape("cross", np.random.default_rng(0))
    (picture.convert("I").convert("I;16") if mode == "I;16" else picture.convert(mode)).save(file, kind)
    return file.getvalue()


@contextmanager
def zips(root: Path) -> Iterator[Target]:
    """Zips of pictures, as somebody uploads them on Train."""
    rng = np.random.default_rng(0)
    files = {f"{name}/{i}.png": png(shape(name, rng)) for name in SHAPES[:3] for i in range(2)}
    whole = [_zipped(files, how) for how in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)]
    whole.append(_zipped({f"all/{name}": content for name, content in files.items()}, zipfile.ZIP_STORED))
    path = root / "upload.zip"

    def spoil(rng: np.random.Generator) -> bytes:
        if rng.random() < 0.5:
            return spoiled(one_of(whole, rng), whole, rng)
        made = {
            (name if rng.random() < 0.7 else spoiled_text(name, rng)): (
                content if rng.random() < 0.7 else spoiled(content, whole, rng)
            )
            for name, content in files.items()
        }
        return _zipped(made)

    def run(content: bytes) -> None:
        path.write_bytes(content)
        read_pictures(path, bounds=BOUNDS)

    yield Target(whole, spoil, run, (DataError,), 0.5)


def _zipped(files: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name.encode("utf-8", "replace").decode() or "_"), content, how)
    return file.getvalue()


@contextmanager
def tables(root: Path) -> Iterator[Target]:
    """Tables of pixels, as Kaggle's MNIST."""
    rng = np.random.default_rng(0)
    rows = [[i % 2, *rng.integers(0, 256, 64)] for i in range(5)]
    head = ["label", *(f"pixel{i}" for i in range(64))]
    whole = [
        "\n".join(between.join(map(str, row)) for row in table).encode()
        for between, table in ((",", [head, *rows]), (";", rows), ("\t", rows))
    ]
    path = root / "upload.csv"

    def spoil(rng: np.random.Generator) -> bytes:
        content = one_of(whole, rng)
        if rng.random() < 0.5:
            return spoiled(content, whole, rng)
        return spoiled_text(content.decode(), rng).encode("utf-8", "replace")

    def run(content: bytes) -> None:
        path.write_bytes(content)
        read_pictures(path, bounds=BOUNDS)

    yield Target(whole, spoil, run, (DataError,))


@contextmanager
def symbols(_root: Path) -> Iterator[Target]:
    """Files of a set of symbols."""
    picture = bytes(range(256)) * 3 + bytes(16)
    heart = Symbol("heart", (Example(picture, (((1, -2), (3, 4)), ((5, 6),))), Example(picture[::-1])))
    content = to_file((heart, Symbol("Привет", (Example(picture),))))
    entry = json.loads(content)

    def spoil(rng: np.random.Generator) -> bytes:
        if rng.random() < 0.3:
            return spoiled(content, [content], rng)
        return spoiled_json(entry, rng).encode("utf-8", "replace")

    yield Target([content], spoil, from_file, (SymbolError,))


@contextmanager
def models(root: Path) -> Iterator[Target]:
    """Model folders, as an interrupted copy or a foreign program leaves them in runs/."""
    folder = root / "model"
    shutil.copytree(SHIPPED_MODEL, folder)
    (folder / cards.KERAS_FILE).unlink()
    write_test(folder, IMAGES)
    names = (cards.CARD_FILE, cards.EMBEDDINGS_FILE, cards.TEST_FILE, cards.LITERT_FILE)
    whole = {name: (folder / name).read_bytes() for name in names}
    card = json.loads(whole[cards.CARD_FILE])
    rest = list(whole.values())

    def spoil(rng: np.random.Generator) -> tuple[str, bytes]:
        if rng.random() < 0.7:
            return cards.CARD_FILE, spoiled_json(card, rng).encode("utf-8", "replace")
        name = one_of(names, rng)
        return name, spoiled(whole[name], rest, rng)

    def run(case: tuple[str, bytes]) -> None:
        name, content = case
        (folder / name).write_bytes(content)
        try:
            _use_model(folder)
        finally:
            (folder / name).write_bytes(whole[name])

    promised = (cards.ModelError, DataError)
    yield Target([(cards.CARD_FILE, whole[cards.CARD_FILE])], spoil, run, promised, 0.25)


def _use_model(folder: Path) -> None:
    """Ask a model folder for all that the pages ask it for."""
    card = cards.read_card(folder)
    cards.class_names(card), cards.data_set(card), cards.left_out(card), cards.tells_apart(card), cards.look_of(card)
    cards.side_of(card)
    test, model = read_test(folder), load_model(folder)
    images = np.linspace(0, 1, 2 * model.side**2, dtype=np.float32).reshape(2, model.side, model.side)
    model.probability_same(model.distance(images[:1], images[1:]))
    model.is_same(1.0), model.is_novel(model.embed(images)), model.fit_for(symbols=True), len(test)
    cards.config_of(card)


@contextmanager
def runs(root: Path) -> Iterator[Target]:
    """Folders of runs and uploads, as a crash, a full disk or another version leaves them."""
    run = run_folder.create(root, FAST, "a" * 32)
    records.add_point(run.folder, POINT)
    records.write_mapped(run.folder, IMAGES, trained=False)
    spread = Spread(*np.zeros((3, 4), np.float32))
    records.write_frames(run.folder, [Frame(0.0, np.zeros((6, 2), np.float32), spread, 0.5)] * 2)
    run_folder.write_name(run.folder, "my run")
    upload = data_folder.create(root, "a" * 32, "own.zip", io.BytesIO(b"x"), "ink", 28)
    data_folder.finish(upload, Reading(IMAGES))
    whole = {
        path: path.read_bytes() for folder in (run.folder, upload.folder) for path in folder.iterdir() if path.is_file()
    }
    paths, contents = sorted(whole), list(whole.values())

    def spoil(rng: np.random.Generator) -> tuple[Path, bytes]:
        path = one_of(paths, rng)
        if path.suffix == ".json" and rng.random() < 0.7:
            return path, spoiled_json(json.loads(whole[path]), rng).encode("utf-8", "replace")
        return path, spoiled(whole[path], contents, rng)

    def use(case: tuple[Path, bytes]) -> None:
        path, content = case
        path.write_bytes(content)
        try:
            _use_runs(root, run.folder)
        finally:
            path.write_bytes(whole[path])

    yield Target([(paths[0], whole[paths[0]])], spoil, use, (DataError,))


def _use_runs(root: Path, folder: Path) -> None:
    """Ask the folder of runs for all that the pages ask it for."""
    for run in run_folder.read_all(root):
        sorted((run.number, run.created)), run.name.strip(), run.visitor.strip(), run.status.sentence.strip()
        run_folder.zip_name(run)
    records.read_points(folder), records.read_frames(folder), records.read_mapped(folder), run_folder.read_name(folder)
    for upload in data_folder.read_all(root):
        f"{upload.file.strip()} {upload.sentence.strip()} {upload.visitor.strip()} {upload.server.strip()}"
        f"{sum(upload.sheet.images) if upload.sheet else 0:,} {upload.sheet.training if upload.sheet else ''}"
        data_folder.read_few(upload), data_folder.read_progress(upload), upload.source
        data_folder.images_of(upload)
