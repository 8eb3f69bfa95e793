"""A network of a person's own pictures on every page: it is used where it fits, and where it does not, that is said."""

from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from siamese_core.config import SHIPPED_MODEL
from siamese_core.datasets.dataset import Dataset
from siamese_core.networks.card import read_card
from siamese_core.networks.encoders import build_encoder
from siamese_core.networks.keras_encoder import KerasEncoder
from siamese_core.networks.model import SiameseModel
from tests.browser.handwriting import DIGITS
from tests.ui.app import FakeCanvas, compare_page, words
from ui.shared import resources


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Make a folder of networks with one that sees pictures of 56 x 56 pixels in greys."""
    rng = np.random.default_rng(0)
    names = ("cross", "square")
    test = Dataset("shapes", rng.integers(256, size=(24, 56, 56)).astype(np.uint8), np.arange(24) % 2, names, "grey")
    fit = {
        name: value
        for name, value in read_card(SHIPPED_MODEL).items()
        if name in ("threshold", "calibration", "config")
    }
    about = {"data_set": "shapes", "class_names": list(names), "side": 56, "look": "grey"}
    model = SiameseModel(KerasEncoder(build_encoder("small_conv", 8, rng, side=56)), fit | about)
    model.own_test = test
    model.save(tmp_path / "own")
    return tmp_path


@pytest.mark.parametrize(
    ("page", "why"),
    [("4_Symbols", "does not see the ink of a drawing"), ("5_How_it_works", "explains itself by MNIST's digits")],
)
def test_a_page_that_it_does_not_fit_says_so_and_uses_the_shipped_one(
    own: Path, canvas: FakeCanvas, page: str, why: str
) -> None:
    canvas.strokes = dict.fromkeys(("left", "right", "teach", "ask"), DIGITS[7][0])
    with patch.object(resources, "RUNS", own):
        app = compare_page().switch_page(f"pages/{page}.py")
        app.query_params["model"] = "own"
        app.run()
    assert not app.exception
    assert why in app.info[0].value
    assert app.selectbox(key="model").value == "own", "it stays chosen for the other pages"


def test_two_drawings_are_compared_by_its_classes(own: Path, canvas: FakeCanvas) -> None:
    canvas.strokes = {"left": DIGITS[7][0], "right": DIGITS[1][0]}
    with patch.object(resources, "RUNS", own):
        app = compare_page()
        app.query_params["model"] = "own"
        app.run().run()
    assert not app.exception
    assert "Compare two pictures" in app.title[0].value
    assert "Same class" in words(app) or "Different classes" in words(app)
    assert "nearest of 24 test pictures of shapes" in "".join(each.value for each in app.subheader)


def test_training_pictures_that_are_gone_are_said_to_be_and_the_test_pictures_shown(
    own: Path, canvas: FakeCanvas
) -> None:
    with patch.object(resources, "RUNS", own):
        app = compare_page().switch_page("pages/2_Embeddings.py")
        app.query_params["model"], app.query_params["split"] = "own", "training"
        app.run()
    assert not app.exception
    assert any("trained on are not kept here any more. You see its test pictures." in each.value for each in app.info)
    assert not app.warning
    assert "24 test pictures" in "".join(each.value for each in app.caption)
