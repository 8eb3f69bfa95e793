"""A run that has ended is never called active: with a full disk, without a worker, and after the queue was closed."""

import multiprocessing
import signal
import time
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from siamese_core.config import FAST
from siamese_core.jobs import run_folder
from siamese_core.jobs.queue import QueueError
from siamese_core.jobs.run_folder import Run, Status
from siamese_core.jobs.worker_process import DIED, WorkerProcess
from tests.jobs import POINT, Server

FULL = OSError(28, "No space left on device")


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[Run | None], None]:
    """Return what fills the disk for one run, or makes room again."""
    write = run_folder.write_status
    full: list[Path] = []

    def refuse(folder: Path, status: Status) -> None:
        if folder in full:
            raise FULL
        write(folder, status)

    def fill(run: Run | None) -> None:
        full[:] = [run.folder] if run else []

    monkeypatch.setattr(run_folder, "write_status", refuse)
    return fill


def status(server: Server, run: Run) -> Status:
    """Return how a run stands, found by its id and among its visitor's."""
    found = server.jobs.find(run.id)
    assert found
    assert found in server.jobs.of_visitor(run.visitor)
    return found.status


def test_an_end_that_cannot_be_noted_keeps_nobody_waiting(server: Server, disk: Callable[[Run | None], None]) -> None:
    a, b = (server.jobs.submit(FAST, who) for who in "ab")
    disk(a)
    server.end(Status("failed", "Why."))
    assert status(server, a) == Status("failed", "Why.")
    assert status(server, b).state == "running"
    again = server.jobs.submit(FAST, "a")
    assert again.id != a.id
    assert status(server, again).state == "waiting"


def test_a_beginning_that_cannot_be_noted_fails_that_run_alone(
    server: Server, disk: Callable[[Run | None], None]
) -> None:
    a, b, c = (server.jobs.submit(FAST, who) for who in "abc")
    disk(b)
    server.end()
    assert status(server, b) == Status("failed", "The training could not begin: No space left on device.")
    assert status(server, c).state == "running"
    server.jobs.delete(b.id, "b")
    assert server.states(a.id, b.id) == ["done", "gone"]


def test_what_waits_is_stopped_and_what_runs_interrupted_on_a_full_disk_too(
    server: Server, disk: Callable[[Run | None], None], tmp_path: Path
) -> None:
    a, b = (server.jobs.submit(FAST, who) for who in "ab")
    disk(b)
    server.jobs.stop(b.id)
    assert status(server, b).state == "stopped"
    disk(a)
    server.jobs.close()
    assert status(server, a).state == "interrupted"
    assert status(Server(tmp_path), a).state == "interrupted", "also for a server that starts with a full disk"


def test_a_run_that_cannot_be_stored_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise FULL

    monkeypatch.setattr(run_folder, "write_whole", refuse)
    with pytest.raises(QueueError, match=r"^The training cannot be stored: No space left on device\.$"):
        server.jobs.submit(FAST, "a")
    assert server.jobs.of_visitor("a") == []


def test_where_no_worker_stays_alive_the_runs_fail_one_after_another(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b, c = (server.jobs.submit(FAST, who) for who in "abc")
    make = server.make

    def broken() -> object:
        executor = make()
        executor.broken = True
        return executor

    monkeypatch.setattr(server.jobs.worker, "_make_executor", broken)
    server.executors[-1].broken = True  # it dies after the end of the first
    server.end()
    assert status(server, a).state == "done"
    for run in (b, c):
        assert status(server, run) == Status("failed", f"The training could not begin. {DIED}")
    assert not server.jobs.worker.warm()
    monkeypatch.setattr(server.jobs.worker, "_make_executor", make)
    assert status(server, server.jobs.submit(FAST, "b")).state == "running"


def test_an_unforeseen_error_is_told_without_its_words(server: Server) -> None:
    a = server.jobs.submit(FAST, "a")
    server.die(KeyError("x"))
    assert status(server, a).state == "failed"
    assert status(server, a).sentence.startswith("The training ended by an unexpected error. Try again")


# --- closed ---


def test_closed_it_calls_what_waits_and_runs_interrupted(server: Server) -> None:
    a, b = (server.jobs.submit(FAST, who).id for who in "ab")
    server.jobs.close()
    assert server.states(a, b) == ["interrupted", "interrupted"]
    server.die()
    assert server.states(a, b) == ["interrupted", "interrupted"]
    assert len(server.executors) == 1, "no worker is started any more"
    server.jobs.close()


def test_closed_it_takes_no_more(server: Server) -> None:
    server.jobs.close()
    with pytest.raises(QueueError, match=r"^The server is shutting down: no training can begin any more\.$"):
        server.jobs.submit(FAST, "a")
    with pytest.raises(RuntimeError, match=r"^The server is shutting down: its worker takes no more work\.$"):
        server.jobs.worker.submit(len, "abc")
    with pytest.raises(RuntimeError, match="shutting down"):
        server.jobs.worker.submit_once("key", len, "abc")
    assert not server.jobs.worker.warm()
    assert not server.executors
    assert server.jobs.of_visitor("a") == []


@pytest.mark.slow  # starts processes
def test_the_end_of_a_worker_ends_its_own_processes_alone() -> None:
    other = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(600,))
    own = WorkerProcess()
    before = set(multiprocessing.active_children())
    assert own.submit(abs, -1).result(60) == 1
    own.submit(time.sleep, 600)
    own.let_go()
    assert own.submit(abs, -2).result(60) == 2
    started = set(multiprocessing.active_children()) - before
    other.start()
    try:
        own.end()
        assert len(started) == 2
        for process in started:
            process.join(60)
            assert not process.is_alive()
        assert other.is_alive()
    finally:
        other.kill()
        other.join()
    assert other.exitcode == -signal.SIGKILL


def test_an_executor_of_another_kind_is_ended_without_processes(server: Server) -> None:
    future = server.jobs.worker.submit(len, "abc")
    server.jobs.worker.end()
    assert not future.done()
    with pytest.raises(RuntimeError, match="shutting down"):
        server.jobs.worker.submit(len, "abc")


def test_warm_says_so_where_no_process_can_start(server: Server) -> None:
    server.jobs.worker.warm()
    server.executors[-1].warm.set_exception(BrokenProcessPool())
    server.executors[-1].fails = FULL
    assert not server.jobs.worker.warm()


def test_what_a_killed_worker_has_half_written_is_deleted(server: Server) -> None:
    a = server.jobs.submit(FAST, "a")
    run_folder.add_point(a.folder, POINT)  # so that it is not begun anew
    (a.folder / ".half" / "model").mkdir(parents=True)
    (a.folder / ".half" / "model" / "card.json").write_text("{")
    (a.folder / ".frame.npz.0a1b2c3d").write_bytes(b"PK")
    server.die()
    assert status(server, a).state == "failed"
    assert sorted(each.name for each in a.folder.iterdir()) == ["points.jsonl", "run.json", "status.json"]


def test_what_a_killed_server_has_half_written_is_deleted_by_the_next(server: Server) -> None:
    a = server.jobs.submit(FAST, "a")
    (a.folder / ".status.json.0a1b2c3d").write_bytes(b"{")
    server.vanish()
    Server(server.jobs.root)
    assert not list(a.folder.glob(".*"))
