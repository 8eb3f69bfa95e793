"""Lake's 20-way one-shot test: find the character of an alphabet never seen, from one example of each of twenty.

The test is of Lake, Salakhutdinov, Tenenbaum, "Human-level concept learning through probabilistic program induction",
Science 350, 2015, and not part of the project: 20 runs of 20 trials. The file is a NumPy archive without pickle:
`support` and `query` (20, 20, side, bytes) uint8, bitmaps of a bit a pixel, 1 where there is ink, and `query_label`
(20, 20), which of a run's support is of the query's class. The examples are by one person, the queries by another. A
network is right where the right example is the nearest. Published: people 95.5 %, Bayesian program learning 96.7 %
(Lake 2015), a convolutional Siamese network 92.0 % (Koch, Zemel, Salakhutdinov, "Siamese Neural Networks for One-shot
Image Recognition", 2015).
"""

import argparse
from pathlib import Path

import numpy as np

from benchmarks.report import finish, machine
from siamese_core.config import SHIPPED_MODEL
from siamese_core.datasets.dataset import to_float
from siamese_core.datasets.omniglot import bitmap_images
from siamese_core.metrics.confidence import share_interval
from siamese_core.metrics.distances import distances_to_all
from siamese_core.networks.card import read_card, write_card
from siamese_core.networks.model import load_model

PUBLISHED = {
    "Bayesian program learning (Lake and others, 2015)": 0.967,
    "people (Lake and others, 2015)": 0.955,
    "convolutional Siamese network (Koch and others, 2015)": 0.920,
    "pixels, nearest neighbour (Lake and others, 2015)": 0.217,
}


def read_trials(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read a file of trials: support and query images (runs, 20, 28, 28) uint8, and the right answers (runs, 20)."""
    with np.load(path, allow_pickle=False) as file:
        bits = [np.unpackbits(file[name], axis=-1)[..., : file[name].shape[-2]] for name in ("support", "query")]
        right = file["query_label"].astype(np.int64)
    support, query = (
        bitmap_images(each.reshape(-1, *each.shape[2:]).astype(bool)).reshape(*each.shape[:2], 28, 28) for each in bits
    )
    return support, query, right


def right_answers(support: np.ndarray, query: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return which queries (n, d) have the support of their class nearest, of embeddings (m, d): (n,) bool."""
    return np.asarray(distances_to_all(query, support).argmin(axis=1) == right)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--model", type=Path, default=SHIPPED_MODEL, metavar="DIR")
    parser.add_argument("--card", action="store_true", help="keep the figures in the model's card")
    arguments = parser.parse_args()
    if arguments.file is None:
        print("Nothing measured: it needs a file of trials, see --help.")
        return
    print(machine())
    model = load_model(arguments.model)
    support, query, right = read_trials(arguments.file)
    runs = [
        right_answers(model.embed(to_float(s)), model.embed(to_float(q)), r)
        for s, q, r in zip(support, query, right, strict=True)
    ]
    hits, n = int(np.sum(runs)), right.size
    _, low, high = share_interval(hits, n)
    worst = np.mean(runs, axis=1).min()
    print(f"this network: {hits} of {n}, {hits / n:.1%} ({low:.1%} to {high:.1%}); worst run {worst:.0%}")
    for who, share in PUBLISHED.items():
        print(f"{who}: {share:.1%}")
    found = {"right": hits, "trials": n, "share": hits / n, "low": low, "high": high}
    if arguments.card:
        write_card(arguments.model, {**read_card(arguments.model), "one_shot": found})
    finish("one_shot", {**found, "published": PUBLISHED})


if __name__ == "__main__":
    main()
