"""A card comes back as it was written, and a bad one is refused with one sentence."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from siamese_core.config import ARTICLE, SHIPPED_MODEL
from siamese_core.metrics.confidence import share_interval
from siamese_core.networks.card import (
    CARD_FILE,
    FORMAT,
    LEAST_ACCURACY,
    MODEL_FILES,
    ModelError,
    put_in_place,
    read_card,
    tells_apart,
    write_card,
)
from tests.small import small, small_splits

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


def test_a_fit_for_symbols_must_be_usable_as_well(tmp_path: Path) -> None:
    fit = {name: CARD[name] for name in ("threshold", "calibration")}
    assert read_card(written(tmp_path, symbols=fit))["symbols"] == fit
    for broken in ({**fit, "threshold": -1}, {"threshold": 0.5}, [1], "x"):
        assert sentence(written(tmp_path, symbols=broken)).endswith("holds no usable threshold and calibration")


@pytest.mark.parametrize(
    "changes", [{"novelty_limit": "x"}, {"config": "x"}, {"config": {"left_out": 7}}, {"class_names": 10}]
)
def test_what_the_pages_ask_a_card_for_is_of_its_kind(tmp_path: Path, changes: dict[str, Any]) -> None:
    good = {"novelty_limit": 0.5, "config": {"left_out": ["4"]}, "class_names": ["a", "b"]}
    assert read_card(written(tmp_path, **good))["novelty_limit"] == 0.5
    assert "holds no usable" in sentence(written(tmp_path, **good | changes))


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


# --- files put in place ---


class Cut(Exception):  # noqa: N818 it stands for whatever may end a process
    """Stands for a power cut."""


def model_of(folder: Path, word: str) -> Path:
    """Fill a folder with the files of a model, each holding the word."""
    folder.mkdir()
    for name in MODEL_FILES:
        (folder / name).write_text(word)
    return folder


@pytest.mark.parametrize("cut", range(9))
def test_cut_off_anywhere_a_folder_never_holds_a_mixture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    old, new = model_of(tmp_path / "old", "old"), model_of(tmp_path / "new", "new")
    steps: list[str] = []

    def counted(name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def take(*arguments: Any, **options: Any) -> Any:
            if len(steps) == cut:
                raise Cut
            steps.append(name)
            return step(*arguments, **options)

        return take

    with monkeypatch.context() as patch:
        for name in ("replace", "rename", "unlink"):
            patch.setattr(Path, name, counted(name, getattr(Path, name)))
        with suppress(Cut):
            put_in_place(new, old)
    words = {(old / name).read_text() for name in MODEL_FILES if (old / name).is_file()}
    if (old / CARD_FILE).is_file():
        assert words == {"new" if cut == 8 else "old"}, "four files go and four come"
    assert cut in (0, 8) or not (old / CARD_FILE).is_file()


def test_a_new_folder_appears_by_one_step(tmp_path: Path) -> None:
    new = model_of(tmp_path / "made", "new")
    put_in_place(new, tmp_path / "model")
    assert not new.exists()
    assert {path.name for path in (tmp_path / "model").iterdir()} == set(MODEL_FILES)


# --- whether it tells anything apart ---


def frozen(accuracy: float, eer: float) -> dict[str, Any]:
    """Return a card's figures on the frozen pairs, as those of 8,986 pairs."""
    return {
        "pairs": 8_986,
        "accuracy": {"rate": accuracy, "low": accuracy - 0.01, "high": accuracy + 0.01},
        "eer": {"rate": eer, "low": eer - 0.01, "high": eer + 0.01},
    }


@pytest.mark.parametrize(
    ("accuracy", "eer", "tells"),
    [
        (0.5, 0.5, False),  # all embeddings are one
        (0.55, 0.3, False),  # its interval reaches down to 0.54
        (0.57, 0.39, True),
        (0.7, 0.4, False),
        (0.45, 0.6, False),  # it takes one for the other
        (0.65, 0.35, True),
        (0.998, 0.002, True),
    ],
)
def test_a_network_that_guesses_is_told_by_its_figures(accuracy: float, eer: float, tells: bool) -> None:
    assert tells_apart({**CARD, "frozen": frozen(accuracy, eer)}) is tells


@pytest.mark.parametrize(("right", "pairs", "tells"), [(2, 2, True), (8, 10, True), (6, 10, False), (1, 2, False)])
def test_of_a_few_pairs_the_share_that_is_right_decides(right: int, pairs: int, tells: bool) -> None:
    interval = share_interval(right, pairs)
    assert interval.low < LEAST_ACCURACY
    assert tells_apart({**CARD, "frozen": {"accuracy": interval._asdict(), "eer": {"rate": 0.1}}}) is tells


@pytest.mark.parametrize(
    ("test", "tells"),
    [({"balanced_accuracy": 0.5, "eer": 0.5}, False), ({"balanced_accuracy": 0.95, "eer": 0.05}, True), ({}, True)],
)
def test_the_figures_on_all_pairs_count_as_well(test: dict[str, Any], tells: bool) -> None:
    assert tells_apart({**CARD, "test": test}) is tells


@pytest.mark.parametrize("figures", [None, 0.5, [], {}, {"accuracy": 0.4}, {"accuracy": {"low": "0.4"}, "eer": None}])
def test_a_card_without_figures_is_not_doubted(figures: Any) -> None:
    assert tells_apart(CARD)
    assert tells_apart({**CARD, "frozen": figures, "test": figures})


def test_the_shipped_network_tells_digits_apart() -> None:
    assert tells_apart(read_card(SHIPPED_MODEL))


@pytest.mark.slow  # trains
def test_a_network_trained_on_genuine_pairs_alone_guesses() -> None:
    """Its embeddings become one: nothing drives different digits apart."""
    from siamese_core.training.recipes import train_live

    collapsed, weak = (
        small(ARTICLE, training_images=1_000, min_equals=equals, learning_rate=rate, epochs=6)
        for equals, rate in ((1_000, 0.01), (375, 0.001))
    )
    assert not tells_apart(train_live(collapsed, small_splits()).card)
    assert tells_apart(train_live(weak, small_splits()).card)
