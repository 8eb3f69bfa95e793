"""The pages run from top to bottom, each alone, with the canvas patched (it cannot be drawn on here)."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Literal
from unittest.mock import patch

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from siamese_core.config import FAST, ROOT, SHIPPED_MODEL
from siamese_core.jobs import run_folder, worker
from siamese_core.jobs.limits import Limits
from siamese_core.jobs.run_folder import Status
from tests.browser.handwriting import DIGITS, Digit
from tests.siamese_core.jobs.test_queue import Server
from tests.siamese_core.jobs.test_run_folder import POINT
from tests.small import small, small_splits
from ui.shared import resources
from ui.train import results

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
    from ui.shared import canvas as canvas_module

    with patch.object(canvas_module, "st_canvas", fake):
        yield fake


@pytest.fixture
def other_models(tmp_path: Path) -> Iterator[Path]:
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
    assert [caption.value for caption in app.caption if "Probability" in caption.value] == ["Probability of same"]
    slider.set_value(slider.max).run()
    assert "Same digit" in words(app)
    assert "Probability of same, at any threshold" in [caption.value for caption in app.caption]
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
    assert app.metric


def test_a_missing_shipped_model_is_said_in_a_sentence(canvas: FakeCanvas, tmp_path: Path) -> None:
    with patch.object(resources, "SHIPPED_MODEL", tmp_path / "nowhere"):
        app = compare_page().run()
    assert not app.exception
    assert "cannot be used" in app.error[0].value


# --- Train ---


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Put a queue in the app's place whose trainings end when the test says so."""
    server = Server(tmp_path)
    with patch.object(resources, "jobs", lambda: server.jobs):
        yield server


def train_page(**parameters: str) -> AppTest:
    app = compare_page().switch_page("pages/1_Train.py")
    app.query_params.update(parameters)
    return app.run()


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def test_train_opens_with_the_articles_settings_and_a_word() -> None:
    app = train_page()
    assert not app.exception
    assert app.slider(key="set_min_equals").value == 15_000
    assert "**43.7%** of all pairs" in "".join(caption.value for caption in app.caption)
    assert "No run yet" in words(app)
    assert not app.query_params


@pytest.mark.parametrize("epochs", [1, 2, 10])
def test_train_keeps_within_a_small_deployments_limits(server: Server, epochs: int) -> None:
    limits = Limits(epochs=epochs, training_images=150)
    with patch.object(resources, "limits", lambda: limits):
        app = train_page()
        for label in ("The fast ones", "The article's settings"):
            press(app, label)
            assert not app.exception
            assert not app.warning
            assert app.slider(key="set_epochs").value == (1 if label == "The fast ones" else epochs)
            assert app.select_slider(key="set_training_images").value == 100
        press(app, "Train")
    (run,) = server.jobs.of_visitor(app.session_state["state"].visitor)
    assert (run.config.epochs, run.config.training_images) == (epochs, 100)


def test_settings_are_a_link(server: Server) -> None:
    app = train_page(margin="2.5", epochs="3", encoder="small_conv")
    assert (app.slider(key="set_margin").value, app.slider(key="set_epochs").value) == (2.5, 3)
    app.slider(key="set_epochs").set_value(7).run()
    assert app.query_params["epochs"] == "7"
    press(app, "The article's settings")
    assert not app.query_params


def test_nonsense_in_the_link_is_ignored_with_a_word(server: Server) -> None:
    app = train_page(epochs="many", margin="1e9", seed="5")
    assert not app.exception
    assert len(app.warning) == 2
    assert app.number_input(key="set_seed").value == 5


def test_min_equals_rests_where_it_does_not_act_and_follows_the_images(server: Server) -> None:
    app = train_page()
    app.select_slider(key="set_training_images").set_value(1_000).run()
    assert app.slider(key="set_min_equals").value == 380
    press(app, "The fast ones")
    assert app.slider(key="set_min_equals").disabled


def test_train_runs_what_is_set_and_stop_asks_it_to_end(server: Server) -> None:
    app = press(train_page(epochs="2", margin="0.5"), "Train")
    assert not app.exception
    (run,) = server.jobs.of_visitor(app.session_state["state"].visitor)
    assert (run.config.epochs, run.config.margin) == (2, 0.5)
    assert "**Running**: the training process is starting" in words(app)
    assert app.query_params["run"] == run.id
    run_folder.add_point(run.folder, POINT)
    app.run()
    assert "step 10 of 20" in words(app)
    press(app, "Stop")
    assert "stopping" in words(app)
    server.end(Status("stopped", "It keeps what it had learned."))
    app.run()
    assert "**Stopped.** It keeps" in words(app)


def test_others_wait_and_see_their_place(server: Server) -> None:
    server.jobs.submit(FAST, "someone else")
    app = press(train_page(), "Train")
    assert "**Waiting**: 1 training before yours." in words(app)
    press(app, "Stop")
    assert "**Stopped.** It had not begun yet." in words(app)


@pytest.mark.parametrize(("state", "word"), [("failed", "**Failed.**"), ("interrupted", "**Interrupted.**")])
def test_what_went_wrong_is_said(server: Server, state: Literal["failed", "interrupted"], word: str) -> None:
    app = press(train_page(), "Train")
    server.end(Status(state, "This is why."))
    app.run()
    assert not app.exception
    assert f"{word} This is why." in words(app)


def test_a_second_training_of_the_same_visitor_is_refused_with_a_word(server: Server) -> None:
    app = train_page()
    server.jobs.submit(FAST, app.session_state["state"].visitor)
    press(app, "Train")
    assert "under way already" in app.warning[0].value


def test_a_finished_run_shows_its_figures_and_is_compared_with(server: Server) -> None:
    app = train_page()
    visitor = app.session_state["state"].visitor
    with (
        patch.object(worker, "_splits", small_splits),
        patch.object(resources, "test_digits", lambda: small_splits().test),
    ):
        for margin in (1.0, 2.0):
            run = server.jobs.submit(small(FAST, margin=margin), visitor)
            server.end(worker.train(run.folder, 60))
        app.run()
        assert not app.exception
        assert "**Done.**" in words(app)
        assert [metric.label for metric in app.metric][:2] == ["Test accuracy", "Test EER"]
        for least, told in ((0.0, 0), (1.0, 1)):
            with patch.object(results, "POOR", least):
                captions = [caption.value for caption in app.run().caption]
            assert sum("do not expect much" in caption for caption in captions) == told
        table = app.table[0].value
        assert list(table["Run"]) == ["2", "1"]
        assert list(table["margin"]) == ["2", ":orange[**1**]"]
        slider = next(s for s in app.select_slider if s.label == "Back through the training")
        slider.set_value(0).run()
        assert not app.exception


def test_a_link_to_a_run_shows_it_to_others(server: Server) -> None:
    run = server.jobs.submit(FAST, "a teacher")
    server.end()
    app = train_page(run=run.id)
    assert "**Done.**" in words(app)
    assert "No run yet" in words(train_page(run="nothing"))


def test_about_opens_alone_and_shows_the_card() -> None:
    app = compare_page().switch_page("pages/9_About.py").run()
    assert not app.exception
    assert "49,995,000" in app.table[0].value.to_string()
