"""The pages run from top to bottom, each alone, with the canvas patched (it cannot be drawn on here)."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from unittest.mock import patch

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from siamese_core.config import ROOT, SHIPPED_MODEL
from tests.browser.handwriting import DIGITS, Digit
from ui import resources

TIMEOUT = 60  # seconds, the first run with TensorFlow's import


class FakeCanvas:
    """Stands in for st_canvas: what would be drawn on each side, as strokes."""

    def __init__(self) -> None:
        self.strokes: dict[str, Digit] = {"left": [], "right": []}
        self.nonces: dict[str, int] = {}

    def __call__(self, *, key: str, initial_drawing: dict[str, object], **_: object) -> SimpleNamespace:
        """Answer as the canvas would in the run after it was drawn on."""
        name = key.removeprefix("canvas_")
        nonce = initial_drawing["nonce"]
        assert isinstance(nonce, int)
        if self.nonces.setdefault(name, nonce) != nonce and not initial_drawing["objects"]:
            self.strokes[name] = []  # cleared from Python
        self.nonces[name] = nonce
        strokes = self.strokes[name]
        return SimpleNamespace(json_data={"objects": [{"path": s} for s in strokes]}, image_data=_pixels(strokes))


def _pixels(digit: Digit, size: int = 280, width: float = 18.0) -> np.ndarray:
    """Draw the strokes with a round white pen on black."""
    y, x = np.mgrid[:size, :size] + 0.5
    ink = np.zeros((size, size), bool)
    for stroke in digit:
        for px, py in stroke:
            ink |= np.hypot(x - px * size, y - py * size) <= width / 2
    rgba = np.full((size, size, 4), 255, np.uint8)
    rgba[..., :3] = ink[..., None] * np.uint8(255)
    return rgba


@pytest.fixture
def canvas() -> Iterator[FakeCanvas]:
    """Put a canvas in the real one's place, whose package cannot even be imported without a running server."""
    fake = FakeCanvas()
    package = ModuleType("streamlit_drawable_canvas")
    package.__dict__["st_canvas"] = fake
    sys.modules.setdefault("streamlit_drawable_canvas", package)
    import ui.canvas

    with patch.object(ui.canvas, "st_canvas", fake):
        yield fake


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Path]:
    """Put the folder of further models elsewhere."""
    with patch.object(resources, "RUNS", tmp_path):
        yield tmp_path


def compare_page() -> AppTest:
    return AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=TIMEOUT)


def words(app: AppTest) -> str:
    return "\n".join(element.value for element in app.markdown)


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
    app = compare_page().run()
    slider = app.slider[0]
    fitted = slider.value
    slider.set_value(slider.max).run()
    assert "Same digit" in words(app)
    next(button for button in app.button if button.label.startswith("Back to")).click().run()
    assert app.slider[0].value == fitted
    assert "Different digits" in words(app)


@pytest.mark.parametrize(("label", "same"), [("Random same pair", True), ("Random different pair", False)])
def test_a_random_pair_is_what_it_says(canvas: FakeCanvas, label: str, same: bool) -> None:
    app = compare_page().run()
    next(button for button in app.button if button.label == label).click().run()
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
def test_a_damaged_model_is_replaced_by_the_shipped_one(canvas: FakeCanvas, runs: Path, damage: str) -> None:
    folder = runs / "mine"
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
    assert app.metric


def test_a_missing_shipped_model_is_said_in_a_sentence(canvas: FakeCanvas, tmp_path: Path) -> None:
    with patch.object(resources, "SHIPPED_MODEL", tmp_path / "nowhere"):
        app = compare_page().run()
    assert not app.exception
    assert "cannot be used" in app.error[0].value


def test_about_opens_alone_and_shows_the_card() -> None:
    app = compare_page().switch_page("pages/9_About.py").run()
    assert not app.exception
    assert "49,995,000" in app.table[0].value.to_string()
