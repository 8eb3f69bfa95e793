"""What a training records comes back as it was written, also while someone else writes; what is damaged is skipped."""

import io
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from siamese_core.config import ARTICLE
from siamese_core.jobs import records, run_folder
from siamese_core.jobs.records import FRAME_FILE, FRAMES_FILE, POINTS_FILE
from siamese_core.metrics.report import Spread
from siamese_core.training.monitor import Frame
from tests.jobs import POINT

GARBAGE = bytes(range(256)) * 4


def frame(epoch: float) -> Frame:
    rng = np.random.default_rng(int(epoch * 8))
    return Frame(epoch, rng.random((5, 2), np.float32), Spread(*rng.random((3, 4))), 0.7)


def test_points_come_back_but_for_a_half_written_one(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, ARTICLE, "a")
    points = [POINT, POINT._replace(loss=0.25, step=20)]
    for point in points:
        records.add_point(run.folder, point)
    with (run.folder / "points.jsonl").open("a") as file:
        file.write('{"seconds": 3.')
    assert records.read_points(run.folder) == points


def test_frames_come_back_the_latest_while_it_runs_and_all_at_the_end(tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, ARTICLE, "a")
    records.write_frame(run.folder, frame(0))
    records.write_frame(run.folder, frame(1))
    (latest,) = records.read_frames(run.folder)
    assert latest.epoch == 1
    assert latest.xy == pytest.approx(frame(1).xy, abs=1e-3)
    assert np.stack(latest.spread) == pytest.approx(np.stack(frame(1).spread), abs=1e-6)
    records.write_frames(run.folder, [frame(0), frame(1)])
    assert [f.epoch for f in records.read_frames(run.folder)] == [0, 1]


def test_a_new_run_has_recorded_nothing(tmp_path: Path) -> None:
    assert records.read_points(tmp_path) == []
    assert records.read_frames(tmp_path) == []


@pytest.mark.parametrize(
    "line",
    [
        b"",
        GARBAGE.replace(b"\n", b""),
        b'{"seconds": 3.',
        b"[1, 2]",
        b"7",
        b"[" * 100_000,
        json.dumps({**POINT._asdict(), "more": 1}).encode(),
        json.dumps({**POINT._asdict(), "seconds": "3"}).encode(),
        json.dumps({**POINT._asdict(), "threshold": None}).encode(),
        json.dumps({**POINT._asdict(), "validation_loss": float("nan")}).encode(),
        json.dumps({**POINT._asdict(), "step": 10**400}).encode(),
        json.dumps({**POINT._asdict(), "steps": 0}).encode(),
        json.dumps({**POINT._asdict(), "loss": [0.1]}).encode(),
    ],
)
def test_a_damaged_line_is_skipped_and_the_others_stay(tmp_path: Path, line: bytes) -> None:
    records.add_point(tmp_path, POINT)
    with (tmp_path / POINTS_FILE).open("ab") as file:
        file.write(line + b"\n")
    records.add_point(tmp_path, POINT._replace(step=20))
    assert records.read_points(tmp_path) == [POINT, POINT._replace(step=20)]


def npz(**changes: Any) -> bytes:
    """Return a file of one frame with these columns changed; those set to None are left out."""
    good = {"epoch": np.zeros(1), "xy": np.zeros((1, 5, 2)), "spread": np.zeros((1, 3, 4)), "threshold": np.ones(1)}
    file, arrays = io.BytesIO(), {key: value for key, value in {**good, **changes}.items() if value is not None}
    np.savez(file, **arrays)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        GARBAGE,
        npz()[:300],
        pickle.dumps([1, 2]),
        npz(epoch=np.array([{}], dtype=object)),
        npz(threshold=None),
        npz(xy=np.zeros((1, 5, 3))),
        npz(xy=np.zeros((2, 5, 2))),
        npz(xy=np.full((1, 5, 2), np.nan)),
        npz(spread=np.zeros((1, 2, 4))),
        npz(spread=np.zeros((1, 3, 0))),
        npz(epoch=np.array(["one"])),
        npz(epoch=np.zeros(0), xy=np.zeros((0, 5, 2)), spread=np.zeros((0, 3, 4)), threshold=np.zeros(0)),
    ],
)
def test_damaged_frames_are_skipped_and_the_latest_one_is_shown(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FRAME_FILE).write_bytes(content)
    assert records.read_frames(tmp_path) == []
    records.write_frame(tmp_path, frame(1))
    (tmp_path / FRAMES_FILE).write_bytes(content)
    assert [each.epoch for each in records.read_frames(tmp_path)] == [1]


@pytest.mark.parametrize("label", ["1e308", "1" + 400 * "0", "-1", "3", "null", '"a"', "[0]"])
def test_what_the_images_on_a_damaged_map_are_is_not_known(tmp_path: Path, label: str) -> None:
    text = '{"data_set": "own", "labels": [0, 1, %s], "class_names": ["a", "b", "c"], "trained": false}'
    (tmp_path / records.MAPPED_FILE).write_text(text % "2")
    found = records.read_mapped(tmp_path)
    assert found is not None
    assert found.labels.tolist() == [0, 1, 2]
    (tmp_path / records.MAPPED_FILE).write_text(text % label)
    assert records.read_mapped(tmp_path) is None
