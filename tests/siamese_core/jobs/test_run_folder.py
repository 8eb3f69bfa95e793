"""The folder of a run gives back what was put in, also while someone else writes."""

import io
import runpy
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from siamese_core.config import ARTICLE, FAST, SHIPPED_MODEL
from siamese_core.jobs import run_folder
from siamese_core.jobs.run_folder import Status
from siamese_core.metrics.report import Spread
from siamese_core.networks.card import CARD_FILE, KERAS_FILE, LITERT_FILE, read_card
from siamese_core.training.monitor import Frame
from tests.jobs import POINT


def frame(epoch: float) -> Frame:
    rng = np.random.default_rng(int(epoch * 8))
    return Frame(epoch, rng.random((5, 2), np.float32), Spread(*rng.random((3, 4))), 0.7)


def test_a_new_run_waits_and_is_found_again(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, FAST, "someone")
    assert run_folder.read(run.folder) == run
    assert (run.config, run.visitor, run.status.state, run.active) == (FAST, "someone", "waiting", True)
    assert run.model_folder is None
    assert run_folder.read_points(run.folder) == []
    assert run_folder.read_frames(run.folder) == []


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


def test_status_is_replaced(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, ARTICLE, "a")
    run_folder.write_status(run.folder, Status("failed", "It broke."))
    assert run_folder.read(run.folder).status == Status("failed", "It broke.")
    assert not run_folder.read(run.folder).active


def test_points_come_back_but_for_a_half_written_one(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, ARTICLE, "a")
    points = [POINT, POINT._replace(loss=0.25, step=20)]
    for point in points:
        run_folder.add_point(run.folder, point)
    with (run.folder / "points.jsonl").open("a") as file:
        file.write('{"seconds": 3.')
    assert run_folder.read_points(run.folder) == points


def test_frames_come_back_the_latest_while_it_runs_and_all_at_the_end(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, ARTICLE, "a")
    run_folder.write_frame(run.folder, frame(0))
    run_folder.write_frame(run.folder, frame(1))
    (latest,) = run_folder.read_frames(run.folder)
    assert latest.epoch == 1
    assert latest.xy == pytest.approx(frame(1).xy, abs=1e-3)
    assert np.stack(latest.spread) == pytest.approx(np.stack(frame(1).spread), abs=1e-6)
    run_folder.write_frames(run.folder, [frame(0), frame(1)])
    assert [f.epoch for f in run_folder.read_frames(run.folder)] == [0, 1]


def test_asked_to_stop_or_gone(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, ARTICLE, "a")
    assert not run_folder.asked_to_stop(run.folder)
    run_folder.ask_to_stop(run.folder)
    assert run_folder.asked_to_stop(run.folder)
    assert run.asked_to_stop
    run_folder.remove(run)
    assert not run.folder.exists()
    assert run_folder.asked_to_stop(run.folder), "nobody wants it any more"


def test_the_zip_holds_the_model_and_lines_that_load_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = run_folder.create(tmp_path, ARTICLE, "a")
    with pytest.raises(ValueError, match="expected a run with a model"):
        run_folder.zip_model(run)
    (run.folder / "model").mkdir()
    model = (CARD_FILE, KERAS_FILE, LITERT_FILE)
    for name in model:
        shutil.copy(SHIPPED_MODEL / name, run.folder / "model")
    monkeypatch.chdir(tmp_path)
    folder = Path(f"siamese-{run.id}")
    with zipfile.ZipFile(io.BytesIO(run_folder.zip_model(run))) as archive:
        assert sorted(archive.namelist()) == [str(folder / name) for name in ("README.txt", *model, "load.py")]
        archive.extractall()
    runpy.run_path(str(folder / "load.py"))
    assert f"same up to {read_card(SHIPPED_MODEL)['threshold']}" in capsys.readouterr().out


def test_size_counts_every_file(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, ARTICLE, "a")
    before = run_folder.size(run.folder)
    (run.folder / "model").mkdir()
    (run.folder / "model" / "x").write_bytes(b"12345")
    assert run_folder.size(run.folder) == before + 5
