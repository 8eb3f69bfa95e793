"""Several servers on one folder of runs: each calls only those runs interrupted whose server is gone."""

import time
from pathlib import Path

import pytest

from siamese_core.config import ARTICLE, FAST
from siamese_core.jobs import owner, run_folder
from siamese_core.jobs.owner import Owner
from siamese_core.jobs.queue import QueueError
from tests.jobs import Server


@pytest.fixture
def servers(tmp_path: Path) -> tuple[Server, Server]:
    return Server(tmp_path), Server(tmp_path, runs=1)


def test_the_run_of_another_server_goes_on_until_that_is_gone(servers: tuple[Server, Server]) -> None:
    one, other = servers
    a, b = (one.jobs.submit(FAST, who).id for who in "ab")
    assert other.states(a, b) == ["running", "waiting"]
    assert [run.id for run in other.jobs.of_visitor("a")] == [a]
    with pytest.raises(QueueError, match="under way"):
        other.jobs.delete(a, "a")
    one.vanish()
    assert other.states(a, b) == ["interrupted", "interrupted"]
    other.jobs.delete(a, "a")
    assert one.states(a) == ["gone"]


def test_what_another_server_keeps_waiting_can_be_stopped(servers: tuple[Server, Server]) -> None:
    one, other = servers
    a, b = (one.jobs.submit(FAST, who) for who in "ab")
    other.jobs.stop(b.id)
    other.jobs.stop(a.id)
    assert run_folder.asked_to_stop(a.folder), "its worker sees it"
    one.end()
    assert one.states(a.id, b.id) == ["done", "stopped"]


def test_no_server_deletes_what_another_has_under_way(servers: tuple[Server, Server]) -> None:
    one, other = servers
    a = one.jobs.submit(FAST, "a").id
    for seed in "xy":
        other.jobs.submit(FAST, seed)
        other.end()
    assert one.states(a) == ["running"]


def test_a_server_that_ends_leaves_no_lock_and_the_next_sweeps_what_one_left_that_was_killed(tmp_path: Path) -> None:
    first, second = Server(tmp_path), Server(tmp_path)
    assert len(list((tmp_path / owner.FOLDER).iterdir())) == 2
    first.jobs.close()
    second.vanish()
    third = Owner(tmp_path)
    assert [path.name for path in (tmp_path / owner.FOLDER).iterdir()] == [third.id]
    assert not third.lives(third.id), "it is asked about others"
    assert not third.lives("../../etc")
    third.release()


def test_where_no_lock_can_be_made_the_server_works_alone(tmp_path: Path) -> None:
    (tmp_path / owner.FOLDER).write_text("no folder")
    server = Server(tmp_path)
    run = server.jobs.submit(FAST, "a")
    assert (run.server, server.states(run.id)) == ("", ["running"])
    assert Server(tmp_path).states(run.id) == ["interrupted"]


# --- the clock ---


def test_a_run_is_the_newest_though_the_clock_was_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(tmp_path, runs_per_visitor=2)
    ids = []
    for seconds, recipe in zip((2_000_000_000.0, 1_000.0, 3.0e9), (FAST, ARTICLE, FAST), strict=True):
        monkeypatch.setattr(time, "time", lambda seconds=seconds: seconds)
        ids.append(server.jobs.submit(recipe, "a").id)
        server.end()
    assert [run.id for run in server.jobs.of_visitor("a")] == ids[1:], "the oldest goes, not the one of the wrong clock"


# --- the folder ---


def test_where_the_folder_cannot_be_made_a_training_is_refused_with_a_word(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for root in (tmp_path / "file", tmp_path / "file" / "runs"):
        server = Server(root)
        with pytest.raises(QueueError, match=r"^The training cannot be stored: (Not a directory|File exists)\.$"):
            server.jobs.submit(FAST, "a")
        assert server.jobs.of_visitor("a") == []
        assert server.jobs.find("x") is None
