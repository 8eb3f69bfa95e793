"""A data set of one's own: from the upload to the first curve, how good the fast recipe gets, seen and unseen classes.

It takes a zip with a folder of pictures a class, such as Fashion-MNIST's 70,000 (Debian's package
`dataset-fashion-mnist`, written as pictures; not part of the project): `--data FILE.zip`. The classes left out are the
last two by name, unless `--leave-out` names others. `--figure FILE` draws the EER over the number of pictures.
"""

import argparse
import dataclasses
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.figure import rates_over
from benchmarks.report import finish, machine, spread, tell
from siamese_core.config import FAST
from siamese_core.datasets.dataset import Dataset, Splits
from siamese_core.datasets.reading.bounds import Reading
from siamese_core.datasets.reading.read import read_pictures, splits_of
from siamese_core.jobs import records
from siamese_core.jobs.data_queue import DataSets
from siamese_core.jobs.limits import Limits
from siamese_core.jobs.queue import Jobs
from siamese_core.networks.quiet_tensorflow import import_tensorflow

PICTURES = 10_000  # of the largest data set
SIZES = (100, 300, 1_000, 3_000, PICTURES)  # pictures in all, split as usual
EPOCHS = {100: 40, 300: 30, 1_000: 16, 3_000: 8, PICTURES: 4}  # so that each trains for some hundred steps
LIMIT = 600.0  # seconds to wait for a curve


def few(data: Dataset, pictures: int, seed: int) -> Dataset:
    """Return so many pictures, of each class as many."""
    rng = np.random.default_rng(seed)
    each = pictures // data.classes
    members = [rng.permutation(np.flatnonzero(data.labels == label))[:each] for label in range(data.classes)]
    return data.subset(np.sort(np.concatenate(members)))


def upload_to_curve(path: Path) -> tuple[float, float]:
    """Return the seconds from an upload to its sheet, and from there to the first point of a curve, worker warm."""
    with tempfile.TemporaryDirectory() as root:
        jobs = Jobs(Path(root), Limits(pictures=70_000, upload_mb=500))
        try:
            sets = DataSets(jobs)
            _until(jobs.worker.warm)
            start = time.perf_counter()
            with path.open("rb") as file:
                key = sets.upload("me", path.name, file, "grey", 28).id
            _until((jobs.root / "data" / key / "data.npz").exists)
            read = time.perf_counter() - start
            _until(lambda: (found := sets.find(key)) is not None and found.sheet is not None)
            run = jobs.submit(dataclasses.replace(FAST, training_images=5_000, min_equals=1_875), "me", key)
            _until(lambda: bool(records.read_points(run.folder)))
            return read, time.perf_counter() - start - read
        finally:
            jobs.close()


def eer(splits: Splits, seed: int, pictures: int, left_out: tuple[str, ...] = ()) -> dict[str, float]:
    """Train the fast recipe once and return the EER on test pairs: all of them, or of seen and unseen classes."""
    from siamese_core.training.parts import fitted
    from siamese_core.training.recipes import train

    config = dataclasses.replace(FAST, seed=seed, epochs=EPOCHS[pictures], left_out=left_out)
    card = train(fitted(config, splits), splits).card
    parts = card.get("parts", {})
    return {which: part["eer"]["rate"] for which, part in parts.items()} or {"all": card["test"]["eer"]}


def main() -> None:
    """Measure, and print the spread over the seeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a zip or folder with a folder of pictures a class")
    parser.add_argument("--leave-out", default="", help="names of two classes, with a comma between them")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--figure", type=Path, help="write the EER over the number of pictures into this SVG")
    arguments = parser.parse_args()
    if arguments.data is None:
        print("No pictures to measure on: give --data FILE.zip, such as Fashion-MNIST as a zip of folders.")
        finish("own_pictures", {"measured": False})
        return
    import_tensorflow()
    print(machine())
    result = _measure(read_pictures(arguments.data, look="grey"), arguments)
    finish("own_pictures", result)


def _measure(reading: Reading, arguments: argparse.Namespace) -> dict[str, object]:
    data, seeds, result = reading.data, range(arguments.seeds), dict[str, object]()
    if arguments.data.suffix == ".zip":
        read, drawn = upload_to_curve(arguments.data)
        print(f"{len(data):,} pictures: {read:.1f} s until they are read, {drawn:.1f} s more to the first point")
        result |= {"pictures": len(data), "read_seconds": read, "curve_seconds": drawn}
    by_size: dict[int, list[float]] = {}
    for pictures in (size for size in SIZES if size <= len(data)):
        splits = [splits_of(Reading(few(data, pictures, seed))) for seed in seeds]
        rates = [eer(each, seed, pictures)["all"] for seed, each in zip(seeds, splits, strict=True)]
        tell(f"{pictures:,} pictures: EER on test pairs", rates, "")
        result[f"eer_{pictures}"] = spread(rates)
        by_size[pictures] = rates
    if arguments.figure:
        title, seeds_told = f"EER on test pairs of {data.name}", f"median and range over {arguments.seeds} seeds"
        arguments.figure.write_text(rates_over(by_size, title, "pictures, training and test together", seeds_told))
    largest = max(size for size in SIZES if size <= len(data))
    names = tuple(arguments.leave_out.split(",")) if arguments.leave_out else data.class_names[-2:]
    apart = [eer(splits_of(Reading(few(data, largest, seed))), seed, largest, names) for seed in seeds]
    for which in ("seen", "unseen"):
        rates = [each[which] for each in apart]
        tell(f"{largest:,} pictures without {' and '.join(names)}: EER of classes {which}", rates, "")
        result[f"eer_{which}"] = spread(rates)
    return result


def _until(holds: object) -> None:
    """Wait until something holds. Raises TimeoutError after LIMIT."""
    assert callable(holds)
    end = time.monotonic() + LIMIT
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("waited in vain")
        time.sleep(0.05)


if __name__ == "__main__":
    main()
