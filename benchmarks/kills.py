"""The worker killed at random moments of a training, a conversion or a map, as a system does that runs out of memory.

Whatever it was at: afterwards there is a whole result or none, the visitor is told why, nothing half-written lies
about, and the next job is done. Each act is undisturbed once, to know how long it takes with a cold worker; then a kill
falls at any moment of that time, or of the run that begins anew by itself. Ends with 1 where something is wrong.
"""

import argparse
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.report import finish, machine
from siamese_core.config import FAST, SHIPPED_MODEL
from siamese_core.jobs import records, worker
from siamese_core.jobs.ending import ADVICE
from siamese_core.jobs.limits import Limits
from siamese_core.jobs.map_queue import MapJobs, MapState
from siamese_core.jobs.queue import Jobs
from siamese_core.jobs.run_folder import Run, Status
from siamese_core.jobs.worker_process import DIED
from siamese_core.networks.card import KERAS_FILE, LITERT_FILE
from siamese_core.networks.model import NotConvertedError, load_model
from siamese_core.projection.umap_map import MapSettings
from tests.small import small

PATIENCE = 900.0  # seconds after which an act will never end
STEP = 0.01  # seconds between two looks
TOLD = (Status("failed", f"{DIED} {ADVICE}"),)  # all that a killed training may say
MAPPED = 800  # embeddings on a map
KINDS = ("training", "conversion", "map")


class Kill(NamedTuple):
    """One kill, and what came of it."""

    kind: str
    after: float  # seconds since the act was begun
    end: str  # "whole", "failed", or what is wrong


class Place:
    """A queue with its worker, and what the acts need; each act is another one than all before."""

    def __init__(self, root: Path) -> None:
        self.jobs, self.root, self.count = Jobs(root / "runs", Limits()), root, 0
        self.maps = MapJobs(self.jobs)

    def begin(self, kind: str) -> Callable[[], str]:
        """Begin an act, and return what waits for its end and says how it is: "whole", "failed" or what is wrong."""
        self.count += 1
        return {"training": self._train, "conversion": self._convert, "map": self._map}[kind]()

    def kill(self) -> bool:
        """Kill the worker, and return whether there was one."""
        executor = self.jobs.worker._executor
        own = set((getattr(executor, "_processes", None) or {}).values()) & set(multiprocessing.active_children())
        for process in own:
            process.kill()
        return bool(own)

    def works(self) -> bool:
        """Return whether a job is done now. A first one may come before the death of an idle worker is noticed."""
        for _ in range(2):
            with suppress(BrokenExecutor):
                return self.jobs.worker.submit(abs, -1).result(PATIENCE) == 1
        return False

    def _train(self) -> Callable[[], str]:
        run = self.jobs.submit(small(FAST, epochs=2, seed=self.count), f"visitor {self.count}")

        def judge() -> str:
            until(lambda: not self._known(run).active)
            return _judged_run(self._known(run))

        return judge

    def _known(self, run: Run) -> Run:
        found = self.jobs.find(run.id)
        assert found is not None, "the run is gone"
        return found

    def _convert(self) -> Callable[[], str]:
        folder = Path(shutil.copytree(SHIPPED_MODEL, self.root / f"model{self.count}"))
        (folder / LITERT_FILE).unlink()
        keras = (folder / KERAS_FILE).read_bytes()
        future = self.jobs.worker.submit(worker.convert, folder)

        def judge() -> str:
            with suppress(BrokenExecutor):
                future.result(PATIENCE)
            return _judged_model(folder, keras)

        return judge

    def _map(self) -> Callable[[], str]:
        embeddings = np.random.default_rng(self.count).normal(size=(MAPPED, 8)).astype(np.float32)
        before = len(list((self.jobs.root / "maps").glob("*.npz")))
        self.maps.ask(embeddings, MapSettings())

        def judge() -> str:
            state = self._ended(embeddings)
            stored = len(list((self.jobs.root / "maps").glob("*.npz"))) > before
            if state.xy is None:
                if stored:
                    return "a map of a failed attempt"
                self.maps.forget_failure(embeddings, MapSettings())  # as the button for another attempt does
            return _judged_map(state)

        return judge

    def _ended(self, embeddings: np.ndarray) -> MapState:
        states: list[MapState] = []

        def ended() -> bool:
            states[:] = [self.maps.ask(embeddings, MapSettings())]
            return states[0].xy is not None or bool(states[0].complaint)

        until(ended)
        return states[0]


