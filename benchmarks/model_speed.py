"""What the shipped model costs: embedding a pair and 10,000 digits, and the command `evaluate` with its memory."""

import argparse
import resource
import subprocess
import sys
import time

from benchmarks.report import finish, machine, spread, tell
from siamese_core.data import load_test, to_float
from siamese_core.startup import import_tensorflow


def pair_milliseconds(repeats: int) -> list[float]:
    """Return milliseconds for the distance of one pair, over test digits."""
    from siamese_core.model import load_model

    model, images = load_model(), to_float(load_test().images)
    model.embed(images[:2])
    found = []
    for i in range(repeats):
        start = time.perf_counter()
        model.embed(images[2 * i : 2 * i + 2])
        found.append(1_000 * (time.perf_counter() - start))
    return found


def all_seconds(repeats: int) -> list[float]:
    """Return seconds for the embeddings of all 10,000 test digits."""
    from siamese_core.model import load_model

    model, images = load_model(), to_float(load_test().images)
    model.embed(images[:500])
    found = []
    for _ in range(repeats):
        start = time.perf_counter()
        model.embed(images)
        found.append(time.perf_counter() - start)
    return found


def evaluate_seconds(repeats: int) -> list[float]:
    """Return seconds of the whole command `evaluate`, TensorFlow's import included."""
    found = []
    for _ in range(repeats):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "siamese_core", "evaluate"], check=True, capture_output=True)
        found.append(time.perf_counter() - start)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    print(machine())
    evaluated = evaluate_seconds(arguments.runs)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024  # MiB on Linux
    import_tensorflow()
    pair, many = pair_milliseconds(500), all_seconds(arguments.runs)
    tell("embedding a pair", pair, "ms")
    tell("embedding 10,000 digits", many, "s")
    tell("evaluate, the whole command", evaluated, "s")
    print(f"evaluate, most memory: {peak:.0f} MiB")
    figures = {"pair_ms": spread(pair), "all_s": spread(many), "evaluate_s": spread(evaluated), "evaluate_mib": peak}
    finish("model_speed", figures)


if __name__ == "__main__":
    main()
