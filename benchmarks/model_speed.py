"""The speed of the shipped model: a pair on one core, 10,000 images, and the commands `compare` and `evaluate`."""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from PIL import Image

from benchmarks.report import finish, machine, spread, tell
from siamese_core.datasets.dataset import to_float
from siamese_core.datasets.mnist import load_test
from siamese_core.networks.model import load_model


def seconds_of(action: Callable[[int], object], repeats: int) -> list[float]:
    """Return the seconds of each call of the action, which gets the number of the call."""
    found = []
    for i in range(repeats):
        start = time.perf_counter()
        action(i)
        found.append(time.perf_counter() - start)
    return found


def command(*arguments: object) -> None:
    """Run a whole command, from the start of Python to its end."""
    subprocess.run([sys.executable, "-m", "siamese_core", *map(str, arguments)], check=True, capture_output=True)


def comparisons(repeats: int) -> list[float]:
    """Return the seconds of `compare` on two pictures of digits."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("a.png", "b.png")]
        for file, image in zip(files, load_test().images, strict=False):
            Image.fromarray(255 - image).resize((280, 280)).save(file)  # dark ink on light paper
        return seconds_of(lambda _: command("compare", *files), repeats)


def pairs_on_one_core() -> list[float]:
    """Return the milliseconds for each of 500 pairs; call it in a process of its own."""
    if hasattr(os, "sched_setaffinity"):  # elsewhere on all of them
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    model, images = load_model(), to_float(load_test().images)
    return [1_000 * s for s in seconds_of(lambda i: model.embed(images[2 * i : 2 * i + 2]), 500)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    print(machine())
    compared = comparisons(2 * arguments.runs)
    evaluated = seconds_of(lambda _: command("evaluate"), arguments.runs)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024  # MiB on Linux
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        pair = apart.submit(pairs_on_one_core).result()
    model, images = load_model(), to_float(load_test().images)
    many = seconds_of(lambda _: model.embed(images), arguments.runs)
    tell("embedding a pair, one core", pair, "ms")
    tell("embedding 10,000 digits", many, "s")
    tell("compare, the whole command", compared, "s", "at most 1")
    tell("evaluate, the whole command", evaluated, "s")
    print(f"evaluate, most memory: {peak:.0f} MiB")
    figures = {
        "pair_ms": spread(pair),
        "all_s": spread(many),
        "compare_s": spread(compared),
        "evaluate_s": spread(evaluated),
        "evaluate_mib": peak,
    }
    finish("model_speed", figures)


if __name__ == "__main__":
    main()
