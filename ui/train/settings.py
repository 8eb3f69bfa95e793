"""The settings a visitor may choose for a training: their ranges, and how a link carries them."""

import dataclasses
from collections.abc import Mapping
from typing import Any, get_args

from siamese_core.config import (
    ARTICLE,
    FAST,
    LEAST_TRAINING_IMAGES,
    EncoderName,
    OptimizerName,
    Pairing,
    TrainingConfig,
)
from siamese_core.jobs.limits import Limits
from ui.shared.plain import plain

MARGIN = (0.1, 3.0, 0.1)  # least, most, step
MIN_EQUALS_STEP = 10
CHOICES: dict[str, tuple[Any, ...]] = {
    "encoder": get_args(EncoderName),
    "pairing": get_args(Pairing),
    "per_image": (1, 2, 3, 4),
    "embedding_size": (2, 8, 32, 64, 128),
    "training_images": (LEAST_TRAINING_IMAGES, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 42_000),
    "batch_size": (32, 64, 96, 128, 256),
    "optimizer": get_args(OptimizerName),
    "learning_rate": (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1),
}
LABELS = {  # where they are not the names
    "pairing": "pairs of images",
    "per_image": "partners of each kind",
    "embedding_size": "embedding size",
    "training_images": "training images",
    "batch_size": "batch size",
    "learning_rate": "learning rate",
}
WORDS: dict[str, dict[str, str]] = {  # for the values of settings that are one of some named things
    "encoder": {
        "dense": "dense (the article's)",
        "small_conv": "small convolutional",
        "conv": "large convolutional, slow",
        "lean_conv": "large convolutional, a quarter faster",
    },
    "pairing": {
        "one_per_image": "one per image (the article's)",
        "some_per_image": "several per image",
        "all_in_batch": "all in a batch",
    },
    "optimizer": {
        "rmsprop": "RMSprop (the article's)",
        "adam": "Adam, falling rate",
        "muon": "Muon, falling rate",
    },
}
NAMES = ("margin", "min_equals", "epochs", "seed", *CHOICES)
MOST_SEED = 9_999
OWN = "own"  # the recipe's name for settings of no recipe
BASE = dataclasses.replace(ARTICLE, recipe=OWN)


def settings_of(config: TrainingConfig) -> dict[str, Any]:
    """Return the settings that a visitor may choose, by name."""
    return {name: getattr(config, name) for name in NAMES}


def config_from(settings: Mapping[str, Any]) -> TrainingConfig:
    """Return the config with these settings; if they are those of a recipe, it has the recipe's name.

    RMSprop has a constant learning rate, the other optimizers one that falls along half a cosine. min_equals and batch
    size are cut down to the number of images. Raises ValueError as TrainingConfig.
    """
    images = settings["training_images"]
    derived = {
        "decay": settings["optimizer"] != "rmsprop",
        "min_equals": min(settings["min_equals"], images),
        "batch_size": min(settings["batch_size"], images),
    }
    config = dataclasses.replace(BASE, **{**settings, **derived})
    same = (recipe.recipe for recipe in (ARTICLE, FAST) if dataclasses.replace(recipe, recipe=OWN) == config)
    return dataclasses.replace(config, recipe=next(same, OWN))


