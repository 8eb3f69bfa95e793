"""How long it takes, in figures computed by hand."""

from pathlib import Path

import pytest

from siamese_core.config import FAST
from siamese_core.jobs import estimate, run_folder
from siamese_core.jobs.run_folder import Status
from tests.jobs import POINT, Server


@pytest.mark.parametrize(
    ("step", "seconds", "limit", "rest"),
    [
        (50, 10.0, 180, 10.0),  # 50 of 100 steps took 10 s
        (80, 40.0, 180, 10.0),
        (1, 10.0, 180, 170.0),  # 99 steps at 10 s each, but the limit ends it
        (0, 2.0, 180, 178.0),  # nothing is known yet
        (100, 30.0, 180, 0.0),
        (50, 200.0, 180, 0.0),  # beyond its limit already
        (0, 200.0, 180, 0.0),
    ],
)
def test_what_is_left_of_a_training(step: int, seconds: float, limit: float, rest: float) -> None:
    assert estimate.left(POINT._replace(step=step, steps=100, seconds=seconds), limit) == pytest.approx(rest)


def test_an_unknown_training_takes_as_long_as_most_have_taken() -> None:
    assert estimate.typical([], 180) == 180
    assert estimate.typical([5.0, 90.0, 20.0], 180) == 20
    assert estimate.typical([10.0, 20.0], 180) == 15
    assert estimate.typical([300.0], 180) == 180


def test_each_waits_for_the_running_one_and_for_those_before(tmp_path: Path) -> None:
    server = Server(tmp_path, seconds=60)
    a, b, c, d = (server.jobs.submit(FAST, who) for who in "abcd")
    before = server.jobs.seconds_before
    assert [before(run.id) for run in (a, b, c, d)] == [None, 60, 120, 180], "nothing is known but the limit"
    run_folder.add_point(a.folder, POINT._replace(step=10, steps=40, seconds=5.0))
    assert [before(run.id) for run in (b, c, d)] == [15, 75, 135]
    run_folder.add_point(a.folder, POINT._replace(step=40, steps=40, seconds=20.0))
    server.end()
    assert [before(run.id) for run in (a, b, c, d)] == [None, None, 20, 40], "the first one took 20 s"
    server.jobs.stop(c.id)
    assert before(d.id) == 20
    assert before("nothing") is None


def test_what_fails_says_nothing_about_how_long_it_takes(tmp_path: Path) -> None:
    server = Server(tmp_path, seconds=60)
    a, _, c = (server.jobs.submit(FAST, who) for who in "abc")
    run_folder.add_point(a.folder, POINT)
    server.end(Status("failed", "Why."))
    assert server.jobs.seconds_before(c.id) == 60


def test_a_server_started_anew_remembers_how_long_they_took(tmp_path: Path) -> None:
    server = Server(tmp_path, seconds=60)
    for who, seconds in (("a", 10.0), ("b", 30.0), ("c", 12.0)):
        run_folder.add_point(server.jobs.submit(FAST, who).folder, POINT._replace(seconds=seconds))
        server.end()
    later = Server(tmp_path, seconds=60)
    ids = [later.jobs.submit(FAST, who).id for who in "abc"]
    assert [later.jobs.seconds_before(each) for each in ids] == [None, 12, 24]
