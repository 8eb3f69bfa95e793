"""A visitor hears what is wrong with a file, and not where the server keeps it."""

from pathlib import Path
from unittest.mock import patch

import pytest

from siamese_core.config import MNIST_PATH
from siamese_core.datasets.dataset import DataError
from siamese_core.datasets.mnist import load_test
from siamese_core.networks.card import ModelError, read_card
from ui.shared import told as module
from ui.shared.told import told


def test_a_folder_with_spaces_is_left_out(tmp_path: Path) -> None:
    runs = tmp_path / "all of my runs"
    (runs / "mine").mkdir(parents=True)
    with pytest.raises(ModelError) as raised:
        read_card(runs / "mine")
    with patch.object(module, "RUNS", runs):
        said = told(raised.value)
    assert said.replace("\\", "/") == "mine/card.json is missing, so mine is not a complete model folder"


def test_any_other_folder_is_left_out(tmp_path: Path) -> None:
    with pytest.raises(DataError) as raised:
        load_test(tmp_path / "a.npz")
    assert str(tmp_path) in str(raised.value)
    assert told(raised.value).startswith("a.npz is missing: restore it with `git checkout assets/mnist.npz`")


def test_what_is_no_folder_stays() -> None:
    for text in ("expected 1/2/3 or and/or", "see https://a.example/b/c.html", "a share of 0.5/1", "/alone"):
        assert told(text) == text
    assert told(f"{MNIST_PATH} is damaged") == "assets/mnist.npz is damaged"
    assert told(r"C:\Users\me\a.npz is damaged") == "a.npz is damaged"
