"""The command line: each command from its arguments to its JSON, and one line for whatever is wrong with them."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from siamese_core.cli.main import main
from siamese_core.config import FAST, RECIPES, ROOT
from siamese_core.datasets import mnist
from siamese_core.networks.card import CARD_FILE, LITERT_FILE, read_embeddings
from siamese_core.networks.model import load_model
from siamese_core.projection import umap_map
from siamese_core.projection.umap_map import MapSettings
from siamese_core.training.recipes import train
from tests.small import small, small_splits

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Train a small model on 2,000 digits, enough to tell a one from a ring."""
    model = train(small(FAST, training_images=2_000, epochs=4), small_splits())
    folder = tmp_path_factory.mktemp("cli") / "model"
    model.save(folder)
    return folder


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Draw two ones and a ring, dark ink on light paper and light on dark, each of another size."""
    folder = tmp_path_factory.mktemp("pictures")
    for name, size, paper, ink in (("one", 300, 235, 30), ("thin", 120, 15, 250)):
        image = Image.new("L", (size, size), paper)
        ImageDraw.Draw(image).line((size // 2, size // 5, size // 2, size * 4 // 5), fill=ink, width=size // 14)
        image.save(folder / f"{name}.png")
    ring = Image.new("L", (200, 260), 235)
    ImageDraw.Draw(ring).ellipse((50, 50, 150, 210), outline=20, width=18)
    ring.save(folder / "ring.png")
    return folder


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands work on few digits and a short recipe."""
    monkeypatch.setattr(mnist, "load_mnist", small_splits)
    monkeypatch.setattr(mnist, "load_test", lambda: small_splits().test)
    monkeypatch.setitem(RECIPES, "fast", small(FAST))


