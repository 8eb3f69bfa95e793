"""A small share of the hostile input of `benchmarks/fuzz.py`, and that it tells what it finds."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from benchmarks import fuzz
from benchmarks.fuzz import TARGETS, attack
from benchmarks.mutations import MOST, spoiled, spoiled_json, spoiled_text
from benchmarks.target import Target

CASES = 80  # of each target; fewer of those that take long


@pytest.mark.parametrize("name", [name for name in TARGETS if name != "pages"])  # whole pages: test_hostile_links
def test_whatever_comes_there_is_a_result_or_a_promised_error(name: str) -> None:
    found = attack(name, CASES, seed=1)
    assert found.failures == []
    assert found.cases >= CASES * 0.25


@pytest.mark.parametrize("error", [KeyError, ValueError])
def test_an_error_that_is_not_promised_is_told_with_its_input(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(case: bytes) -> None:
        if case != b"whole":
            raise error("x")

    @contextmanager
    def target(_root: Path) -> Iterator[Target]:
        yield Target([b"whole"], lambda rng: rng.bytes(3), run, (ValueError,))

    monkeypatch.setitem(TARGETS, "mine", target)
    found = attack("mine", 5, seed=0)
    assert (found.cases, found.results) == (5, 0)
    assert len(found.failures) == (5 if error is KeyError else 0)
    assert all("KeyError: 'x'" in each and "input b'" in each for each in found.failures)
    assert found.good == (error is ValueError)


def test_too_slow_too_large_or_a_failure_is_not_good() -> None:
    fine = fuzz.Outcome(10, 5, 0.1, 10.0, [])
    assert fine.good
    slow, large = fine._replace(slowest=fuzz.SLOWEST + 1), fine._replace(memory=fuzz.MOST_MEMORY + 1)
    assert not any(each.good for each in (slow, large, fine._replace(failures=["x"])))


def test_what_is_spoiled_is_another_thing_each_time_and_the_same_for_the_same_seed() -> None:
    whole = {"a": [1, 2, {"b": "c"}], "d": None}
    made = [
        (spoiled(b"content " * 8, [b"other"], rng), spoiled_text("some text", rng), spoiled_json(whole, rng))
        for rng in map(np.random.default_rng, [*range(50), *range(50)])
    ]
    assert made[:50] == made[50:]
    for each in map(set, zip(*made, strict=True)):
        assert len(each) > 40
    assert sum(json.loads(text) == whole for *_, text in made[:50]) <= MOST
