"""Uploads are stored, read by the worker, kept by the limits of runs, and trained on; nothing bad is kept by halves."""

import dataclasses
import io
import json
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from siamese_core.config import FAST
from siamese_core.datasets.dataset import DataError
from siamese_core.datasets.reading.bounds import Bounds
from siamese_core.jobs import data_folder, data_sets, records, run_folder, worker
from siamese_core.jobs.data_folder import Upload
from siamese_core.jobs.data_queue import DIED, DataSets
from siamese_core.jobs.queue import QueueError
from siamese_core.networks.card import read_card
from siamese_core.networks.kept import read_test
from tests.jobs import Server
from tests.own_pictures import shapes, write_zip

ME, OTHER = "me", "somebody else"
SECONDS = 60.0


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path / "runs", runs_per_visitor=2)


@pytest.fixture
def sets(server: Server) -> DataSets:
    return DataSets(server.jobs)


@pytest.fixture
def drawn(tmp_path: Path) -> bytes:
    return write_zip(tmp_path / "drawn.zip", shapes(8, ("circle", "cross", "square"))).read_bytes()


def upload(sets: DataSets, content: bytes, visitor: str = ME, file: str = "drawn.zip") -> Upload:
    return sets.upload(visitor, file, io.BytesIO(content), "ink", 28)


def work(server: Server) -> None:
    """Do what the worker has been asked for."""
    for function, arguments, future in server.executors[-1].calls:
        if not future.done():
            future.set_result(function(*arguments))


def test_an_upload_is_read_and_only_its_images_are_kept(server: Server, sets: DataSets, drawn: bytes) -> None:
    made = upload(sets, drawn)
    assert made.source.read_bytes() == drawn
    assert [each.state for each in sets.of_visitor(ME)] == ["reading"]
    work(server)
    found = sets.find(made.id)
    assert found is not None
    assert (found.state, found.file, sets.of_visitor(OTHER)) == ("ready", "drawn.zip", [])
    assert found.sheet is not None
    assert (found.sheet.class_names, found.sheet.images) == (("circle", "cross", "square"), (8, 8, 8))
    assert found.sheet.training == (4, 4, 4)
    assert not made.source.exists()
    few = data_folder.read_few(found)
    assert [name for _, name in few] == ["circle"] * 6 + ["cross"] * 5 + ["square"] * 5
    splits = data_sets.load(server.jobs.root, made.id)
    assert [len(part) for part in splits] == [12, 6, 6]
    assert splits.train.name == "drawn"


