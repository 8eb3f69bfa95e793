"""What visitors may do with their own runs, and with nobody else's: name them and delete them."""

from pathlib import Path

import pytest

from siamese_core.config import FAST
from siamese_core.jobs import run_folder
from siamese_core.jobs.queue import QueueError
from siamese_core.jobs.run_folder import Run
from tests.jobs import Server


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


def found(server: Server, run: Run) -> Run:
    """Return the run as it is now."""
    again = server.jobs.find(run.id)
    assert again
    return again


def test_a_run_gets_a_name_and_loses_it(server: Server) -> None:
    run = server.jobs.submit(FAST, "a")
    assert run.name == ""
    server.jobs.rename(run.id, "a", "  my first\n")
    assert found(server, run).name == "my first"
    server.end()
    assert [each.name for each in server.jobs.of_visitor("a")] == ["my first"]
    server.jobs.rename(run.id, "a", "")
    assert found(server, run).name == ""


def test_a_run_that_has_ended_is_deleted(server: Server) -> None:
    first, second = server.jobs.submit(FAST, "a"), server.jobs.submit(FAST, "b")
    server.end()
    server.jobs.delete(first.id, "a")
    assert server.states(first.id, second.id) == ["gone", "running"]
    assert not first.folder.exists()


def test_nobody_touches_anothers_run_or_one_that_is_not_there(server: Server) -> None:
    run = server.jobs.submit(FAST, "a")
    server.end()
    for run_id, visitor in ((run.id, "b"), ("nothing", "a"), ("", "a"), ("..", "a")):
        with pytest.raises(QueueError, match=r"^There is no such run among yours\.$"):
            server.jobs.rename(run_id, visitor, "mine")
        with pytest.raises(QueueError, match=r"^There is no such run among yours\.$"):
            server.jobs.delete(run_id, visitor)
    assert found(server, run).name == ""


def test_a_run_under_way_is_stopped_before_it_is_deleted(server: Server) -> None:
    running, waiting = server.jobs.submit(FAST, "a"), server.jobs.submit(FAST, "b")
    for run in (running, waiting):
        with pytest.raises(QueueError, match=r"^This training is under way: stop it first, .*\.$"):
            server.jobs.delete(run.id, run.visitor)
    server.jobs.stop(waiting.id)
    server.jobs.delete(waiting.id, "b")
    assert server.states(running.id, waiting.id) == ["running", "gone"]


def test_a_name_for_which_there_is_no_room_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    run = server.jobs.submit(FAST, "a")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(run_folder, "write_whole", full)
    with pytest.raises(QueueError, match=r"^The name cannot be stored: No space left on device\.$"):
        server.jobs.rename(run.id, "a", "x")
