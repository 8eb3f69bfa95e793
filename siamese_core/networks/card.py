"""The files of a model folder, and two of them: the card and the embeddings of the test images.

card.json            what the model is, how it was made, its figures, threshold and calibration
test_embeddings.npy  the embeddings of the test images, in their order; may be missing
test_images.npz      the test images themselves, where they are not MNIST's (see `kept`)
encoder.tflite       the encoder for LiteRT, which `inference` runs
encoder.keras        the same encoder for Keras, which can be trained further; may be missing

Without its card a folder is no model folder.
"""

import hashlib
import json
from pathlib import Path
from typing import Any, get_args

import numpy as np

from siamese_core.config import IMAGE_SIZE, SIDES, Look, TrainingConfig
from siamese_core.datasets.mnist import MNIST
from siamese_core.files import write_whole
from siamese_core.metrics.calibration import Calibration

LEAST_ACCURACY, MOST_EER = 0.55, 0.4  # of a network that tells classes apart, see `tells_apart`
HALFWAY = 0.75  # accuracy between guessing and always right: of so few pairs an interval alone says nothing
FORMAT = 1  # version of the model folder; others are refused
CARD_FILE, EMBEDDINGS_FILE = "card.json", "test_embeddings.npy"
LITERT_FILE, KERAS_FILE, TEST_FILE = "encoder.tflite", "encoder.keras", "test_images.npz"
MODEL_FILES = (CARD_FILE, EMBEDDINGS_FILE, TEST_FILE, LITERT_FILE, KERAS_FILE)
SQUARES = " or ".join(f"{side} x {side}" for side in SIDES)  # the images that encoders take, for messages
ENCODER_SHA256 = "encoder_sha256"  # the card's entry for the checksum of LITERT_FILE, in hexadecimal


class ModelError(ValueError):
    """A model folder is missing, damaged or of another version."""


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def write_card(folder: Path, card: dict[str, Any]) -> None:
    """Write a card into a model folder."""
    write_whole(folder / CARD_FILE, (json.dumps({"format": FORMAT, **card}, indent=2) + "\n").encode())


def read_card(folder: Path) -> dict[str, Any]:
    """Read the card in a model folder.

    Raises ModelError if it is missing, damaged or of another version.
    """
    path = folder / CARD_FILE
    if not folder.is_dir():
        raise ModelError(f"there is no model folder {folder}")
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"{path} is missing, so {folder} is not a complete model folder") from None
    except (OSError, ValueError, RecursionError):
        raise ModelError(f"{path} is damaged and cannot be read") from None
    version = card.get("format") if isinstance(card, dict) else None
    if version != FORMAT:
        raise ModelError(
            f"{path} is of version {version}, but this program reads version {FORMAT}; train the model again"
        )
    if not _usable(card):
        raise ModelError(f"{path} holds no usable threshold and calibration")
    return dict(card)


def put_in_place(made: Path, folder: Path) -> None:
    """Move the files of a finished model folder to their place; at no time are those of two models one model.

    A folder that is not there yet appears by one renaming. One that exists may hold other files as well, or be a mount
    point, so it stays: its card goes first, and the new one comes last.
    """
    if not folder.is_dir():
        made.rename(folder)
        return
    for name in MODEL_FILES:
        (folder / name).unlink(missing_ok=True)
    for name in reversed(MODEL_FILES):
        if (made / name).is_file():
            (made / name).replace(folder / name)


def read_embeddings(folder: Path) -> np.ndarray | None:
    """Read a model's embeddings of the test images, (n, d) float32; None if they are missing or unusable.

    That is not an error, as they can be computed again.
    """
    try:
        with (folder / EMBEDDINGS_FILE).open("rb") as file:
            embeddings: np.ndarray = np.lib.format.read_array(file, allow_pickle=False)
    except Exception:  # noqa: BLE001 whatever is wrong with the file, it is not needed
        return None
    fits = embeddings.dtype == np.float32 and embeddings.ndim == 2
    return embeddings if fits and np.isfinite(embeddings).all() else None