def until(holds: Callable[[], bool]) -> None:
    """Wait for something. Raises TimeoutError if it never comes to pass."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("it never came to pass")
        time.sleep(STEP)


def _judged_run(run: Run) -> str:
    halves = [each.name for each in run.folder.glob(".*")]
    if halves:
        return f"half-written: {halves}"
    if run.status.state == "done":
        assert run.model_folder is not None, "a run that is done has a network"
        load_model(run.model_folder)
        return "whole" if records.read_frames(run.folder) else "no frames"
    if run.model_folder is not None:
        return f"a network of a run that is {run.status.state}"
    return "failed" if run.status in TOLD else f"{run.status}"


def _judged_model(folder: Path, keras: bytes) -> str:
    if (folder / KERAS_FILE).read_bytes() != keras:
        return "the network is another one"
    try:
        load_model(folder)
    except NotConvertedError:
        return "failed"
    return "whole"


def _judged_map(state: MapState) -> str:
    if state.xy is not None:
        return "whole" if np.isfinite(state.xy).all() else "no map"
    return "failed" if state.complaint == DIED else state.complaint


def spans(place: Place) -> dict[str, float]:
    """Return how many seconds each kind of act takes with a cold worker; all must end whole."""
    taken = {}
    for kind in KINDS:
        place.jobs.worker.let_go()
        begun = time.monotonic()
        end = place.begin(kind)()
        assert end == "whole", f"{kind}: {end}"
        taken[kind] = time.monotonic() - begun
    return taken


def kills(place: Place, taken: dict[str, float], count: int, rng: np.random.Generator) -> Iterator[Kill]:
    """Kill the worker so many times, each time at another act, and see that the next job is done."""
    for i in range(count):
        kind = KINDS[i % len(KINDS)]
        after = float(rng.uniform(0, taken[kind]))
        judge = place.begin(kind)
        time.sleep(after)
        place.kill()
        end = judge()
        if not place.works():
            end = "the next job is not done"
        yield Kill(kind, after, end)


def report(found: list[Kill], taken: dict[str, float]) -> dict[str, Any]:
    """Print what came of the kills, and return it for a program."""
    ends: dict[str, dict[str, int]] = {}
    for kind in KINDS:
        ends[kind] = dict(Counter(each.end for each in found if each.kind == kind))
        print(f"  {kind}, {taken[kind]:.1f} s: {ends[kind]}")
    return {"kills": len(found), "seconds": taken, "ends": ends}


def main() -> None:
    """Kill and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=12, help="50 for the figures of the README")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="one line with everything, last")
    arguments = parser.parse_args()
    if not 1 <= arguments.kills <= 1_000:
        parser.error("expected 1 to 1,000 kills")
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        try:
            taken = spans(place)
            found = []
            for each in kills(place, taken, arguments.kills, np.random.default_rng(arguments.seed)):
                found.append(each)
                print(f"    {each.kind} after {each.after:.1f} s: {each.end}", flush=True)
            assert [place.begin(kind)() for kind in KINDS] == ["whole"] * len(KINDS), "the last jobs are not done"
        finally:
            place.jobs.close()
    result = report(found, taken)
    if arguments.json:
        finish("kills", result)
    sys.exit(any(each.end not in ("whole", "failed") for each in found))


if __name__ == "__main__":
    main()
