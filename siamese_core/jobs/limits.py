"""What a deployment allows its visitors, and how it changes that."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from siamese_core.config import LEAST_TRAINING_IMAGES

LIMIT_PREFIX = "SIAMESE_LAB_"  # of the environment variables and secrets that change a limit


@dataclass(frozen=True)
class Limits:
    """What a deployment allows its visitors."""

    epochs: int = 50
    training_images: int = 42_000
    seconds: int = 180  # of one training; it then ends and keeps what was learned
    queue: int = 20  # trainings that wait
    runs_per_visitor: int = 8  # kept; the oldest go first
    runs: int = 150  # kept in all
    disk_mb: int = 600  # for all of them


def limits_from(settings: Mapping[str, object]) -> Limits:
    """Return the limits with those changed that the settings name, as in SIAMESE_LAB_EPOCHS=20.

    Raises ValueError for a value that is no positive whole number, or fewer training images than can be chosen.
    """
    changed = {}
    for field in fields(Limits):
        key = LIMIT_PREFIX + field.name.upper()
        if key not in settings:
            continue
        text = str(settings[key])
        if not text.isascii() or not text.isdigit() or int(text) < 1:
            raise ValueError(f"{key} must be a positive whole number, got {text!r}")
        changed[field.name] = int(text)
    if changed.get("training_images", LEAST_TRAINING_IMAGES) < LEAST_TRAINING_IMAGES:
        raise ValueError(f"{LIMIT_PREFIX}TRAINING_IMAGES must be at least {LEAST_TRAINING_IMAGES}")
    return Limits(**changed)
