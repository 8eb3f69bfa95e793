"""A card comes back as it was written, and a bad one is refused with one sentence."""

import json
from pathlib import Path
from typing import Any

import pytest

from siamese_core.networks.card import CARD_FILE, FORMAT, ModelError, read_card, write_card

CARD: dict[str, Any] = {
    "recipe": "none, by hand",
    "threshold": 0.6,
    "calibration": {"distances": [0.2, 1.0], "log_odds": [2.0, -2.0]},
}


def written(folder: Path, **changes: Any) -> Path:
    """Write the card into the folder with some fields changed; those set to None are left out."""
    fields = {"format": FORMAT, **CARD, **changes}
    text = json.dumps({name: value for name, value in fields.items() if value is not None})
    (folder / CARD_FILE).write_text(text, encoding="utf-8")
    return folder


def sentence(folder: Path) -> str:
    """Return the sentence with which the card is refused."""
    with pytest.raises(ModelError) as refusal:
        read_card(folder)
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


def test_a_card_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write_card(tmp_path, CARD)
    assert read_card(tmp_path) == {"format": FORMAT, **CARD}


def test_a_card_read_can_be_written_again(tmp_path: Path) -> None:
    write_card(tmp_path, CARD)
    write_card(tmp_path, read_card(tmp_path))
    assert read_card(tmp_path) == {"format": FORMAT, **CARD}


def test_a_model_error_is_a_value_error() -> None:
    assert issubclass(ModelError, ValueError)


def test_no_folder(tmp_path: Path) -> None:
    assert sentence(tmp_path / "none") == f"there is no model folder {tmp_path / 'none'}"
    (tmp_path / "file").touch()
    assert sentence(tmp_path / "file") == f"there is no model folder {tmp_path / 'file'}"


def test_no_card(tmp_path: Path) -> None:
    assert sentence(tmp_path) == f"{tmp_path / CARD_FILE} is missing, so {tmp_path} is not a complete model folder"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"threshold: 1",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"format": 1',
        b'{"threshold": ' + b"9" * 5_000 + b"}",
    ],
    ids=["empty", "cut short", "yaml", "no UTF-8", "deep", "no end", "endless number"],
)
def test_no_json(content: bytes, tmp_path: Path) -> None:
    (tmp_path / CARD_FILE).write_bytes(content)
    assert sentence(tmp_path) == f"{tmp_path / CARD_FILE} is damaged and cannot be read"


def test_a_folder_in_place_of_the_card(tmp_path: Path) -> None:
    (tmp_path / CARD_FILE).mkdir()
    assert "is damaged and cannot be read" in sentence(tmp_path)


@pytest.mark.parametrize("version", [FORMAT + 1, 0, "1", None])
def test_another_version(version: object, tmp_path: Path) -> None:
    expected = f"is of version {version}, but this program reads version {FORMAT}; train the model again"
    assert sentence(written(tmp_path, format=version)).endswith(expected)


@pytest.mark.parametrize("content", ["[]", "3", "null", '"card"'])
def test_json_that_is_no_card(content: str, tmp_path: Path) -> None:
    (tmp_path / CARD_FILE).write_text(content, encoding="utf-8")
    assert "is of version None" in sentence(tmp_path)


@pytest.mark.parametrize(
    "changes",
    [
        {"threshold": None},
        {"threshold": float("nan")},
        {"threshold": float("inf")},
        {"threshold": 0},
        {"threshold": -0.5},
        {"threshold": "wide"},
        {"threshold": [0.5]},
        {"threshold": 10**400},
        {"calibration": None},
        {"calibration": 3},
        {"calibration": {}},
        {"calibration": {"distances": [0.2, 1.0]}},
        {"calibration": {"distances": [0.2, 1.0], "log_odds": [2.0, -2.0], "more": 1}},
        {"calibration": {"distances": [0.2, 1.0], "log_odds": [2.0, float("nan")]}},
        {"calibration": {"distances": [0.2, 1.0], "log_odds": [-2.0, 2.0]}},
        {"calibration": {"distances": [0.2, 1.0], "log_odds": ["a", "b"]}},
        {"calibration": {"distances": [[0.2], 1.0], "log_odds": [2.0, -2.0]}},
        {"calibration": {"distances": [0.2, 10**400], "log_odds": [2.0, -2.0]}},
    ],
    ids=str,
)
def test_a_threshold_or_calibration_that_cannot_be_used(changes: dict[str, Any], tmp_path: Path) -> None:
    assert sentence(written(tmp_path, **changes)).endswith("holds no usable threshold and calibration")
