"""The time and memory of counting all pairs of the test images, of a robustness and of an occlusion."""

import argparse
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import numpy as np

from benchmarks.report import finish, machine, spread, tell
from siamese_core.datasets.dataset import to_float
from siamese_core.datasets.mnist import load_test
from siamese_core.imaging.distort import AMOUNTS
from siamese_core.metrics import curves as rates
from siamese_core.metrics import resampling
from siamese_core.metrics.counting import count_pairs
from siamese_core.metrics.robustness import robustness
from siamese_core.metrics.summary import report, special_thresholds
from siamese_core.networks.model import load_model
from siamese_core.networks.occlusion import occlude


def peak() -> float:
    """Return the most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def seconds(action: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of an action, and those of processor time."""
    start, used = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - start, time.process_time() - used


def counting() -> tuple[float, float, float]:
    """Count all pairs of the shipped model's test embeddings: seconds, processor time, MB; in a process of its own."""
    model, labels = load_model(), load_test().labels
    assert model.test_embeddings is not None
    embeddings, before = np.array(model.test_embeddings), peak()
    return *seconds(lambda: count_pairs(embeddings, labels, 10, special_thresholds(model.card))), peak() - before


def answering() -> dict[str, float]:
    """Return the milliseconds of what a move of the slider asks for, and of the report."""
    model, labels = load_model(), load_test().labels
    assert model.test_embeddings is not None
    counted = count_pairs(model.test_embeddings, labels, 10, special_thresholds(model.card))
    curves, threshold = counted.curves, model.threshold
    asked = {
        "eer": lambda: resampling.eer(curves),
        "intervals": lambda: (resampling.far_interval(curves, threshold), resampling.frr_interval(curves, threshold)),
        "bands": lambda: (resampling.far_band(curves), resampling.frr_band(curves)),
        "histogram": lambda: rates.histogram(curves),
        "report": lambda: report(counted, threshold, model.calibration),
    }
    return {name: min(1_000 * seconds(action)[0] for _ in range(5)) for name, action in asked.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = range(parser.parse_args().runs)
    print(machine())
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as workers:
        wall, used, memory = zip(*[workers.submit(counting).result() for _ in runs], strict=True)
    tell("49,995,000 pairs counted", wall, "s", "8 s")
    tell("  processor time", used, "s")
    tell("  memory beyond the embeddings", memory, "MB", "150 MB")
    model, test = load_model(), load_test()
    images = to_float(test.images[:500])
    figures = {"count_s": spread(wall), "count_cpu_s": spread(used), "count_mb": spread(memory)}
    for canonical in (False, True):
        measured = partial(robustness, model, images, test.labels[:500], "turn", AMOUNTS["turn"], model.threshold)
        times = [seconds(partial(measured, canonical=canonical))[0] for _ in runs]
        tell(f"robustness, 500 images, 9 amounts, canonical {canonical}", times, "s", "3 s")
        figures[f"robustness_canonical_{canonical}_s".lower()] = spread(times)
    pairs = zip(images[:20:2], images[1:20:2], strict=True)
    times = [seconds(partial(occlude, model, left, right))[0] for left, right in pairs]
    tell("occlusion of a pair", times, "s", "1 s")
    finish("evaluate", figures | {"occlusion_s": spread(times), "answers_ms": answering()})


if __name__ == "__main__":
    main()