@pytest.mark.parametrize(
    ("content", "file", "said"),
    [
        (b"no zip", "mine.zip", "mine.zip is no zip, or is damaged or cut short."),
        (b"a,1,2\n", "mine.csv", "mine.csv, line 1: 3 cells, expected a label"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_of_it_is_kept(
    server: Server, sets: DataSets, content: bytes, file: str, said: str
) -> None:
    made = upload(sets, content, file=file)
    work(server)
    found = sets.find(made.id)
    assert found is not None
    assert found.state == "failed"
    assert found.sentence.startswith(said)
    assert {path.name for path in made.folder.iterdir()} == {data_folder.ABOUT, data_folder.PROGRESS}
    with pytest.raises(DataError, match="gone"):
        data_sets.load(server.jobs.root, made.id)


def test_another_kind_of_file_too_large_a_one_and_a_second_one_are_refused(
    server: Server, sets: DataSets, drawn: bytes
) -> None:
    with pytest.raises(QueueError, match=r"x.rar is neither a zip nor a CSV."):
        upload(sets, b"x", file="x.rar")
    small = DataSets(Server(server.jobs.root / "small", upload_mb=1).jobs)
    with pytest.raises(QueueError, match="has 2 MB; at most 1 MB"):
        upload(small, bytes(2_000_000))
    upload(sets, drawn)
    with pytest.raises(QueueError, match="being read already"):
        upload(sets, drawn)
    upload(sets, drawn, OTHER)


def test_a_worker_that_dies_fails_the_upload_with_a_word(server: Server, sets: DataSets, drawn: bytes) -> None:
    made = upload(sets, drawn)
    server.executors[-1].calls[-1][2].set_exception(OSError("gone"))
    found = sets.find(made.id)
    assert found is not None
    assert (found.state, found.sentence) == ("failed", DIED)
    assert not made.source.exists()


def test_one_that_an_earlier_server_left_unread_has_failed(server: Server, sets: DataSets, drawn: bytes) -> None:
    made = upload(sets, drawn)
    again = DataSets(server.jobs).find(made.id)
    assert again is not None
    assert again.state == "failed"


def test_one_that_another_server_reads_is_left_to_it_until_that_is_gone(server: Server, drawn: bytes) -> None:
    other = Server(server.jobs.root)
    made, here = upload(DataSets(other.jobs), drawn), DataSets(server.jobs)
    assert [each.state for each in here.of_visitor(ME)] == ["reading"]
    other.vanish()
    assert [each.state for each in here.of_visitor(ME)] == ["failed"], made.id


def test_the_oldest_of_a_visitor_go_but_none_that_is_trained_on(server: Server, sets: DataSets, drawn: bytes) -> None:
    made = []
    for _ in range(2):
        made.append(upload(sets, drawn).id)
        work(server)
    server.jobs.submit(dataclasses.replace(FAST, epochs=1), ME, made[0])
    with pytest.raises(QueueError, match="under way"):
        sets.delete(made[0], ME)
    for _ in range(2):
        made.append(upload(sets, drawn).id)
        work(server)
    assert {each.id for each in sets.of_visitor(ME)} == {made[0], made[2], made[3]}
    with pytest.raises(QueueError, match="no such data set among yours"):
        sets.delete(made[3], OTHER)
    sets.delete(made[3], ME)
    assert sets.find(made[3]) is None
    assert not (server.jobs.root / data_folder.FOLDER / made[3]).exists()


def test_a_damaged_folder_is_no_data_set(server: Server, sets: DataSets, drawn: bytes) -> None:
    made = upload(sets, drawn)
    work(server)
    about = json.loads((made.folder / data_folder.ABOUT).read_text())
    fields = {"file": 7, "sentence": [], "visitor": None, "server": 1.5, "created": 10**400}
    changed = [json.dumps(about | {name: value}) for name, value in fields.items()]
    for content in ("", "[]", '{"sheet": 3}', '{"sheet": null, "state": "ready"}', *changed):
        (made.folder / data_folder.ABOUT).write_text(content)
        assert sets.find(made.id) is None
    assert sets.find("../../etc") is None


def test_reading_that_takes_too_long_is_given_up(server: Server, sets: DataSets, drawn: bytes) -> None:
    made = upload(sets, drawn)
    worker.read_upload(made.folder, Bounds(), -1.0)
    assert data_folder.read(made.folder).sentence.startswith("reading took longer than")


def test_progress_is_told_while_it_is_read(server: Server, sets: DataSets, drawn: bytes) -> None:
    made = upload(sets, drawn)
    told = []
    with patch.object(data_folder, "write_progress", lambda _, share: told.append(share)):
        worker.read_upload(made.folder, Bounds(), SECONDS)
    assert told == sorted(told)
    assert (told[0], len(told)) == (0, 1 + 24)


@pytest.mark.slow
def test_a_run_on_an_upload_leaves_classes_out_and_keeps_its_own_test(
    server: Server, sets: DataSets, drawn: bytes
) -> None:
    made = upload(sets, drawn)
    work(server)
    config = dataclasses.replace(FAST, epochs=4, left_out=("cross",))
    run = server.jobs.submit(config, ME, made.id)
    assert run_folder.read(run.folder).data == made.id
    server.end(worker.train(run.folder, SECONDS))
    found = server.jobs.find(run.id)
    assert found is not None
    assert found.status.state == "done"
    assert found.model_folder is not None
    card = read_card(found.model_folder)
    assert card["config"]["training_images"] == 8
    assert card["data"].startswith("8 training images of drawn without cross")
    assert np.bincount(read_test(found.model_folder).labels).tolist() == [2, 2, 2]
    mapped = records.read_mapped(run.folder)
    assert mapped is not None
    assert set(mapped.labels.tolist()) == {0, 1, 2}, "the class left out is on the map as well"
    frames = records.read_frames(run.folder)
    assert len(frames[-1].xy) == len(mapped.labels) == 6
    sets.delete(made.id, ME)
    assert len(read_test(found.model_folder)) == 6, "a network outlives its data set"
    again = server.jobs.submit(config, ME, made.id)
    status = worker.train(again.folder, SECONDS)
    assert (status.state, status.sentence) == ("failed", "The data set is gone; upload it again.")


@pytest.mark.slow
@pytest.mark.parametrize("key", data_sets.MADE)
def test_the_sets_that_are_made_have_as_many_images_as_is_said(tmp_path: Path, key: str) -> None:
    splits = data_sets.load(tmp_path, key)
    of = np.bincount(np.concatenate([part.labels for part in splits])).tolist()
    assert tuple(of) == data_sets.MADE[key]
    assert splits.train.images.shape[1:] == (28, 28)
    assert (splits.train.images.max(axis=(1, 2)) > 200).all()
