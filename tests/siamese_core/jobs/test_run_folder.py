"""The folder of a run gives back what was put in, also while someone else writes."""

import json
from pathlib import Path

import pytest

from siamese_core.config import ARTICLE, FAST
from siamese_core.jobs import run_folder
from siamese_core.jobs.run_folder import Status


def test_a_new_run_waits_and_is_found_again(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, FAST, "someone")
    assert run_folder.read(run.folder) == run
    assert (run.config, run.visitor, run.status.state, run.active) == (FAST, "someone", "waiting", True)
    assert run.model_folder is None


def test_runs_are_numbered_for_each_visitor(tmp_path: Path) -> None:
    numbers = [run_folder.create(tmp_path, ARTICLE, who).number for who in ("a", "a", "b", "a")]
    assert numbers == [1, 2, 1, 3]
    assert [run.visitor for run in run_folder.read_all(tmp_path)] == ["a", "a", "b", "a"]


def test_a_folder_that_is_no_run_is_passed_over(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, ARTICLE, "a")
    (tmp_path / "empty").mkdir()
    broken = run_folder.create(tmp_path, ARTICLE, "a")
    (broken.folder / "status.json").write_text("{")
    assert [found.id for found in run_folder.read_all(tmp_path)] == [run.id]
    with pytest.raises(ValueError, match="there is no run"):
        run_folder.read(broken.folder)
    assert run_folder.read_all(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("run.json", "[" * 100_000),
        ("run.json", "[1, 2]"),
        ("run.json", '{"number": 1e999, "visitor": "a", "created": 1, "config": {}}'),
        ("status.json", '{"state": "asleep", "sentence": ""}'),
        ("status.json", '["done", ""]'),
        ("status.json", ""),
    ],
)
def test_a_damaged_run_is_none(tmp_path: Path, file: str, content: str) -> None:
    run = run_folder.create(tmp_path, ARTICLE, "a")
    (run.folder / file).write_text(content)
    with pytest.raises(ValueError, match=f"^there is no run {run.id}$"):
        run_folder.read(run.folder)


def test_the_sentence_of_a_run_is_text_whatever_is_there(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, ARTICLE, "a")
    (run.folder / "status.json").write_text('{"state": "failed", "sentence": 7}')
    assert run_folder.read(run.folder).status == run_folder.Status("failed", "7")


def test_a_run_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(json, "dumps", full)
    with pytest.raises(OSError, match="No space left"):
        run_folder.create(tmp_path, ARTICLE, "a")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("  my first ", "my first"),
        ("two\nlines\tand\x00 a bell\x07", "two lines and a bell"),
        ("right \u202eto left", "right to left"),
        ("x" * 60, "x" * 40),
        ("x" * 39 + " y", "x" * 39),
        ("Ziffern für Ömer 数字", "Ziffern für Ömer 数字"),
        (" \n\x1b ", ""),
        ("lone \ud800 half", "lone half"),
    ],
)
def test_a_name_is_one_short_line(tmp_path: Path, given: str, name: str) -> None:
    run = run_folder.create(tmp_path, ARTICLE, "a")
    made = (run.folder / "run.json").read_bytes()
    run_folder.write_name(run.folder, given)
    assert run_folder.read(run.folder) == run._replace(name=name)
    assert (run.folder / "run.json").read_bytes() == made


@pytest.mark.parametrize(
    ("content", "name"), [(b"\xff\xfe\x00", ""), (b"", ""), (b"fine\nand more" * 9, "fine and more")]
)
def test_a_damaged_name_is_none(tmp_path: Path, content: bytes, name: str) -> None:
    run = run_folder.create(tmp_path, ARTICLE, "a")
    (run.folder / run_folder.NAME_FILE).write_bytes(content)
    assert run_folder.read(run.folder).name.startswith(name)
    assert len(run_folder.read(run.folder).name) <= run_folder.LONGEST_NAME


def test_a_download_is_named_after_its_network(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, ARTICLE, "a")._replace(id="0a1b2c3d4e5f")
    assert run_folder.zip_name(run) == "siamese-article-0a1b2c.zip"
    assert run_folder.zip_name(run._replace(name="Ömers 2. Netz!")) == "siamese-omers-2-netz-0a1b2c.zip"
    assert run_folder.zip_name(run._replace(name="数字")) == "siamese-article-0a1b2c.zip"
    with pytest.raises(ValueError, match="expected a run with a model, got 0a1b2c3d4e5f"):
        run_folder.zip_model(run)


def test_status_is_replaced(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, ARTICLE, "a")
    run_folder.write_status(run.folder, Status("failed", "It broke."))
    assert run_folder.read(run.folder).status == Status("failed", "It broke.")
    assert not run_folder.read(run.folder).active


def test_asked_to_stop_or_gone(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, ARTICLE, "a")
    assert not run_folder.asked_to_stop(run.folder)
    run_folder.ask_to_stop(run.folder)
    assert run_folder.asked_to_stop(run.folder)
    assert run.asked_to_stop
    run_folder.remove(run)
    assert not run.folder.exists()
    assert run_folder.asked_to_stop(run.folder), "nobody wants it any more"


def test_size_counts_every_file(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, ARTICLE, "a")
    before = run_folder.size(run.folder)
    (run.folder / "model").mkdir()
    (run.folder / "model" / "x").write_bytes(b"12345")
    assert run_folder.size(run.folder) == before + 5