def to_link(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return the parameters of a link to these settings: those that differ from what `from_link` fills in."""
    implied = settings_of(ARTICLE) | {"min_equals": article_min_equals(settings["training_images"])}
    return {name: text_of(value) for name, value in settings.items() if value != implied[name]}


def from_link(
    parameters: Mapping[str, str], limits: Limits, available: int | None = None
) -> tuple[dict[str, Any], list[str]]:
    """Return the settings of a link and a sentence for each parameter that cannot be used.

    Settings that the link does not have are the article's, as far as the limits allow, with min_equals in the article's
    proportion to the training images. available: see `allowed`.
    """
    settings, complaints = within_limits(settings_of(ARTICLE), limits, available), []
    for name in NAMES:
        if name not in parameters:
            continue
        try:
            settings[name] = _parse(name, parameters[name], limits, available)
        except ValueError as error:
            complaints.append(f"The link's {name} is ignored: {error}.")
    images = settings["training_images"]
    if "min_equals" not in parameters:
        settings["min_equals"] = article_min_equals(images)
    elif settings["min_equals"] > images:
        complaints.append("The link's min_equals is cut down to the number of training images.")
        settings["min_equals"] = images
    return settings, complaints


def article_min_equals(images: int) -> int:
    """Return the min_equals in the article's proportion to the training images, rounded to the slider's step."""
    return scaled_min_equals(ARTICLE.min_equals, ARTICLE.training_images, images)


def scaled_min_equals(min_equals: int, old_images: int, images: int) -> int:
    """Scale min_equals from the old number of images to the new one, rounded to the slider's step."""
    step = min_equals_step(images)
    return round(min_equals / old_images * images / step) * step


def min_equals_step(images: int) -> int:
    """Return the step of the slider for so many training images."""
    return MIN_EQUALS_STEP if images >= LEAST_TRAINING_IMAGES else 1


def within_limits(settings: Mapping[str, Any], limits: Limits, available: int | None = None) -> dict[str, Any]:
    """Return the settings with epochs and training images cut down to the limits, min_equals in proportion."""
    images = min(settings["training_images"], max(allowed("training_images", limits, available)))
    return {
        **settings,
        "epochs": min(settings["epochs"], limits.epochs),
        "training_images": images,
        "min_equals": scaled_min_equals(settings["min_equals"], settings["training_images"], images),
    }


def differences(config: TrainingConfig, other: TrainingConfig) -> list[str]:
    """Return the names of the settings in which two trainings differ."""
    mine, theirs = settings_of(config), settings_of(other)
    return [name for name in NAMES if mine[name] != theirs[name]]


def allowed(name: str, limits: Limits, available: int | None = None) -> tuple[Any, ...]:
    """Return what may be chosen for a setting with a list of choices.

    available: how many images the data set has to train on, None for more than anybody may choose.
    """
    if name != "training_images":
        return CHOICES[name]
    most = min(limits.training_images, available or limits.training_images)
    fewer = tuple(images for images in CHOICES[name] if images <= most)
    return fewer if available is None or most in fewer else (*fewer, most)


def text_of(value: Any) -> str:
    """Return the value of a setting as text, for links."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def label_of(name: str) -> str:
    """Return what the page calls a setting."""
    return LABELS.get(name, name)


def words_of(name: str, value: Any) -> str:
    """Return the value of a setting in the page's words."""
    if name in WORDS:
        return WORDS[name][value]
    return text_of(value) if isinstance(value, float) else f"{value:,}"


def _parse(name: str, text: str, limits: Limits, available: int | None) -> Any:
    """Read one setting of a link. Raises ValueError with what was expected and what came."""
    if name in CHOICES:
        for choice in allowed(name, limits, available):
            if text == text_of(choice):
                return choice
        choices = ", ".join(map(str, allowed(name, limits, available)))
        raise ValueError(f"expected one of {choices}; got {_shown(text)}")
    if name == "margin":
        return _number(text, MARGIN[0], MARGIN[1], float)
    most = {"min_equals": limits.training_images, "epochs": limits.epochs, "seed": MOST_SEED}[name]
    return _number(text, int(name == "epochs"), most, int)


def _shown(text: str) -> str:
    return plain(repr(text[:20]))


def _number(text: str, least: float, most: float, kind: type[int] | type[float]) -> Any:
    expected = f"expected a number from {least:g} to {most:,}, got {_shown(text)}"
    try:
        value = kind(text)
    except ValueError:
        raise ValueError(expected) from None
    if not least <= value <= most:
        raise ValueError(expected)
    return round(value, 1) if kind is float else value
