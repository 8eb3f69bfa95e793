"""Hostile input by the thousand: whatever comes, there is a result or one of the errors that are promised.

Pictures, zips, tables, sets of symbols, model folders, what a canvas and a browser's tab send, and every parameter of
every page's link, made in code and spoiled by chance. Each target runs in a process of its own. Told: how often there
was a result, the slowest case in processor time, and how much memory the process took beyond its start. Ends with 1 for
an error that is not promised, a case over 2 s or more than 300 MB.
"""

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks import hostile_app, hostile_files
from benchmarks.report import finish, machine
from benchmarks.target import Target

SLOWEST = 2.0  # seconds of processor time
MOST_MEMORY = 300.0  # MB above that after the unspoiled inputs
TOLD = 5  # failures of a target
CASES = 2_000
TARGETS: dict[str, Callable[[Path], AbstractContextManager[Target]]] = {
    "pictures": hostile_files.pictures,
    "zips": hostile_files.zips,
    "tables": hostile_files.tables,
    "symbols": hostile_files.symbols,
    "models": hostile_files.models,
    "runs": hostile_files.runs,
    "messages": hostile_app.messages,
    "kept drawings": hostile_app.kept_drawings,
    "links": hostile_app.links,
    "pages": hostile_app.pages,
}


class Outcome(NamedTuple):
    """What came of all cases of a target."""

    cases: int
    results: int  # the others had a promised error
    slowest: float  # seconds
    memory: float  # MB
    failures: list[str]  # what was not promised

    @property
    def good(self) -> bool:
        """Return whether all is as promised."""
        return not self.failures and self.slowest <= SLOWEST and self.memory <= MOST_MEMORY


def attack(name: str, cases: int, seed: int) -> Outcome:
    """Run so many cases of a target, and see what comes of them."""
    with tempfile.TemporaryDirectory() as folder, TARGETS[name](Path(folder)) as target:
        for case in target.whole:
            target.run(case)  # what is not spoiled has a result; caches are filled
        before, rng = _megabytes(), np.random.default_rng(seed)
        results, slowest, failures = 0, 0.0, []
        for number in range(max(1, round(cases * target.share))):
            case = target.spoil(rng)
            begun = time.process_time()
            try:
                target.run(case)
                results += 1
            except target.promised:
                pass
            except Exception:  # noqa: BLE001 to find them is what this is for
                failures.append(f"case {number}: {_last(traceback.format_exc())}; input {case!r:.300}")
            slowest = max(slowest, time.process_time() - begun)
    return Outcome(number + 1, results, slowest, _megabytes() - before, failures)


def _last(text: str) -> str:
    """Return the last place of a traceback and its error."""
    places = [line.strip() for line in text.splitlines() if line.strip().startswith("File")]
    return f"{text.splitlines()[-1]} ({places[-1] if places else ''})"


def _megabytes() -> float:
    """Return the most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def all_outcomes(names: list[str], cases: int, seed: int) -> Iterator[tuple[str, Outcome]]:
    """Attack the targets one after another, each in a new process."""
    for name in names:
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as other:
            yield name, other.submit(attack, name, cases, seed).result()


def main() -> None:
    """Attack and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=CASES, help="of each target; fewer of those that take long")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=list(TARGETS), nargs="+", default=list(TARGETS))
    parser.add_argument("--json", action="store_true", help="one line with everything, last")
    arguments = parser.parse_args()
    if not 1 <= arguments.cases <= 1_000_000:
        parser.error("expected 1 to 1,000,000 cases")
    print(machine(), flush=True)
    figures: dict[str, Any] = {}
    for name, found in all_outcomes(arguments.only, arguments.cases, arguments.seed):
        print(
            f"{name}: {found.cases:,} cases, {found.results:,} with a result, {len(found.failures)} failures, "
            f"slowest {found.slowest:.2f} s, {found.memory:.0f} MB more",
            flush=True,
        )
        for text in found.failures[:TOLD]:
            print(f"    {text}", flush=True)
        figures[name] = {**found._asdict(), "good": found.good}
    if arguments.json:
        finish("fuzz", {"targets": figures})
    sys.exit(not all(each["good"] for each in figures.values()))


if __name__ == "__main__":
    main()
