"""How many non-digits a model recognises as novel: letters and signs, scribbles, two digits on one canvas.

No model is trained on these letters, signs or ways of scribbling. Each drawing is varied as in handwriting and turned
into an image as the canvas would.
"""

import argparse
from pathlib import Path

import numpy as np

from benchmarks.report import finish, machine
from siamese_core.config import SHIPPED_MODEL
from siamese_core.datasets.dataset import to_float
from siamese_core.datasets.mnist import load_mnist
from siamese_core.datasets.synthetic.non_digits import two_digits
from siamese_core.datasets.synthetic.rendering import drawn_digits, seen
from siamese_core.datasets.synthetic.strokes import parse, vary
from siamese_core.networks.quiet_tensorflow import import_tensorflow

CAPITALS = {
    "C": "86,18 50,0 12,30 12,72 50,100 88,82",
    "D": "20,0 20,100 | 56,94 84,64 82,28 54,4 14,0",
    "G": "84,16 50,0 14,26 12,72 48,100 84,84 | 84,56 | 54,56",
    "J": "66,0 66,76 | 46,100 20,92 14,72",
    "L": "20,0 20,100 | 80,98",
    "P": "22,100 20,0 | 62,0 84,20 68,46 20,50",
    "Q": "50,0 14,22 10,70 48,98 86,72 84,22 50,0; 58,66 98,104",
    "U": "14,0 16,72 | 50,102 84,70 86,0",
    "V": "8,0 48,100 | 90,0",
    "Y": "10,0 50,46 | 90,0; 50,46 50,100",
}
SMALL = {
    "a": "80,20 46,0 14,36 24,84 56,86 80,24 | 80,92 96,100",
    "e": "12,52 84,48 | 76,10 42,0 12,36 20,84 54,100 88,82",
    "h": "20,0 20,100 | 24,58 52,42 76,58 78,100",
    "k": "22,0 22,100; 72,40 24,70 | 76,100",
    "m": "8,100 10,10 | 24,4 44,20 46,100 | 52,14 72,2 88,24 90,100",
    "n": "16,100 18,8 | 44,0 76,16 80,100",
    "r": "24,100 24,4 | 34,18 56,0 80,10",
    "w": "4,4 20,90 36,96 50,20 | 58,92 78,94 96,2",
    "x with hooks": "10,14 30,6 66,96 90,86; 90,4 12,98",
}
SIGNS = {
    "arrow": "4,50 96,50 | 70,26; 96,50 70,76",
    "spiral": "52,50 60,42 66,56 48,66 34,48 52,26 82,44 74,84 34,90 8,52 24,10",
    "house": "10,44 50,0 | 90,44; 16,44 16,100 | 84,100 | 84,44; 42,100 42,68 | 60,68 | 60,100",
    "tree": "50,100 50,50; 20,60 50,0 | 80,60 | 20,60",
    "question mark": "16,22 44,0 78,18 66,42 48,56 48,72; 48,94 48,98",
    "lightning": "62,0 24,54 | 70,44 | 34,100",
    "percent": "84,0 12,100; 26,4 8,18 24,32 38,18 26,4; 76,66 60,82 76,98 90,82 76,66",
    "hash": "34,0 26,100; 74,0 66,100; 4,34 98,32; 2,68 96,66",
}
FORMS = {"capitals": CAPITALS, "small letters": SMALL, "signs": SIGNS}
KINDS = (*FORMS, "scribbles", "two digits")


def pictures(kind: str, n: int, rng: np.random.Generator) -> np.ndarray:
    """Draw n images of a kind, (n, 28, 28) float32 in [0, 1]."""
    return np.stack([seen(_strokes(kind, rng), rng) for _ in range(n)])


def _strokes(kind: str, rng: np.random.Generator) -> list[np.ndarray]:
    if kind == "two digits":
        return two_digits(rng)
    if kind == "scribbles":
        return vary(((_hatching(rng),),), rng) if rng.random() < 0.5 else vary(((_circling(rng),),), rng)
    forms = list(FORMS[kind].values())
    return vary(parse(forms[rng.integers(len(forms))]), rng)


def _hatching(rng: np.random.Generator) -> np.ndarray:
    """Return the points of a line back and forth across the box, (k, 2)."""
    k = int(rng.integers(7, 16))
    return np.stack([np.linspace(0, 100, k), np.tile([0.0, 100.0], k)[:k] + rng.normal(0, 15, k)], axis=1)


def _circling(rng: np.random.Generator) -> np.ndarray:
    """Return the points of some turns about a moving centre, (k, 2)."""
    angle = np.linspace(0, 2 * np.pi * rng.uniform(2.5, 5), 40)
    return np.stack([30 * np.cos(angle) + np.linspace(0, rng.uniform(40, 120), 40), 40 * np.sin(angle)], axis=1)


def main() -> None:
    """Print the share of each kind, and of real digits, that lies beyond the model's limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=500, help="drawings of each kind")
    parser.add_argument("--model", type=Path, default=SHIPPED_MODEL)
    arguments = parser.parse_args()
    import_tensorflow()
    from siamese_core.networks.model import load_model

    model, rng = load_model(arguments.model), np.random.default_rng(arguments.n)
    if model.test_embeddings is None or model.novelty_limit is None:
        raise SystemExit("this model has no limit for what is no digit")
    sets = {kind: pictures(kind, arguments.n, rng) for kind in KINDS}
    sets["digits drawn here"] = to_float(drawn_digits(arguments.n, rng).images)
    sets["MNIST's validation digits"] = to_float(load_mnist().validation.images)
    print(machine())
    found = {}
    for kind, images in sets.items():
        beyond = model.is_novel(model.embed(images))
        found[kind] = float(beyond.mean())
        print(f"{kind}: {beyond.sum()} of {len(beyond)} noticed, {100 * found[kind]:.1f} %", flush=True)
    finish("non_digits", {"limit": model.novelty_limit, "noticed": found})


if __name__ == "__main__":
    main()
