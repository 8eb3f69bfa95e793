"""What a run trains on, and what it is measured on: classes may be left out, and a data set may be small."""

from typing import NamedTuple

from siamese_core.config import TrainingConfig
from siamese_core.datasets.article import available
from siamese_core.datasets.dataset import Dataset, Splits
from siamese_core.metrics.report import has_both_kinds


class Parts(NamedTuple):
    """The splits of a run."""

    seen: Splits  # without the classes left out: trained on, watched, fitted to, measured on
    test: Dataset  # the test images of all classes
    stood_in: tuple[str, ...] = ()  # parts too small to be measured on, in whose place stand training images


def prepare(config: TrainingConfig, splits: Splits) -> Parts:
    """Leave out the classes that a run must not see, and let training images stand in where others are too few.

    Raises ValueError for a class that is not there, or if too few classes or images are left to train on.
    """
    unknown = [name for name in config.left_out if name not in splits.train.class_names]
    if unknown:
        names = ", ".join(splits.train.class_names[:20])
        raise ValueError(f"expected classes to leave out of {names}; got {', '.join(unknown)}")
    seen = Splits(*(part.without(config.left_out) if config.left_out else part for part in splits))
    if config.left_out and not has_both_kinds(seen.train.labels):
        raise ValueError(
            f"expected two classes at least to train on, one of them with two images; without those left out there are "
            f"{len(seen.train)} images of {seen.train.classes}"
        )
    stood_in, test = [], splits.test
    if _too_small(seen.validation):
        stood_in.append("validation")
        seen = seen._replace(validation=seen.train)
    if _too_small(seen.test):
        stood_in.append("test")
        seen, test = seen._replace(test=seen.train), splits.train
    return Parts(seen, test, tuple(stood_in))


def fitted(config: TrainingConfig, splits: Splits) -> TrainingConfig:
    """Return the settings for a data set that may have fewer images than they ask for, see `for_images`."""
    return config.for_images(available(prepare(config, splits).seen))


def _too_small(part: Dataset) -> bool:
    """Return whether a part has no pairs of both kinds because its classes have less than two images each."""
    return len(part) < 2 * part.classes and not has_both_kinds(part.labels)
