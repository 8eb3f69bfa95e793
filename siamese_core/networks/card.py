"""The card of a model: what it is, how it was made, what it reaches, threshold and calibration; JSON in its folder.

Beside it in the folder lie the embeddings of the test digits, which also can be read without TensorFlow.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from siamese_core.metrics.calibration import Calibration

FORMAT = 1  # of the model folder; a reader refuses any other
CARD_FILE, EMBEDDINGS_FILE = "card.json", "test_embeddings.npy"


class ModelError(ValueError):
    """A model folder is missing, damaged or of another version."""


def write_card(folder: Path, card: dict[str, Any]) -> None:
    """Write the card into a model folder."""
    (folder / CARD_FILE).write_text(json.dumps({"format": FORMAT, **card}, indent=2) + "\n", encoding="utf-8")


def read_card(folder: Path) -> dict[str, Any]:
    """Read a model folder's card.

    Raises ModelError with one sentence if it is missing, damaged or of another version.
    """
    path = folder / CARD_FILE
    if not folder.is_dir():
        raise ModelError(f"there is no model folder {folder}")
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"{path} is missing, so {folder} is no complete model folder") from None
    except (OSError, ValueError, RecursionError):
        raise ModelError(f"{path} is damaged and cannot be read") from None
    version = card.get("format") if isinstance(card, dict) else None
    if version != FORMAT:
        raise ModelError(f"{path} is of version {version}, this program reads version {FORMAT}; train the model again")
    if not _usable(card):
        raise ModelError(f"{path} holds no usable threshold and calibration")
    return dict(card)


def read_embeddings(folder: Path) -> np.ndarray | None:
    """Read what a model makes of the test digits, (n, d) float32; None if that is missing or unusable.

    Then it is made anew, so that it is no error.
    """
    try:
        with (folder / EMBEDDINGS_FILE).open("rb") as file:
            embeddings: np.ndarray = np.lib.format.read_array(file, allow_pickle=False)
    except Exception:  # noqa: BLE001 whatever is wrong with the file, it is not needed
        return None
    fits = embeddings.dtype == np.float32 and embeddings.ndim == 2
    return embeddings if fits and np.isfinite(embeddings).all() else None


def data_set(card: dict[str, Any]) -> str:
    """Return the name of the data set a model was made with; cards older than the entry are of MNIST."""
    return str(card.get("data_set", "MNIST"))


def class_names(card: dict[str, Any]) -> list[str]:
    """Return the names of the classes a model was made with; cards older than the entry are of the ten digits."""
    return [str(name) for name in card.get("class_names", "0123456789")]


def _usable(card: dict[str, Any]) -> bool:
    """Tell whether the card holds what comparing two digits relies on."""
    try:
        threshold = float(card["threshold"])
        return 0 < threshold < float("inf") and Calibration(**card["calibration"]).usable()
    except (KeyError, TypeError, ValueError, OverflowError):
        return False
