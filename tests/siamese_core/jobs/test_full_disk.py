"""A disk that fills up at any write: each act is done or refused in a sentence, and nothing half-written is left."""

import io
import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from siamese_core.config import FAST
from siamese_core.jobs import data_folder
from siamese_core.jobs.data_queue import DataSets
from siamese_core.jobs.map_queue import MapJobs
from siamese_core.jobs.queue import QueueError
from siamese_core.projection import umap_map
from siamese_core.projection.umap_map import MapSettings
from tests.jobs import Server
from tests.own_pictures import shapes, write_zip

ME = "a" * 32
NO_ROOM = "No space left on device"
EMBEDDINGS = np.random.default_rng(0).normal(size=(60, 4)).astype(np.float32)
SETTINGS = MapSettings(neighbours=5)


class Disk:
    """A disk with room for so many writes; the next one is half done, and from there on none is possible."""

    def __init__(self, room: int) -> None:
        self.room, self.full = room, False

    @contextmanager
    def filling(self) -> Iterator[None]:
        """Let all files be written to this disk."""
        open_ = Path.open

        def opened(path: Path, mode: str = "r", *rest: Any, **named: Any) -> Any:
            if mode[0] in "wax":
                self.full = self.room == 0
                self.room = max(0, self.room - 1)
                if self.full:
                    with open_(path, mode) as file:
                        file.write(b"ha" if "b" in mode else "ha")
                    raise OSError(28, NO_ROOM)
            return open_(path, mode, *rest, **named)

        with patch.object(Path, "open", opened):
            yield


def each_disk() -> Iterator[Disk]:
    """Return disks with more and more room, until one was large enough for the act between two of them."""
    for room in itertools.count():
        disk = Disk(room)
        yield disk
        if not disk.full:
            assert room, "nothing was written"
            return


def work(server: Server) -> None:
    """Do what the worker has been asked for, as it would."""
    for function, arguments, future in server.executors[-1].calls if server.executors else ():
        _end(future, function, arguments)


def _end(future: "Future[Any]", function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    if future.done():
        return
    try:
        future.set_result(function(*arguments))
    except OSError as error:
        future.set_exception(error)


def halves(root: Path) -> list[Path]:
    return [path for path in root.rglob(".*") if path.name != ".servers"]


def test_an_upload_is_read_or_refused_with_a_word(tmp_path: Path) -> None:
    content = write_zip(tmp_path / "x.zip", shapes(3, ("circle", "cross"))).read_bytes()
    for i, disk in enumerate(each_disk()):
        server = Server(tmp_path / f"runs{i}")
        sets, said = DataSets(server.jobs), ""
        with disk.filling():
            try:
                made = sets.upload(ME, "x.zip", io.BytesIO(content), "ink", 28)
                work(server)
                found = sets.find(made.id)
                assert found is not None
                assert found in sets.of_visitor(ME)
                said = found.sentence
            except QueueError as error:
                said, found = str(error), None
        assert (said == "") == (not disk.full), said
        if found is None:
            assert said == f"The file cannot be stored: {NO_ROOM}."
            assert not list((server.jobs.root / data_folder.FOLDER).iterdir())
        elif not disk.full:
            assert len(data_folder.images_of(found)) == 6
        else:
            assert found.state == "failed"
            assert [path.name for path in found.folder.iterdir()] in (["about.json"], ["about.json", "progress"])
        assert not halves(server.jobs.root)


def test_a_run_begins_and_is_named_or_the_visitor_is_told(tmp_path: Path) -> None:
    for i, disk in enumerate(each_disk()):
        server = Server(tmp_path / f"runs{i}")
        said = []
        with disk.filling():
            try:
                run = server.jobs.submit(FAST, ME)
                said.append(run.status.sentence)
                server.jobs.rename(run.id, ME, "mine")
            except QueueError as error:
                said.append(str(error))
        assert not disk.full or any(NO_ROOM in each for each in said), said
        found = server.jobs.of_visitor(ME)
        assert [run.name for run in found] == ["mine"] or disk.full
        assert not halves(server.jobs.root)


def test_a_map_is_made_or_the_visitor_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fit(embeddings: np.ndarray, settings: MapSettings, tell: Callable[[float], None]) -> np.ndarray:
        tell(0.5)
        return embeddings[:, : settings.dimensions]

    monkeypatch.setattr(umap_map, "fit_umap", fit)
    for i, disk in enumerate(each_disk()):
        server = Server(tmp_path / f"runs{i}")
        maps = MapJobs(server.jobs)
        with disk.filling():
            maps.ask(EMBEDDINGS, SETTINGS)
            work(server)
            state = maps.ask(EMBEDDINGS, SETTINGS)
        if disk.full:
            assert state.complaint == f"The map could not be made or stored: {NO_ROOM}."
            assert not list((server.jobs.root / "maps").glob("*.npz"))
        else:
            assert state.xy is not None
        assert not halves(server.jobs.root)
