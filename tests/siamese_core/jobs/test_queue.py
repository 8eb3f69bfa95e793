"""The queue, with an executor of this process whose tasks end when the test says so."""

import dataclasses
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from siamese_core.config import ARTICLE, FAST
from siamese_core.jobs import run_folder
from siamese_core.jobs.queue import QueueError
from siamese_core.jobs.run_folder import Status
from siamese_core.jobs.worker_process import MOST_RESULTS, TRAININGS_PER_WORKER
from tests.jobs import POINT, Server


def begin(server: Server, run_id: str) -> None:
    """Let a training have its first point."""
    found = server.jobs.find(run_id)
    assert found
    run_folder.add_point(found.folder, POINT)


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


def test_one_runs_and_the_others_see_their_place(server: Server) -> None:
    a, b, c = (server.jobs.submit(FAST, who).id for who in "abc")
    assert server.states(a, b, c) == ["running", "waiting", "waiting"]
    assert [server.jobs.place(each) for each in (a, b, c)] == [0, 1, 2]
    assert len(server.executors[-1].trainings) == 1
    server.end()
    assert server.states(a, b, c) == ["done", "running", "waiting"]
    assert server.jobs.place(c) == 1
    server.end(Status("failed", "Why."))
    server.end()
    assert server.states(a, b, c) == ["done", "failed", "done"]
    assert [run.id for run in server.jobs.of_visitor("b")] == [b]


def test_the_worker_is_warm_once_it_says_so(server: Server) -> None:
    assert not server.jobs.worker.warm()
    server.executors[-1].warm.set_result(None)
    assert server.jobs.worker.warm()
    assert len(server.executors) == 1


def test_a_worker_that_cannot_start_is_replaced(server: Server) -> None:
    server.jobs.worker.warm()
    server.executors[-1].warm.set_exception(BrokenProcessPool())
    assert not server.jobs.worker.warm()
    assert len(server.executors) == 2


def test_no_worker_starts_before_it_is_needed_and_none_gets_ready_to_train_for_other_work(server: Server) -> None:
    assert not server.executors
    server.jobs.worker.submit(len, "abc")
    assert [call[:2] for call in server.executors[0].calls] == [(len, ("abc",))]
    assert server.executors[0].warm_calls == 0
    server.jobs.worker.warm()
    server.jobs.worker.warm()
    assert (len(server.executors), server.executors[0].warm_calls) == (1, 1)


def test_equal_keys_are_one_call_until_it_fails(server: Server) -> None:
    first = server.jobs.worker.submit_once(("length", "abc"), len, "abc")
    assert server.jobs.worker.submit_once(("length", "abc"), len, "abc") is first
    other = server.jobs.worker.submit_once(("length", "b"), len, "b")
    first.set_result(3)
    assert server.jobs.worker.submit_once(("length", "abc"), len, "abc") is first
    other.set_exception(ValueError("no length"))
    assert server.jobs.worker.submit_once(("length", "b"), len, "b") is not other
    assert len(server.executors[0].calls) == 3


def test_only_the_latest_results_are_kept(server: Server) -> None:
    first = server.jobs.worker.submit_once(0, len, "")
    second = server.jobs.worker.submit_once(1, len, "")
    assert server.jobs.worker.submit_once(0, len, "") is first
    for key in range(2, MOST_RESULTS + 1):
        server.jobs.worker.submit_once(key, len, "")
    assert server.jobs.worker.submit_once(0, len, "") is first, "it was asked for again after the second"
    assert server.jobs.worker.submit_once(1, len, "") is not second


def test_a_dead_worker_fails_its_run_alone(server: Server) -> None:
    a, b = (server.jobs.submit(FAST, who).id for who in "ab")
    begin(server, a)
    server.die()
    assert server.states(a, b) == ["failed", "running"]
    found = server.jobs.find(a)
    assert found
    assert "ended unexpectedly" in found.status.sentence
    assert len(server.executors) == 2
    server.end()
    assert server.states(b) == ["done"]


def test_a_run_that_had_not_begun_when_the_worker_died_begins_once_more(server: Server) -> None:
    a, b = (server.jobs.submit(FAST, who).id for who in "ab")
    server.die()
    assert server.states(a, b) == ["running", "waiting"]
    server.die()
    assert server.states(a, b) == ["failed", "running"], "but not for ever"


def test_a_worker_that_died_while_idle_is_replaced_unnoticed(server: Server) -> None:
    server.jobs.worker.warm()
    server.executors[-1].broken = True
    assert server.states(server.jobs.submit(FAST, "a").id) == ["running"]
    server.end()
    assert len(server.executors) == 2


def test_a_worker_makes_room_for_a_fresh_one_after_some_trainings(server: Server) -> None:
    for seed in range(TRAININGS_PER_WORKER + 1):
        run = server.jobs.submit(dataclasses.replace(FAST, seed=seed), "a")
        server.end()
        assert server.states(run.id) == ["done"]
    assert len(server.executors) == 2


