"""Read a data set of a person's own: a folder, a zip or a CSV."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from siamese_core.config import IMAGE_SIZE, SIDES, Look
from siamese_core.datasets.dataset import DataError, Dataset, Splits
from siamese_core.datasets.mnist import MNIST
from siamese_core.datasets.reading import archive, folder
from siamese_core.datasets.reading.bounds import MOST_TOLD, Bounds, OnProgress, Reading, Skipped, clean_name, in_order
from siamese_core.datasets.reading.layout import Found, by_class
from siamese_core.datasets.reading.table import read_table
from siamese_core.datasets.splitting import is_the_articles, split, split_as_the_article
from siamese_core.imaging.files import read_picture
from siamese_core.imaging.look import see

EXPECTED = "expected a folder or a zip with a folder of pictures for each class, or a CSV with a label and pixels a row"


def read_dataset(path: Path | str, *, side: int = IMAGE_SIZE, look: Look = "ink", seed: int = 0) -> Splits:
    """Read a folder or zip with a folder of pictures a class, or a CSV of labels and pixels, and split it.

    side: of the images, 28 or 56 pixels. look: "ink" for drawings, of which the ink alone counts, "grey" for pictures
    as they are. Files that are no pictures are left out. The splits are stratified by class (`splitting`); 42,000
    images of 28 x 28 are split as the article splits them. Raises DataError with one sentence that names the file, and
    in a CSV the line, if it cannot be read.
    """
    return splits_of(read_pictures(Path(path), side=side, look=look), seed)


def splits_of(reading: Reading, seed: int = 0) -> Splits:
    """Split what was read, in the article's way if it is the article's experiment."""
    return split_as_the_article(reading.data) if is_the_articles(reading.data) else split(reading.data, seed)


def read_pictures(
    path: Path,
    *,
    side: int = IMAGE_SIZE,
    look: Look = "ink",
    bounds: Bounds = Bounds(),  # noqa: B008 a NamedTuple never changes
    on_progress: OnProgress = lambda _done, _all: None,
) -> Reading:
    """Read all images of a data set, and tell what was left out; arguments and errors as `read_dataset`.

    on_progress: is told now and then how much is done; what it raises ends the reading.
    """
    if side not in SIDES:
        raise ValueError(f"expected a side of {' or '.join(map(str, SIDES))} pixels, got {side}")
    try:
        reading = _read(path, side, look, bounds, on_progress)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from None
    _check_classes(reading, path.name)
    return reading


def _read(path: Path, side: int, look: Look, bounds: Bounds, on_progress: OnProgress) -> Reading:
    if path.is_dir():
        found = by_class(folder.members(path, bounds), path.name, bounds)
        return _images(found, path.name, side, look, on_progress)
    size = path.stat().st_size
    if not size:
        raise DataError(f"{path.name} is empty, {EXPECTED}")
    if size > bounds.file_mb * 1e6:
        raise DataError(f"{path.name} has {size / 1e6:,.0f} MB, expected at most {bounds.file_mb:,} MB")
    if path.suffix.lower() == ".csv":
        read = read_table(path, side, look, bounds, on_progress)
        return read._replace(data=replace(read.data, name=set_name(path.stem)))
    if path.suffix.lower() != ".zip":
        raise DataError(f"{path.name} is neither a folder nor a zip nor a CSV, {EXPECTED}")
    with archive.open_archive(path, bounds) as opened:
        found = by_class(archive.members(opened, path.name, bounds), path.name, bounds)
        return _images(found, path.stem, side, look, on_progress)


def set_name(text: str) -> str:
    """Return what texts call a data set; MNIST is the one that comes with the project."""
    name = clean_name(text) or "own pictures"
    return f"{name} (own)" if name.casefold() == MNIST.casefold() else name


def _images(found: Found, name: str, side: int, look: Look, on_progress: OnProgress) -> Reading:
    """Look at one picture after the other; those that show nothing are left out."""
    images = np.zeros((len(found.members), side, side), np.uint8)
    names: list[str] = []
    skipped = list(found.skipped)
    for done, (class_name, member) in enumerate(found.members):
        on_progress(done, len(found.members))
        content = member.read()
        try:
            image = see(read_picture(content), look, side)
        except ValueError as error:
            skipped.append(Skipped(str(member.path), str(error)))
            continue
        images[len(names)] = np.round(image * 255).astype(np.uint8)
        names.append(class_name)
    if not names:
        raise DataError(f"{skipped[-1].file} and all other pictures of {name} cannot be used: {skipped[-1].why}")
    classes = in_order(set(names))
    place = {each: label for label, each in enumerate(classes)}
    labels = np.array([place[each] for each in names], np.int64)
    data = Dataset(set_name(name), images[: len(names)], labels, tuple(classes), look)
    return Reading(data, tuple(skipped[:MOST_TOLD]), len(skipped))


def _check_classes(reading: Reading, name: str) -> None:
    """Raise DataError for what nothing can be learned of."""
    data, of = reading.data, np.bincount(reading.data.labels)
    if data.classes > 1 and of.max() > 1:
        return
    expected = "expected two classes at least, one of them with two pictures"
    pictures = "1 picture" if len(data) == 1 else f"{len(data):,} pictures"
    classes = f"1 class, {data.class_names[0]}" if data.classes == 1 else f"{data.classes} classes"
    why = f"; {reading.skipped[-1].file} was left out: {reading.skipped[-1].why}" if reading.skipped else ""
    raise DataError(f"{name} holds {pictures} of {classes}, {expected}{why}")
