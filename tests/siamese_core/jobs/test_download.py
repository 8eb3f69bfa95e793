"""The zip of a network: what it holds, and that its script runs in a copy of the project and says what it misses."""

import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from siamese_core.config import ARTICLE, ROOT, SHIPPED_MODEL
from siamese_core.jobs import run_folder
from siamese_core.jobs.run_folder import Run
from siamese_core.networks.card import CARD_FILE, KERAS_FILE, LITERT_FILE, read_card

MODEL = (CARD_FILE, KERAS_FILE, LITERT_FILE)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    made = run_folder.create(tmp_path / "runs", ARTICLE, "a")
    (made.folder / run_folder.MODEL).mkdir()
    for name in MODEL:
        shutil.copy(SHIPPED_MODEL / name, made.folder / run_folder.MODEL)
    return made._replace(name="My first")


def unpacked(run: Run, where: Path) -> Path:
    """Unpack the run's download and return its folder."""
    with zipfile.ZipFile(io.BytesIO(run_folder.zip_model(run))) as archive:
        archive.extractall(where)
    return where / run_folder.zip_name(run).removesuffix(".zip")


def load(script: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a script as someone does who is in another folder."""
    elsewhere = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    command = [sys.executable, *options, str(script)]
    return subprocess.run(command, cwd="/", env=elsewhere, capture_output=True, text=True, check=False)


def test_the_zip_holds_the_model_and_a_word_on_it(run: Run, tmp_path: Path) -> None:
    folder = unpacked(run, tmp_path)
    assert folder.name == f"siamese-my-first-{run.id[:6]}"
    assert sorted(path.name for path in folder.iterdir()) == ["README.txt", *MODEL, "load.py"]
    words = (folder / "README.txt").read_text()
    assert f"{folder.name}/load.py" in words
    assert f"at most {read_card(SHIPPED_MODEL)['threshold']}." in words


@pytest.mark.parametrize("depth", ["", "downloads/today"])
def test_its_script_runs_anywhere_in_a_copy_of_the_project(run: Run, tmp_path: Path, depth: str) -> None:
    copy = tmp_path / "copy"
    (copy / depth).mkdir(parents=True)
    (copy / "siamese_core").symlink_to(ROOT / "siamese_core")
    ended = load(unpacked(run, copy / depth) / "load.py")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert f"same up to {read_card(SHIPPED_MODEL)['threshold']}" in ended.stdout


def test_elsewhere_its_script_says_in_one_line_what_to_do(run: Run, tmp_path: Path) -> None:
    script = unpacked(run, tmp_path) / "load.py"
    ended = load(script)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.count("\n") == 1
    assert "No module named 'siamese_core': unpack" in ended.stderr
    assert f".venv/bin/python {script.parent.name}/load.py" in ended.stderr
    (tmp_path / "siamese_core").symlink_to(ROOT / "siamese_core")
    ended = load(script, "-S")  # a Python without the packages the project needs
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "No module named 'numpy': unpack" in ended.stderr


def test_its_lines_for_a_page_run_as_they_are(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exec(run_folder.SNIPPET.format(folder=unpacked(run, tmp_path)), {})
    assert "same up to" in capsys.readouterr().out