def test_what_is_unforeseen_is_told(server: Server) -> None:
    a = server.jobs.submit(FAST, "a").id
    server.die(KeyError("x"))
    found = server.jobs.find(a)
    assert found
    assert found.status.state == "failed"
    assert "unexpected" in found.status.sentence


def test_a_run_that_cannot_begin_fails_alone(server: Server) -> None:
    server.jobs.worker.warm()
    server.executors[-1].fails = OSError(28, "No space left on device")
    a = server.jobs.submit(FAST, "a")
    assert a.status == Status("failed", "The training could not begin: No space left on device.")
    server.executors[-1].fails = None
    assert server.states(server.jobs.submit(FAST, "b").id) == ["running"]


def test_stopping_leaves_the_queue_or_asks_the_worker(server: Server) -> None:
    a, b = (server.jobs.submit(FAST, who).id for who in "ab")
    server.jobs.stop(b)
    assert server.states(b) == ["stopped"]
    server.jobs.stop(a)
    found = server.jobs.find(a)
    assert found
    assert found.asked_to_stop
    assert found.active
    server.end(Status("stopped"))
    assert server.states(a, b) == ["stopped", "stopped"]
    server.jobs.stop(a)
    server.jobs.stop("nothing")


def test_twice_the_same_is_one(server: Server) -> None:
    assert server.jobs.submit(FAST, "a").id == server.jobs.submit(FAST, "a").id
    with pytest.raises(QueueError, match="under way already"):
        server.jobs.submit(ARTICLE, "a")


def test_a_full_queue_says_so(tmp_path: Path) -> None:
    server = Server(tmp_path, queue=2)
    for who in "abc":
        server.jobs.submit(FAST, who)
    with pytest.raises(QueueError, match="2 trainings are waiting already"):
        server.jobs.submit(FAST, "d")
    server.end()
    server.jobs.submit(FAST, "d")


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [({"epochs": 19}, "At most 19 epochs"), ({"training_images": 1_000}, "At most 1,000 training")],
)
def test_what_is_beyond_the_limits_is_refused(tmp_path: Path, limits: dict[str, int], sentence: str) -> None:
    with pytest.raises(QueueError, match=sentence):
        Server(tmp_path, **limits).jobs.submit(ARTICLE, "a")


def test_a_server_started_anew_calls_unfinished_runs_interrupted(tmp_path: Path) -> None:
    before = Server(tmp_path)
    ended = before.jobs.submit(FAST, "x").id
    before.end()
    a, b = (before.jobs.submit(FAST, who).id for who in "ab")
    before.vanish()
    after = Server(tmp_path)
    assert after.states(ended, a, b) == ["done", "interrupted", "interrupted"]
    assert after.states(after.jobs.submit(FAST, "a").id) == ["running"]


def trained(server: Server, who: str, seed: int) -> str:
    run = server.jobs.submit(dataclasses.replace(FAST, seed=seed), who)
    (run.folder / "model").mkdir()
    (run.folder / "model" / "card.json").write_text("x" * 400_000)
    server.end()
    return run.id


def test_a_visitor_keeps_so_many_runs(tmp_path: Path) -> None:
    server = Server(tmp_path, runs_per_visitor=2)
    other = trained(server, "b", 0)
    ids = [trained(server, "a", seed) for seed in range(4)]
    assert server.states(*ids, other) == ["gone", "gone", "done", "done", "done"]
    assert [run.number for run in server.jobs.of_visitor("a")] == [3, 4]


def test_all_visitors_together_keep_so_many(tmp_path: Path) -> None:
    server = Server(tmp_path, runs=3)
    ids = [trained(server, who, 0) for who in "abcde"]
    assert server.states(*ids) == ["gone", "gone", "done", "done", "done"]


def test_the_disk_is_kept_within_bounds(tmp_path: Path) -> None:
    server = Server(tmp_path, disk_mb=1)
    ids = [trained(server, who, 0) for who in "abcd"]
    server.jobs.submit(FAST, "e")
    assert server.states(*ids) == ["gone", "gone", "done", "done"]


def test_nobody_finds_a_run_outside(server: Server, tmp_path: Path) -> None:
    inside = server.jobs.submit(FAST, "a").id
    assert server.jobs.find(f"../{tmp_path.name}/{inside}") is not None, "only the last part of a name counts"
    for name in ("", ".", "..", "/etc", "x\0y"):
        assert server.jobs.find(name) is None


def test_a_run_deleted_while_it_goes_on_does_no_harm(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    run = server.jobs.submit(FAST, "a")
    run_folder.remove(run)
    server.end()
    assert server.states(run.id) == ["gone"]
    other = server.jobs.submit(FAST, "b")
    assert server.states(other.id) == ["running"]
    run_folder.remove(other)
    server.jobs.close()
    assert not caplog.records
