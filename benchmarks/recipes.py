"""The accuracy of the recipes, on the article's pairs, and the time they take, over several seeds.

Each seed draws its own pairs, weights and dropout; the validation pairs are the same for all.
"""

import argparse
import dataclasses

from benchmarks.report import finish, machine, spread, tell
from siamese_core.config import ARTICLE, FAST, TrainingConfig
from siamese_core.datasets.dataset import Splits
from siamese_core.datasets.mnist import load_mnist
from siamese_core.networks.quiet_tensorflow import import_tensorflow

ACCURACIES = {
    "train_accuracy": "training pairs, limit of half the margin",
    "train_accuracy_at_threshold": "training pairs, fitted threshold",
    "validation_accuracy": "validation pairs, limit of half the margin",
    "validation_accuracy_at_threshold": "validation pairs, fitted threshold",
}


def measure(config: TrainingConfig, splits: Splits) -> dict[str, float]:
    """Train once; return the accuracies, the balanced accuracy on all test pairs, and the training's seconds."""
    from siamese_core.training.recipes import train

    card = train(config, splits).card
    figures = {name: card["figures"][name] for name in ACCURACIES}
    test = {"test_balanced_accuracy": card["test"]["balanced_accuracy"]}
    return {**figures, **test, "seconds": card["training_seconds"]}


def main() -> None:
    """Train both recipes in turns and print the spread."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    import_tensorflow()
    splits = load_mnist()
    print(machine())
    found: dict[str, list[dict[str, float]]] = {"article": [], "fast": []}
    for seed in range(arguments.seeds):
        for config in (ARTICLE, FAST):
            found[config.recipe].append(measure(dataclasses.replace(config, seed=seed), splits))
    result = {}
    for recipe, runs in found.items():
        print(f"recipe {recipe}")
        for name in runs[0]:
            values = [run[name] for run in runs]
            unit = "s" if name == "seconds" else ""
            tell(f"  {ACCURACIES.get(name, name.replace('_', ' '))}", values, unit)
            result[f"{recipe}_{name}"] = spread(values)
    finish("recipes", result)


if __name__ == "__main__":
    main()