def config_of(card: dict[str, Any]) -> TrainingConfig:
    """Return the settings a model was trained with. Raises ModelError if the card does not hold them."""
    try:
        settings = dict(card["config"])
        settings.pop("prototypes", None)  # of an older version: class probabilities as part of an embedding
        return TrainingConfig(**settings)
    except (KeyError, TypeError, ValueError):
        raise ModelError("its card does not say how it was trained") from None


def data_set(card: dict[str, Any]) -> str:
    """Return the name of the data set a model was trained on; older cards without the entry are of MNIST."""
    return str(card.get("data_set", MNIST))


def is_of_mnist(card: dict[str, Any]) -> bool:
    """Return whether a model was trained on MNIST."""
    return data_set(card) == MNIST


def class_names(card: dict[str, Any]) -> list[str]:
    """Return the class names a model was trained on; older cards without the entry are of the ten digits."""
    return [str(name) for name in card.get("class_names", "0123456789")]


def side_of(card: dict[str, Any]) -> int:
    """Return the side of the images a model takes, in pixels; cards without the entry are of MNIST's size."""
    side = card.get("side", IMAGE_SIZE)
    if side not in SIDES:
        raise ModelError(f"its card gives images of a side of {side}, expected {' or '.join(map(str, SIDES))}")
    return int(side)


def look_of(card: dict[str, Any]) -> Look:
    """Return how a model sees pictures; cards without the entry see ink."""
    return next((look for look in get_args(Look) if look == card.get("look")), "ink")


def left_out(card: dict[str, Any]) -> list[str]:
    """Return the names of the classes that a model was not trained on."""
    names = (card.get("config") or {}).get("left_out", ())
    return [str(name) for name in names]


def tells_apart(card: dict[str, Any]) -> bool:
    """Return whether a model tells classes apart at all; True if its card has no figures on test images.

    Who guesses is right about half of balanced pairs, at an EER of one half. A model counts as guessing if it is right
    about less than HALFWAY and the 95 % interval of its accuracy reaches down to LEAST_ACCURACY, five points above a
    half, or if its EER is MOST_EER or more: even at the best threshold it is then wrong about two of five pairs. Two
    pairs of a tiny data set, both right, have an interval down to 0.34, and are no sign of guessing. A network whose
    embeddings have all become one is at a half. A weak one is beyond both bounds: an embedding of one number after 3
    epochs on 1,000 digits has an accuracy of 0.64 at least, and an EER of 0.35.
    """
    rate, low = (_number(card, "frozen", "accuracy", end) for end in ("rate", "low"))
    accuracies = (low if rate is None or rate < HALFWAY else rate, _number(card, "test", "balanced_accuracy"))
    eers = (_number(card, "frozen", "eer", "rate"), _number(card, "test", "eer"))
    guesses = any(accuracy is not None and accuracy <= LEAST_ACCURACY for accuracy in accuracies)
    return not guesses and not any(eer is not None and eer >= MOST_EER for eer in eers)


def _number(figures: Any, *names: str) -> float | None:
    """Return the figure found by one name after the other, None if there is none."""
    for name in names:
        figures = figures.get(name) if isinstance(figures, dict) else None
    return float(figures) if isinstance(figures, (int, float)) else None


def _usable(card: dict[str, Any]) -> bool:
    """Return whether the card holds a valid threshold and calibration, and valid ones for symbols if it has any.

    What else the pages ask for must be of its kind, where it is there at all.
    """
    fits = [card, *([card["symbols"]] if card.get("symbols") else [])]
    kinds: dict[str, type | tuple[type, ...]] = {"novelty_limit": (int, float), "config": dict, "class_names": list}
    if not all(isinstance(card[name], kind) for name, kind in kinds.items() if card.get(name) is not None):
        return False
    try:
        return isinstance(left_out(card), list) and all(
            0 < float(fit["threshold"]) < float("inf") and Calibration(**fit["calibration"]).usable() for fit in fits
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return False
