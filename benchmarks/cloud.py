"""Run the app as Streamlit Community Cloud does, as far as that goes on one's own machine: does it start and answer.

A new environment with requirements.txt alone, the code in a folder that cannot be written, no rights, and no more
memory than given: 690 MB for 5 visitors who draw on Compare and one who opens Embeddings, 1,200 MB while one trains as
well. The system enforces it by a memory cgroup where root can make one (version 1 or 2), and ends a process that asks
for more, as the platform does; elsewhere the memory is measured only, and the report says so.

    .venv/bin/python -m benchmarks.cloud --python /path/to/python3.12

Not in it: the platform's own proxy and its sleep. Linux only.
"""

import argparse
import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.drawings import Drawing, drawings_made_apart
from benchmarks.report import finish, machine, spread
from benchmarks.visitors import OPENING, RAISED, Tally, load
from benchmarks.wire import browsing
from tests.browser.serving import ROOT, STOP_LIMIT, serving

LOOKING, TRAINING = 690, 1200  # MB: what the platform guarantees, and with a training
VISITORS, STROKES = 5, 400
LEFT_OUT = shutil.ignore_patterns(".venv", ".git", "trained", "runs", "test-results", "__pycache__", ".*_cache")
WITHOUT_RIGHTS = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")  # even root then obeys a folder's permissions


class Group(NamedTuple):
    """A memory cgroup: its folder and the names of its files."""

    folder: Path
    limit: str
    peak: str
    kills: str


