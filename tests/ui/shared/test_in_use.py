"""Pages about a network of somebody's own pictures: they speak of its classes, and look at its own test pictures."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from siamese_core.config import FAST, SHIPPED_MODEL
from siamese_core.datasets.reading.read import read_pictures
from siamese_core.jobs import run_folder
from siamese_core.jobs.run_folder import Run, Status
from siamese_core.networks.card import EMBEDDINGS_FILE, read_card, write_card
from siamese_core.networks.kept import write_test
from tests.browser.handwriting import DIGITS
from tests.jobs import Server
from tests.own_pictures import shapes, write_zip
from tests.ui.app import FakeCanvas, captions, compare_page, press, tables, words
from ui.shared import resources
from ui.shared.state import Seen

NAMES = ("circle", "cross", "square")
OF_MNIST = ("test_accepted_by_class", "test_by_stroke_width", "pen_digits", "novelty_limit", "test")


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Give a run whose network is the shipped one, as if it had been trained on drawn shapes without the square."""
    data = read_pictures(write_zip(tmp_path / "shapes.zip", shapes(30, NAMES))).data
    made = run_folder.create(tmp_path / "runs", FAST, "somebody", "0123456789ab")
    folder = made.folder / run_folder.MODEL
    shutil.copytree(SHIPPED_MODEL, folder)
    (folder / EMBEDDINGS_FILE).unlink()
    for path in folder.glob("umap*"):
        path.unlink()
    card = {name: value for name, value in read_card(folder).items() if name not in OF_MNIST}
    rate = {"rate": 0.9, "low": 0.8, "high": 0.95}
    part = {"images": 60, "pairs": 20, "accuracy": rate, "eer": rate | {"rate": 0.1}}
    card |= {
        "data_set": "shapes", "class_names": list(NAMES), "side": 28, "look": "ink", "config": card["config"],
        "data": "60 training images of shapes",
        "frozen": {"pairs": 20, "accuracy": rate, "eer": rate | {"rate": 0.1}},
        "parts": {
            "seen": part | {"which": "seen", "classes": list(NAMES[:2])},
            "unseen": {"which": "unseen", "classes": ["square"], "images": 30, "why": "One class alone."},
        },
    }  # fmt: skip
    card["config"]["left_out"] = ["square"]
    write_card(folder, card)
    write_test(folder, data)
    run_folder.write_status(made.folder, Status("done"))
    server = Server(tmp_path / "runs")
    server.jobs.worker._make_executor = resources.jobs().worker._make_executor
    with patch.object(resources, "jobs", lambda: server.jobs):
        yield run_folder.read(made.folder)


def opened(page: str, run: Run) -> AppTest:
    app = compare_page()
    app = app.switch_page(page) if page else app
    app.query_params["model"] = run.id
    return app.run()


def told(app: AppTest) -> str:
    """Return all that a page says, but the names of pages and networks."""
    parts = [words(app), captions(app), *(each.value for each in (*app.title, *app.subheader, *app.warning, *app.info))]
    labels = [each.label for each in (*app.button, *app.slider, *app.select_slider, *app.toggle, *app.metric)]
    return "\n".join([*map(str, parts), *labels])


def looked_at(app: AppTest) -> object:
    return app.session_state["state"].left.seen


def test_compare_speaks_of_its_classes_and_draws_from_its_own_test(run: Run, canvas: FakeCanvas) -> None:
    app = opened("", run)
    assert not app.exception
    assert app.title[0].value == "Compare two pictures"
    assert "This network compares pictures of **shapes**: circle, cross and square." in captions(app)
    assert "It was never trained on **square**." in captions(app)
    press(app, "Random same pair")
    here = app.session_state["state"]
    left, right = (side.source.test_index for side in (here.left, here.right))
    labels = resources.test_of(run.id, resources.model_version(run.id)).labels
    assert len(labels) == 90
    assert left != right
    assert labels[left] == labels[right]
    canvas.strokes = {"left": DIGITS[0][0], "right": DIGITS[7][0]}
    app.run()
    assert not app.exception
    assert "class" in app.markdown[-1].value + words(app)
    assert "The nearest of 90 test pictures of shapes" in [each.value for each in app.subheader]
    assert "digit" not in told(app).lower()


def test_a_drawing_is_looked_at_anew_by_a_network_that_sees_in_another_way(run: Run, canvas: FakeCanvas) -> None:
    """A dot is no digit, but may be a shape."""
    canvas.strokes = {"left": [[(0.5, 0.5), (0.501, 0.5)]], "right": DIGITS[7][0]}
    app = compare_page().run()
    assert isinstance(looked_at(app), ValueError)
    app.query_params["model"] = run.id
    app.session_state["state"].linked.append(run.id)
    app.run()
    app.selectbox(key="model").set_value(run.id).run()
    assert not app.exception
    seen = looked_at(app)
    assert isinstance(seen, Seen)
    assert seen.digit.shape == (28, 28)
    app.selectbox(key="model").set_value(resources.SHIPPED).run()
    assert isinstance(looked_at(app), ValueError)


@pytest.mark.parametrize("page", ["pages/2_Embeddings.py", "pages/3_Evaluate.py"])
def test_the_other_pages_speak_of_its_classes(run: Run, canvas: FakeCanvas, page: str) -> None:
    app = opened(page, run)
    assert not app.exception
    assert "digit" not in told(app).lower()
    assert "pictures of **shapes**" in captions(app)
    if "Evaluate" in page:
        table = tables(app)[0]
        assert table["Classes"] == ["Trained on: circle and cross", "Never seen: square"]
        assert table["EER"][1] == "cannot be measured"
        assert "(" in table["EER"][0]
    else:
        assert "90 test pictures" in captions(app)


def test_the_training_images_of_a_set_that_is_gone_are_said_to_be_so(run: Run, canvas: FakeCanvas) -> None:
    app = compare_page().switch_page("pages/2_Embeddings.py")
    app.query_params.update({"model": run.id, "split": "training"})
    app.run()
    assert not app.exception
    assert any("trained on are not kept here any more" in each.value for each in app.info)


def test_what_a_canvas_showed_is_kept_small_and_comes_back() -> None:
    from ui.shared.thumbnails import packed, unpacked

    rgba = np.full((280, 280, 4), 255, np.uint8)
    rgba[..., :3] = np.random.default_rng(0).integers(0, 2, (280, 280, 1)) * 255
    np.testing.assert_array_equal(unpacked(packed(rgba)), rgba)
