"""The commands on pictures of one's own: train with classes left out, evaluate, compare; bad input in one line."""

import json
from pathlib import Path

import pytest

from siamese_core.cli.main import main
from tests.own_pictures import shapes, write_folder, write_zip

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    return write_zip(tmp_path / "drawn.zip", shapes(20))


@pytest.mark.slow
def test_own_pictures_go_through_all_commands(zipped: Path, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "model"
    own = ["--data", str(zipped), "--leave-out", "cross, square", "--side", "56", "--as-they-are"]
    assert main(["train", *own, "--epochs", "6", "--out", str(out), "--json"]) == 0
    said = capsys.readouterr().out
    found = json.loads(said.splitlines()[-1])
    assert {which: part["classes"] for which, part in found["parts"].items()} == {
        "seen": ["circle", "triangle"], "unseen": ["cross", "square"]
    }  # fmt: skip
    assert "Classes left out" in said
    assert main(["evaluate", str(out), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (figures["images"], figures["seen"]["images"], figures["unseen"]["images"]) == (12, 6, 6)
    assert figures["seen"]["eer"] <= figures["seen"]["eer_interval"][1]
    folder = write_folder(tmp_path / "two", shapes(1, ("circle", "triangle")))
    pair = [str(folder / name / "000.png") for name in ("circle", "triangle")]
    assert main(["compare", *pair, "--model", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["verdict"] in ("same class", "different classes")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--data", "gone.zip"], "gone.zip cannot be read: No such file"),
        (
            ["--data", "ZIP", "--leave-out", "4"],
            "expected classes to leave out of circle, cross, square, triangle; got 4",
        ),
        (["--data", "ZIP", "--leave-out", "circle,cross,square"], "expected two classes at least to train on"),
        (["--side", "56"], "expected --data"),
        (["--leave-out", "ten"], "expected classes to leave out of 0, 1, 2"),
    ],
)
def test_what_cannot_be_trained_on_is_said_in_one_line(
    arguments: list[str], said: str, zipped: Path, tmp_path: Path, capsys: Capture
) -> None:
    given = [str(zipped) if each == "ZIP" else each for each in arguments]
    assert main(["train", *given, "--out", str(tmp_path / "model")]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not (tmp_path / "model").exists()
