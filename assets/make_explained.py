"""Make what the page How it works shows: recorded trainings, and two small networks, one of which never saw 4 and 9.

    python -m assets.make_explained      # under a minute on two cores

writes assets/explained/: training.npz, and the model folders ten_digits and without_4_and_9.
"""

import dataclasses
import time
from pathlib import Path

import numpy as np

from siamese_core.config import ARTICLE, EXPLAINED, FAST
from siamese_core.datasets.article import VALIDATION_SIZE
from siamese_core.datasets.dataset import Dataset, Splits, to_float
from siamese_core.datasets.mnist import load_mnist
from siamese_core.metrics import report
from siamese_core.metrics.unseen import right_by_kind

SHOWN_DIGITS = (0, 1, 4, 7)  # of the recorded trainings
WATCHED = 200  # validation digits in them
MARGINS = (0.2, 1.0, 3.0)  # small, the article's, large
RECORDED = dataclasses.replace(
    ARTICLE, recipe="own", embedding_size=2, pairing="some_per_image", training_images=2_000, min_equals=750, epochs=6,
    seed=2,
)  # fmt: skip
UNSEEN = (4, 9)  # the classes that the second network never saw


def only(data: Dataset, classes: tuple[int, ...]) -> Dataset:
    """Return the images of some classes."""
    return data.subset(np.isin(data.labels, classes))


def make_recordings(splits: Splits, path: Path) -> None:
    """Record a training for each margin, on four digits."""
    from siamese_core.training import recording

    rest = splits.train.subset(slice(VALIDATION_SIZE, None))  # no recipe trains on the images before
    data = only(rest, SHOWN_DIGITS).subset(slice(RECORDED.training_images))
    watched = only(splits.validation, SHOWN_DIGITS).subset(slice(WATCHED))
    runs = [recording.record(dataclasses.replace(RECORDED, margin=m), data, watched) for m in MARGINS]
    xy = np.stack([frames for _, frames in runs])
    settings = {name: value for name, value in dataclasses.asdict(RECORDED).items() if name != "margin"}
    eer = np.stack([recording.errors(frames, watched.labels) for frames in xy])
    found = recording.Recordings(settings, watched.class_names, watched.labels, runs[0][0], np.array(MARGINS), xy, eer)
    recording.write_recordings(path, found)
    print(path, f"{path.stat().st_size:,} bytes; EER at the end", np.round(eer[:, -1], 3))


def make_network(splits: Splits, classes: tuple[int, ...], folder: Path) -> None:
    """Train the fast recipe on some classes, and write the encoder in half precision, without what Keras needs.

    Threshold and calibration come from validation digits of these classes alone. The card holds which pairs of test
    digits the network accepts, of all classes.
    """
    from siamese_core.datasets.article import training_part
    from siamese_core.networks.conversion import convert
    from siamese_core.networks.inference import Encoder
    from siamese_core.networks.model import SiameseModel
    from siamese_core.training.finishing import finish
    from siamese_core.training.loop import train_encoder
    from siamese_core.training.parts import prepare

    known = Splits(*(only(part, classes) for part in splits))
    config = dataclasses.replace(FAST, training_images=4_000 * len(classes), min_equals=1_500 * len(classes))
    start = time.perf_counter()
    encoder = train_encoder(config, training_part(known, config.training_images))
    card = finish(encoder, config, prepare(config, known), time.perf_counter() - start, known.validation).card
    half = SiameseModel(Encoder(convert(encoder, half=True)), card | {"classes": list(classes)})
    embeddings, labels = half.embed(to_float(splits.test.images)), splits.test.labels
    accepted = report.accepted_by_class(embeddings, labels, half.threshold, splits.test.classes)
    half.card["test_accepted_by_class"] = accepted.round(6).tolist()
    half.save(folder)
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(folder, f"{size:,} bytes, threshold {half.threshold:.3f}", right_by_kind(accepted, UNSEEN))


def main() -> None:
    """Make all of it."""
    from siamese_core.networks.quiet_tensorflow import import_tensorflow

    import_tensorflow()
    splits = load_mnist()
    EXPLAINED.mkdir(exist_ok=True)
    make_recordings(splits, EXPLAINED / "training.npz")
    every = tuple(range(splits.train.classes))
    make_network(splits, every, EXPLAINED / "ten_digits")
    make_network(splits, tuple(c for c in every if c not in UNSEEN), EXPLAINED / "without_4_and_9")


if __name__ == "__main__":
    main()
