"""The limits of a deployment, and the settings that change them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from siamese_core.config import LEAST_TRAINING_IMAGES

LIMIT_PREFIX = "SIAMESE_LAB_"  # of the environment variables and secrets that change a limit


@dataclass(frozen=True)
class Limits:
    """What a deployment allows its visitors to do and to keep."""

    epochs: int = 50
    training_images: int = 42_000
    seconds: int = 180  # of one training; it then ends and keeps what was learned
    queue: int = 20  # trainings that may wait
    runs_per_visitor: int = 8  # kept; the oldest are deleted first
    runs: int = 150  # kept in all
    disk_mb: int = 600  # for all runs, and for the data sets that visitors upload
    upload_mb: int = 50  # of an uploaded data set
    pictures: int = 20_000  # in it
    pictures_per_minute: int = 30  # that a visitor may upload
    maps_per_visitor: int = 2  # that may wait or be made; with another one the oldest that has not begun is given up


def limits_from(settings: Mapping[str, object]) -> Limits:
    """Return the limits, changed by settings such as SIAMESE_LAB_EPOCHS=20.

    Raises ValueError for a value that is not a positive whole number, or for fewer training images than a visitor can
    choose.
    """
    changed = {}
    for field in fields(Limits):
        key = LIMIT_PREFIX + field.name.upper()
        if key not in settings:
            continue
        text = str(settings[key])
        if not text.isascii() or not text.isdigit() or int(text) < 1:
            raise ValueError(f"expected {key} to be a positive whole number, got {text!r}")
        changed[field.name] = int(text)
    if changed.get("training_images", LEAST_TRAINING_IMAGES) < LEAST_TRAINING_IMAGES:
        raise ValueError(
            f"expected {LIMIT_PREFIX}TRAINING_IMAGES of at least {LEAST_TRAINING_IMAGES}, "
            f"got {changed['training_images']}"
        )
    return Limits(**changed)