GROUPS = (
    Group(Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes", "memory.max_usage_in_bytes", "memory.oom_control"),
    Group(Path("/sys/fs/cgroup"), "memory.max", "memory.peak", "memory.events"),
)


@contextmanager
def limited(megabytes: int) -> Iterator[Group | None]:
    """Make a cgroup with so much memory for as long as a block lasts; None where that is not possible."""
    for group in GROUPS:
        folder = group.folder / f"siamese-lab-{os.getpid()}"
        try:
            folder.mkdir()
            (folder / group.limit).write_text(str(megabytes * 10**6), encoding="ascii")
        except OSError:
            if folder.is_dir():
                folder.rmdir()
            continue
        try:
            yield group._replace(folder=folder)
        finally:
            _remove(folder)
        return
    yield None


def _remove(folder: Path) -> None:
    """Remove a cgroup once the system has buried the last of its processes."""
    deadline = time.monotonic() + STOP_LIMIT
    while (folder / "cgroup.procs").read_text(encoding="ascii") and time.monotonic() < deadline:
        time.sleep(0.05)
    folder.rmdir()


def environment(python: str, folder: Path) -> Path:
    """Make an environment with requirements.txt alone, unless it is there, and return its Python."""
    own = folder / "bin" / "python"
    if not own.exists():
        print(f"installing requirements.txt into {folder}", flush=True)
        subprocess.run([python, "-m", "venv", str(folder)], check=True)
        pip = [str(own), "-m", "pip", "--disable-pip-version-check", "--quiet"]
        subprocess.run([*pip, "install", "-r", str(ROOT / "requirements.txt")], check=True)
    subprocess.run([str(own), "-m", "pip", "--disable-pip-version-check", "check"], check=True)
    return own


def read_only_copy(folder: Path) -> Path:
    """Copy the project into a folder that nobody may write to. Raises RuntimeError if one can all the same."""
    copy = folder / "code"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    for path in [copy, *copy.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    if subprocess.run([*WITHOUT_RIGHTS, "touch", str(copy / "new")], capture_output=True, check=False).returncode == 0:
        raise RuntimeError(f"{copy} can be written to: the proof would be none")
    return copy


def look_at_embeddings(address: str) -> list[str]:
    """Open Embeddings as a visitor, wait for its map, and return what went wrong."""
    charts: list[str] = []

    def show(kind: str, element: Any) -> None:
        if kind == "plotly_chart":
            charts.append(element.id)

    async def visit() -> list[str]:
        async with browsing(address, show, "Embeddings") as browser:
            if not await browser.until(lambda: bool(charts) and not browser.running, OPENING):
                browser.errors.append("Embeddings showed no map")
        return browser.errors

    return asyncio.run(visit())


def run(python: Path, code: Path, digits: list[list[Drawing]], megabytes: int, seconds: int) -> dict[str, Any]:
    """Run the app with so much memory, let visitors come, and return and print how it went."""
    training = megabytes >= TRAINING
    with tempfile.TemporaryDirectory() as folder, limited(megabytes) as group:
        into = ("sh", "-c", f'echo $$ > "{group.folder}/cgroup.procs" && exec "$@"', "sh") if group else ()
        command = (*into, *WITHOUT_RIGHTS, str(python))
        log, trained = Path(folder) / "log", Path(folder) / "trained"
        with serving(log, code / "streamlit_app.py", trained, command) as address:
            tally = asyncio.run(load(address, VISITORS, seconds, digits, training))
            tally.errors += look_at_embeddings(address)
            peak, kills = watched(group)
        tally.errors += RAISED.findall(log.read_text(encoding="utf-8"))
    return report(megabytes, tally, bool(group), peak, kills)


def watched(group: Group | None) -> tuple[float, int]:
    """Return the most MB that a cgroup has held, files of the disk's cache among them, and how many it has ended."""
    if not group:
        return 0.0, 0
    killed = re.search(r"^oom_kill (\d+)", (group.folder / group.kills).read_text(encoding="ascii"), re.MULTILINE)
    return int((group.folder / group.peak).read_text(encoding="ascii")) / 10**6, int(killed[1]) if killed else 0


def report(megabytes: int, tally: Tally, enforced: bool, peak: float, kills: int) -> dict[str, Any]:
    """Print how it went, and return it for a program."""
    answers = spread(tally.answers or [float("nan")])
    what = "and one who trains" if megabytes >= TRAINING else "and no training"
    how = f"enforced; at most {peak:.0f} MB held, cache of files included" if enforced else "only measured"
    print(f"{megabytes} MB, {how}: {VISITORS} visitors {what}, {tally.trainings} trainings")
    print(f"  resident memory of all its processes: at most {max(tally.family, default=0):.0f} MB")
    print(f"  answer to a stroke: median {answers['median']:.0f} ms, 95th percentile {answers['p95']:.0f} ms")
    print(f"  {kills} processes ended for memory, {tally.wrong} wrong, {tally.unanswered} not answered")
    for error in sorted(set(tally.errors)):
        print(f"  error: {error[:300]}")
    return {
        "limit_mb": megabytes, "enforced": enforced, "peak_mb": peak, "kills": kills, "errors": tally.errors,
        "resident_mb": max(tally.family, default=0), "answer_ms": answers, "trainings": tally.trainings,
        "wrong": tally.wrong, "unanswered": tally.unanswered,
    }  # fmt: skip


def main() -> None:
    """Run both, and exit with 1 if anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=sys.executable, help="the platform has 3.12 by itself")
    parser.add_argument("--environment", type=Path, help="a folder to keep it in; made anew and deleted without")
    parser.add_argument("--seconds", type=int, default=30)
    arguments = parser.parse_args()
    print(machine())
    digits = drawings_made_apart(STROKES, seed=0)
    with tempfile.TemporaryDirectory() as folder:
        python = environment(arguments.python, arguments.environment or Path(folder) / "environment")
        code = read_only_copy(Path(folder))
        loads = [run(python, code, digits, megabytes, arguments.seconds) for megabytes in (LOOKING, TRAINING)]
    finish("cloud", {"loads": loads})
    bad = any(each["errors"] or each["kills"] or each["wrong"] or each["unanswered"] for each in loads)
    sys.exit(bad or not loads[1]["trainings"])


if __name__ == "__main__":
    main()