def answer(capsys: Capture, *arguments: object) -> dict[str, Any]:
    """Run a command with --json and return the object in the last line."""
    assert main([*map(str, arguments), "--json"]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert isinstance(found, dict)
    return found


# --- the commands ---


@pytest.mark.usefixtures("few")
def test_train_writes_a_model_and_tells_what_it_reached(tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "deep" / "model"
    found = answer(
        capsys,
        "train",
        "--recipe",
        "fast",
        "--epochs",
        2,
        "--margin",
        0.8,
        "--min-equals",
        50,
        "--seed",
        3,
        "--out",
        out,
    )
    model = load_model(out)
    config = model.card["config"]
    assert (config["epochs"], config["margin"], config["min_equals"], config["seed"]) == (2, 0.8, 50, 3)
    assert found["recipe"] == "fast"
    assert found["model"] == str(out)
    assert found["threshold"] == model.threshold
    assert found["seconds"] > 0
    assert {name: found[name] for name in model.card["figures"]} == model.card["figures"]
    assert found["test"] == model.card["test"]


@pytest.mark.usefixtures("few")
def test_train_shows_a_bar_and_a_table(tmp_path: Path, capsys: Capture) -> None:
    assert main(["train", "--out", str(tmp_path)]) == 0
    out, err = capsys.readouterr()
    for name in ("train accuracy", "validation accuracy", "threshold", "EER on validation pairs"):
        assert name in out
    assert err.startswith("fast epoch 1/1  loss 0.")
    assert max(len(line) for line in err.splitlines()) <= 80
    assert "Traceback" not in err


@pytest.mark.usefixtures("few")
def test_evaluate_measures_all_pairs_of_the_test_digits(trained: Path, capsys: Capture) -> None:
    found = answer(capsys, "evaluate", trained)
    card = load_model(trained).card
    assert found["model"] == str(trained)
    assert found["pairs"] == 400 * 399 // 2
    assert {name: found[name] for name in card["test"]} == pytest.approx(card["test"], abs=1e-6)
    for name in ("far", "frr"):
        low, high = found[f"{name}_interval"]
        assert low <= found[name] <= high
    assert found["eer_of_curves"] == pytest.approx(found["eer"], rel=0.01)
    assert found["eer_interval"][0] < found["eer"] < found["eer_interval"][1]
    assert found["threshold_at_far_0.001"] < found["threshold_at_far_0.01"] < found["best_threshold"] * 2
    assert found["best_accuracy"] >= found["balanced_accuracy"]
    assert 0 < found["brier"] < 0.25
    assert main(["evaluate", str(trained)]) == 0
    table = capsys.readouterr().out
    for name in ("balanced accuracy", "FAR", "FRR", "EER", "AUC", "1-NN accuracy", "79,800", "Brier score"):
        assert name in table


def test_compare_tells_a_one_from_a_ring(trained: Path, pictures: Path, capsys: Capture) -> None:
    def compared(left: str, right: str) -> dict[str, Any]:
        return answer(capsys, "compare", pictures / left, pictures / right, "--model", trained)

    alike, different, identical = (compared("one.png", right) for right in ("thin.png", "ring.png", "one.png"))
    assert (alike["verdict"], alike["same"]) == ("same digit", True)
    assert (different["verdict"], different["same"]) == ("different digits", False)
    assert alike["distance"] <= alike["threshold"] < different["distance"]
    assert different["probability_same"] < 0.5 < alike["probability_same"]
    assert (identical["distance"], identical["same"]) == (0.0, True)


@pytest.mark.parametrize(("limit", "unlike"), [(1e-9, ["one.png", "ring.png"]), (1e9, [])])
def test_compare_says_which_picture_is_unlike_any_digit(
    limit: float, unlike: list[str], trained: Path, pictures: Path, tmp_path: Path, capsys: Capture
) -> None:
    copy = shutil.copytree(trained, tmp_path / "model")
    card = json.loads((copy / CARD_FILE).read_text())
    (copy / CARD_FILE).write_text(json.dumps(card | {"novelty_limit": limit}))
    found = answer(capsys, "compare", pictures / "one.png", pictures / "ring.png", "--model", copy)
    assert found["unlike_any_digit"] == [str(pictures / name) for name in unlike]


@pytest.mark.slow
@pytest.mark.usefixtures("few")
def test_map_makes_the_maps_that_the_app_shows(trained: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(trained, tmp_path / "model")
    assert main(["map", str(copy)]) == 0
    embeddings = read_embeddings(copy)
    assert embeddings is not None
    shown = embeddings[umap_map.sample(len(embeddings), umap_map.MOST_DIGITS)]
    for dimensions in (2, 3):
        xy = umap_map.read_map(copy / umap_map.file_name(MapSettings(dimensions=dimensions)), shown, dimensions)
        assert np.ptp(xy, axis=0).min() > 1


# --- what is wrong ---


def lines_of(capsys: Capture, *arguments: object) -> str:
    """Run a command that must fail and return what it says, checked to be one line."""
    try:
        code: object = main([*map(str, arguments)])
    except SystemExit as stop:
        code = stop.code
    out, err = capsys.readouterr()
    assert code == 2
    assert out == ""
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["train", "--recipe", "slow"], "'slow'"),
        (["train", "--epochs", "-3"], "expected epochs of at least 1, got -3"),
        (["train", "--epochs", "0"], "expected epochs of at least 1, got 0"),
        (["train", "--epochs", "many"], "'many'"),
        (["train", "--margin", "nan"], "expected margin to be positive and finite, got nan"),
        (["train", "--margin", "-1"], "expected margin to be positive and finite, got -1.0"),
        (["train", "--min-equals", "40001"], "expected min_equals from 0 to training_images (40000), got 40001"),
        (["train", "--seed", "-1"], "expected seed of at least 0, got -1"),
        (["train", "--wings", "2\n3"], "unrecognized arguments: --wings 2 3"),
    ],
)
def test_bad_settings_of_a_training(arguments: list[str], named: str, tmp_path: Path, capsys: Capture) -> None:
    assert named in lines_of(capsys, *arguments, "--out", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_no_or_an_unknown_command(capsys: Capture) -> None:
    assert "command" in lines_of(capsys)
    assert "'predict'" in lines_of(capsys, "predict")
    assert "--out" in lines_of(capsys, "train")


def test_out_that_cannot_be_a_folder(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "file"
    file.write_text("precious", encoding="utf-8")
    assert f"got the file {file}" in lines_of(capsys, "train", "--out", file)
    assert str(file) in lines_of(capsys, "train", "--out", file / "below")
    assert file.read_text(encoding="utf-8") == "precious"


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder that not even root can write to")
def test_out_that_cannot_be_written_is_refused_before_the_training(capsys: Capture) -> None:
    assert "/proc/self" in lines_of(capsys, "train", "--out", "/proc/self")


@pytest.mark.usefixtures("few")
def test_a_training_that_diverges(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RECIPES, "fast", small(FAST, learning_rate=1e30))
    assert main(["train", "--out", str(tmp_path)]) == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("siamese_core train: The loss became nan")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("side", [0, 1])
def test_pictures_that_are_none(side: int, pictures: Path, trained: Path, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "text.png").write_text("I am no picture", encoding="utf-8")
    (tmp_path / "cut.png").write_bytes((pictures / "ring.png").read_bytes()[:60])
    (tmp_path / "empty.png").touch()
    Image.new("L", (50, 50), 200).save(tmp_path / "blank.png")
    for name in ("missing.png", "text.png", "cut.png", "empty.png", "blank.png", "."):
        both: list[Path] = [pictures / "one.png"] * 2
        both[side] = tmp_path / name
        assert str(tmp_path / name) in lines_of(capsys, "compare", *both, "--model", trained)


@pytest.mark.parametrize("command", ["evaluate", "compare"])
def test_model_folders_that_are_none(
    command: str, trained: Path, pictures: Path, tmp_path: Path, capsys: Capture
) -> None:
    def refused(model: Path) -> str:
        if command == "evaluate":
            return lines_of(capsys, "evaluate", model)
        return lines_of(capsys, "compare", pictures / "one.png", pictures / "ring.png", "--model", model)

    assert f"there is no model folder {tmp_path / 'none'}" in refused(tmp_path / "none")
    assert f"there is no model folder {pictures / 'one.png'}" in refused(pictures / "one.png")
    broken = Path(shutil.copytree(trained, tmp_path / "broken"))
    (broken / LITERT_FILE).write_bytes(b"nothing of use")
    assert f"{broken / LITERT_FILE} is damaged" in refused(broken)
    (broken / CARD_FILE).write_text("{", encoding="utf-8")
    assert f"{broken / CARD_FILE} is damaged" in refused(broken)


def test_it_runs_as_a_module_and_writes_nothing_but_its_answer(trained: Path, pictures: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "siamese_core",
        "compare",
        "one.png",
        "ring.png",
        "--model",
        str(trained),
        "--json",
    ]
    result = subprocess.run(
        command, cwd=pictures, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout.splitlines()[-1])["verdict"] == "different digits"
    bad = [sys.executable, "-m", "siamese_core", "compare", "one.png", "none.png"]
    result = subprocess.run(
        bad, cwd=pictures, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert re.fullmatch(r"siamese_core compare: none\.png: [^\n]+\n", result.stderr)
