"""The Compare page runs from top to bottom, with the canvas patched (it cannot be drawn on here)."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from streamlit.elements.lib import policies
from streamlit.testing.v1 import AppTest

from siamese_core.config import SHIPPED_MODEL
from siamese_core.datasets.synthetic.drawn_symbols import symbol_strokes
from siamese_core.networks.card import LITERT_FILE
from tests.browser.handwriting import DIGITS, Digit
from tests.ui.app import FakeCanvas, compare_page, drawing, press, words
from ui.shared import resources


@pytest.fixture
def other_models(tmp_path: Path) -> Iterator[Path]:
    """Put the folder of further models elsewhere."""
    with patch.object(resources, "RUNS", tmp_path):
        yield tmp_path


def test_two_sevens_are_the_same_digit(canvas: FakeCanvas) -> None:
    canvas.strokes = {"left": DIGITS[7][0], "right": DIGITS[7][0]}
    app = compare_page().run()
    assert not app.exception
    assert app.metric[0].label == "Distance"
    assert float(app.metric[0].value) == 0
    assert "Same digit" in words(app)


def test_a_one_and_an_eight_differ(canvas: FakeCanvas) -> None:
    canvas.strokes = {"left": DIGITS[1][0], "right": DIGITS[8][0]}
    app = compare_page().run()
    assert float(app.metric[0].value) > 1
    assert "Different digits" in words(app)


@pytest.mark.parametrize(
    ("left", "right", "verdict", "which"),
    [
        ("heart", "heart", "Same symbol", "Both are no digit"),
        ("heart", "star", "Different symbols", "Both are no digit"),
        ("house", "7", "Different symbols", "The left one is no digit"),
    ],
)
def test_what_is_no_digit_gets_a_verdict_as_well(
    canvas: FakeCanvas, left: str, right: str, verdict: str, which: str
) -> None:
    canvas.strokes = {"left": by_hand(left, 1), "right": by_hand(right, 2)}
    app = compare_page().run()
    assert not app.exception
    assert verdict in words(app)
    assert "the threshold for symbols" in words(app)
    assert which in " ".join(caption.value for caption in app.caption)
    assert any("symbols" in heading.value for heading in app.subheader), "the nearest pictures are of symbols too"


def by_hand(name: str, seed: int) -> Digit:
    """Write a symbol, or a digit, in some handwriting."""
    if name.isdigit():
        return DIGITS[int(name)][0]
    return drawing(symbol_strokes(name, np.random.default_rng(seed)))


@pytest.mark.parametrize(
    ("left", "right", "word"),
    [([], [], "each box"), (DIGITS[3][0], [], "right box"), ([], DIGITS[3][0], "left box")],
)
def test_a_blank_canvas_gets_a_friendly_word_and_no_number(
    canvas: FakeCanvas, left: Digit, right: Digit, word: str
) -> None:
    canvas.strokes = {"left": left, "right": right}
    app = compare_page().run()
    assert not app.exception
    assert word in words(app)
    assert not app.metric


def test_a_moved_threshold_turns_the_verdict_and_goes_back(canvas: FakeCanvas) -> None:
    canvas.strokes = {"left": DIGITS[1][0], "right": DIGITS[8][0]}
    with patch("streamlit.runtime.exists", return_value=True), patch.object(policies, "_LOGGER") as log:
        _moves_and_goes_back(compare_page().run())
    assert not log.warning.called, "Streamlit found a value in two places"


def _moves_and_goes_back(app: AppTest) -> None:
    assert not app.slider, "it comes when the browser shows the first answer"
    app.run()
    slider = app.slider[0]
    fitted = slider.value
    assert [caption.value for caption in app.caption if "Probability" in caption.value] == ["Probability of same"]
    slider.set_value(slider.max).run()
    assert "Same digit" in words(app)
    assert "Probability of same, at any threshold" in [caption.value for caption in app.caption]
    next(button for button in app.button if button.label.startswith("Back to")).click().run()
    assert app.slider[0].value == fitted
    assert "Different digits" in words(app)


@pytest.mark.parametrize(("label", "same"), [("Random same pair", True), ("Random different pair", False)])
def test_a_random_pair_is_what_it_says(canvas: FakeCanvas, label: str, same: bool) -> None:
    app = press(compare_page().run(), label)
    sides = app.session_state["state"]
    left, right = sides.left.source.test_index, sides.right.source.test_index
    labels = resources.test_digits().labels
    assert left != right
    assert (labels[left] == labels[right]) == same
    assert app.metric


def test_clear_empties_one_side(canvas: FakeCanvas) -> None:
    canvas.strokes = {"left": DIGITS[2][0], "right": DIGITS[2][0]}
    app = compare_page().run()
    app.button(key="clear_left").click().run()
    assert "left box" in words(app)


@pytest.mark.parametrize("damage", ["no card", "no json", "other version", "no encoder"])
def test_a_damaged_model_is_replaced_by_the_shipped_one(canvas: FakeCanvas, other_models: Path, damage: str) -> None:
    folder = other_models / "mine"
    folder.mkdir()
    card = json.loads((SHIPPED_MODEL / "card.json").read_text())
    texts = {"no json": "{", "other version": json.dumps({**card, "format": 999}), "no encoder": json.dumps(card)}
    if damage in texts:
        (folder / "card.json").write_text(texts[damage])
    canvas.strokes = {"left": DIGITS[7][0], "right": DIGITS[7][0]}
    app = compare_page().run()
    app.selectbox(key="model").set_value("mine").run()
    assert not app.exception
    assert "“mine” cannot be used" in app.warning[0].value
    assert str(other_models) not in app.warning[0].value, "a visitor is told where the server keeps its files"
    assert app.metric


@pytest.mark.slow
def test_a_folder_of_an_earlier_version_is_converted_by_the_worker(canvas: FakeCanvas, other_models: Path) -> None:
    folder = Path(shutil.copytree(SHIPPED_MODEL, other_models / "old"))
    (folder / LITERT_FILE).unlink()
    canvas.strokes = {"left": DIGITS[7][0], "right": DIGITS[1][0]}
    app = compare_page().run()
    shipped = app.metric[0].value
    app.selectbox(key="model").set_value("old").run()
    assert not app.exception
    assert not app.warning
    assert float(app.metric[0].value) == pytest.approx(float(shipped), abs=2e-3)
    assert (folder / LITERT_FILE).is_file()


def test_a_missing_shipped_model_is_said_in_a_sentence(canvas: FakeCanvas, tmp_path: Path) -> None:
    with patch.object(resources, "SHIPPED_MODEL", tmp_path / "nowhere"):
        app = compare_page().run()
    assert not app.exception
    assert "cannot be used: there is no model folder nowhere." in app.error[0].value
