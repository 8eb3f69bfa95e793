"""A call on a worker of a cluster, without the cluster: its folder is its own, and what changes there is told."""

import threading
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest

from siamese_core.jobs import parcel, remote, run_folder
from siamese_core.jobs.parcel import pack, read_files, unpack, write_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two files, one of them further down."""
    (tmp_path / "run" / "model").mkdir(parents=True)
    (tmp_path / "run" / "run.json").write_bytes(b"{}")
    (tmp_path / "run" / "model" / "card.json").write_bytes(b"[]")
    return tmp_path / "run"


def test_a_folder_arrives_as_it_was(folder: Path, tmp_path: Path) -> None:
    (folder / ".half").write_bytes(b"being written")
    beside = tmp_path / "elsewhere"
    path, own = unpack(pack(folder), beside)
    assert path == own == beside / "run"
    assert read_files(own) == {"run.json": b"{}", "model/card.json": b"[]"}
    file, own = unpack(pack(tmp_path / "maps" / "a.npz"), tmp_path / "third")
    assert file == own / "a.npz"
    assert not list(own.iterdir())


def test_a_new_folder_within_comes_whole_or_not_at_all(folder: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    with patch.object(parcel, "write_whole", side_effect=OSError(28, "full")), pytest.raises(OSError, match="full"):
        write_files(there, read_files(folder))
    assert not (there / "model").exists()
    write_files(there, read_files(folder))
    assert read_files(there) == read_files(folder)


@pytest.mark.parametrize("name", ["../run.json", "/etc/run.json", "model/../../x", "..\\x"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    with pytest.raises(ValueError, match="expected a path within the folder"):
        write_files(inner, {name: b"x"})
    assert [path.name for path in tmp_path.rglob("*")] == ["inner"]


def in_a_thread(function: Callable[[Path], object], folder: Path) -> tuple[threading.Thread, list[remote.Answer]]:
    answers: list[remote.Answer] = []
    thread = threading.Thread(target=lambda: answers.append(remote.call("id", function, (pack(folder),))))
    thread.start()
    return thread, answers


def test_what_changes_is_told_once_and_a_stop_arrives(folder: Path) -> None:
    wrote, go_on = threading.Event(), threading.Event()

    def train(own: Path) -> str:
        assert own != folder
        (own / "points.jsonl").write_bytes(b"1\n")
        wrote.set()
        assert go_on.wait(10)
        (own / "points.jsonl").unlink()
        (own / "model" / "new").write_bytes(b"n")
        return "stopped" if run_folder.asked_to_stop(own) else "done"

    thread, answers = in_a_thread(train, folder)
    assert wrote.wait(10)
    assert remote.exchange({"other": False}) == {}
    news = remote.exchange({"id": False})["id"]
    assert news
    assert news.files == {"points.jsonl": b"1\n"}, "what came with the call is not sent back"
    again = remote.exchange({"id": True})["id"]
    assert again == remote.News(news.attempt, {})
    go_on.set()
    thread.join()
    assert answers == [remote.Answer("stopped", None, {"model/new": b"n"})]
    assert remote.exchange({"id": False}) == {"id": None}
    assert read_files(folder) == {"run.json": b"{}", "model/card.json": b"[]"}, "the app writes what comes back"


def test_a_call_that_fails_says_why_and_gives_its_files(folder: Path) -> None:
    def fail(own: Path) -> None:
        (own / "points.jsonl").write_bytes(b"1\n")
        raise ValueError("why")

    value, error, files = remote.call("failing", fail, (pack(folder),))
    assert value is None
    assert str(error) == "why"
    assert files == {"points.jsonl": b"1\n"}


def test_a_training_whose_app_is_gone_is_asked_to_stop(folder: Path) -> None:
    def train(own: Path) -> bool:
        ended = threading.Event()
        for _ in range(1_000):
            if run_folder.asked_to_stop(own):
                return True
            ended.wait(0.01)
        return False

    with patch.object(remote, "UNHEARD", 0.0), patch.object(remote, "LOOK", 0.01):
        assert remote.call("alone", train, (pack(folder),)).value
