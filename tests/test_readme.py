"""The README's Python examples run as they stand."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from siamese_core.config import RECIPES, ROOT
from siamese_core.jobs.queue import Jobs
from tests.drawing import canvas
from tests.small import small, small_splits

EXAMPLES = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Run in a folder with two pictures; return the names that the examples take as given."""
    for file, label in (("A.png", 7), ("B.jpg", 7)):
        Image.fromarray(canvas(label)).convert("RGB").save(tmp_path / file)
    monkeypatch.chdir(tmp_path)
    return dict(zip(("train", "validation", "test"), small_splits(), strict=True))


def test_a_model_compares(names: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    exec(EXAMPLES[0], names)
    assert names["distance"].shape == names["same"].shape == (1,)
    assert float(capsys.readouterr().out.split()[0].strip("[]")) < names["model"].threshold


@pytest.mark.slow
def test_another_data_set_is_trained_on(names: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    exec(EXAMPLES[0], names)
    monkeypatch.setattr("siamese_core.config.FAST", small(RECIPES["fast"]))
    exec(EXAMPLES[1], names)
    assert np.isfinite(names["model"].threshold)


def test_a_queue_takes_a_training(names: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Jobs, "_start_next", lambda _: None)  # no process is started for it here
    exec(EXAMPLES[2], names)
    assert names["run"].status.state == "waiting"
    assert names["run_folder"].read_points(names["run"].folder) == []
