"""Every page by every link: nonsense in any parameter gives a word at most, and never an error."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from siamese_core.config import FAST, ROOT, SHIPPED_MODEL
from siamese_core.jobs import run_folder, worker
from siamese_core.jobs.limits import Limits
from siamese_core.jobs.queue import Jobs
from siamese_core.jobs.run_folder import Status
from siamese_core.networks.card import ModelError
from tests.ui.app import FakeCanvas, compare_page
from ui.embeddings.controls import LINKED
from ui.shared import resources
from ui.shared.link import NAMING_RUNS
from ui.train.settings import NAMES
from ui.train.subject import PARAMETERS as SUBJECT

PAGES = ("", *(f"pages/{path.name}" for path in sorted((ROOT / "pages").glob("*.py"))))
PARAMETERS = (*NAMING_RUNS, *LINKED, *NAMES, *SUBJECT, "threshold", "share", "embed", "nothing")
NONSENSE = (
    "",
    "..",
    "../../etc/passwd",
    "\x00",
    "a" * 5_000,
    "/" + "a" * 300,
    "<script>",
    "![](//x.y)",
    "nan",
    "-1",
    "1e999",
    "\ud7ff💥",
    "untrained:..",
)


class FewDigits(Executor):
    """A worker that counts few digits at once, refuses what takes long, and makes no maps."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Take a call."""
        future: Future[Any] = Future()
        if fn is worker.evaluate:
            embeddings, labels, *rest = args
            future.set_result(fn(embeddings[:300], labels[:300], *rest))
        elif fn not in (worker.warm, worker.make_map, worker.measure):
            future.set_exception(ModelError("this worker does not do that"))
        return future


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    queue = Jobs(tmp_path / "runs", Limits(), FewDigits)
    with patch.object(resources, "jobs", lambda: queue):
        yield queue


@pytest.mark.parametrize("page", PAGES)
def test_nonsense_in_a_link_breaks_no_page(page: str, jobs: Jobs, canvas: FakeCanvas) -> None:
    for first in range(0, len(NONSENSE), 4):
        app = compare_page()
        app = app.switch_page(page) if page else app
        for i, name in enumerate(PARAMETERS):
            app.query_params[name] = NONSENSE[(first + i) % len(NONSENSE)]
        app.run()
        assert [error.value for error in app.exception] == []
        assert app.title, "the page is there"


@pytest.mark.parametrize("page", PAGES)
def test_a_damaged_run_in_a_link_breaks_no_page(page: str, jobs: Jobs, canvas: FakeCanvas) -> None:
    run = run_folder.create(jobs.root, FAST, "0" * 32)
    run_folder.write_status(run.folder, Status("done"))
    shutil.copytree(SHIPPED_MODEL, run.folder / run_folder.MODEL)
    for name in ("model/card.json", "model/test_embeddings.npy", "points.jsonl", "frames.npz", "name.txt"):
        (run.folder / name).write_bytes(b"\x93NUMPY\x01\xff{")
    for i, content in enumerate((b"", b"{", b"[]", b'{"created": NaN}', b"\xff")):
        (jobs.root / f"damaged{i}").mkdir()
        (jobs.root / f"damaged{i}" / "run.json").write_bytes(content)
    app = compare_page()
    app = app.switch_page(page) if page else app
    app.query_params.update({"run": run.id, "model": run.id, "against": f"untrained:{run.id}"})
    app.run()
    assert [error.value for error in app.exception] == []
    assert page in ("pages/1_Train.py",) or app.warning, "a word about the network"


@pytest.mark.parametrize("name", ["..", "../x", "/etc", "/" + "a" * 300, "a" * 300, "\x00/x", "x/card.json", "💥" * 64])
def test_no_network_in_a_link_leads_elsewhere_on_the_disk(name: str, jobs: Jobs) -> None:
    with pytest.raises(ModelError, match="there is no network"):
        resources.model_folder(name)


def test_no_name_leads_out_of_the_folder_of_runs(jobs: Jobs, tmp_path: Path) -> None:
    run = run_folder.create(tmp_path, FAST, "a")
    for name in ("..", ".", f"../{run.id}", f"..\\{run.id}", str(run.folder), f"runs/../{run.id}", "\x00", "~", run.id):
        assert jobs.find(name) is None, name
    jobs.root.mkdir(exist_ok=True)
    run.folder.rename(tmp_path / "run")  # the folder of runs itself would be one
    for file in ("run.json", "status.json"):
        shutil.copy(tmp_path / "run" / file, tmp_path)
        shutil.copy(tmp_path / "run" / file, jobs.root)
    assert jobs.find("..") is None
    assert jobs.find(".") is None
