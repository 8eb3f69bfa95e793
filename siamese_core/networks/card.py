"""The card of a model, JSON in its folder: what it is, how it was made, its figures, threshold and calibration.

The embeddings of the test images lie beside it; both can be read without TensorFlow.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from siamese_core.metrics.calibration import Calibration

FORMAT = 1  # version of the model folder; others are refused
CARD_FILE, EMBEDDINGS_FILE = "card.json", "test_embeddings.npy"


class ModelError(ValueError):
    """A model folder is missing, damaged or of another version."""


def write_card(folder: Path, card: dict[str, Any]) -> None:
    """Write a card into a model folder."""
    (folder / CARD_FILE).write_text(json.dumps({"format": FORMAT, **card}, indent=2) + "\n", encoding="utf-8")


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


def data_set(card: dict[str, Any]) -> str:
    """Return the name of the data set a model was trained on; older cards without the entry are of MNIST."""
    return str(card.get("data_set", "MNIST"))


def class_names(card: dict[str, Any]) -> list[str]:
    """Return the class names a model was trained on; older cards without the entry are of the ten digits."""
    return [str(name) for name in card.get("class_names", "0123456789")]


def _usable(card: dict[str, Any]) -> bool:
    """Return whether the card holds a valid threshold and calibration."""
    try:
        threshold = float(card["threshold"])
        return 0 < threshold < float("inf") and Calibration(**card["calibration"]).usable()
    except (KeyError, TypeError, ValueError, OverflowError):
        return False
