"""The metrics of three encoders: the article's, the one of Keras's contrastive example, and the shipped one.

The first two are trained here, on the same 40,000 images; the example's network and settings are those of "Image
similarity estimation using a Siamese Network with a contrastive loss" (keras.io, M. Khalid, 2021), rewritten. The
shipped network is the one in assets/model, which was trained by `python -m siamese_core train --recipe shipped`. Each
gets its threshold from all pairs of the same 5,000 validation images and is measured on all 49,995,000 pairs of the
test images; with --pens also on digits drawn with a pen, see `benchmarks/pen_digits.py`.
"""

import argparse
import dataclasses
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.pen_digits import Drawn, draw_pens, read_pens
from benchmarks.report import finish, machine, spread, tell
from siamese_core.config import ARTICLE, SHIPPED_MODEL, TrainingConfig
from siamese_core.datasets.article import training_part
from siamese_core.datasets.dataset import Dataset, Splits, to_float
from siamese_core.datasets.mnist import load_mnist
from siamese_core.datasets.pairs import create_balanced_pairs
from siamese_core.metrics.distances import knn_accuracy, nearest
from siamese_core.networks.card import KERAS_FILE
from siamese_core.networks.quiet_tensorflow import import_tensorflow

if TYPE_CHECKING:
    import keras

    from siamese_core.networks.model import SiameseModel

MARGIN, BATCH, EPOCHS = 1.0, 16, 10  # the Keras example's
EMBEDDING_SIZE = 10
NAMES = {"article": "the article's", "keras_example": "the Keras example's", "shipped": "shipped"}
FIGURES = {
    "eer": "EER",
    "balanced_accuracy": "balanced accuracy",
    "far": "FAR",
    "frr": "FRR",
    "one_nn": "1-NN among them",
}


def keras_example(digits: Dataset, seed: int) -> "keras.Model":
    """Train the example's network on one genuine and one impostor pair for each image; return its encoder."""
    import keras
    from keras import layers, ops

    keras.utils.set_random_seed(seed)
    image = layers.Input((28, 28))
    x = layers.Reshape((28, 28, 1))(image)
    x = layers.BatchNormalization()(x)
    for filters in (4, 16):
        x = layers.Conv2D(filters, 5, activation="tanh")(x)
        x = layers.AveragePooling2D(2)(x)
    x = layers.BatchNormalization()(layers.Flatten()(x))
    encoder = keras.Model(image, layers.Dense(EMBEDDING_SIZE, activation="tanh")(x))

    left, right = layers.Input((28, 28)), layers.Input((28, 28))
    square = ops.sum(ops.square(encoder(left) - encoder(right)), axis=1, keepdims=True)
    apart = layers.BatchNormalization()(ops.sqrt(ops.maximum(square, keras.config.epsilon())))
    siamese = keras.Model([left, right], layers.Dense(1, activation="sigmoid")(apart))

    def loss(different: "keras.KerasTensor", found: "keras.KerasTensor") -> "keras.KerasTensor":
        return ops.mean((1 - different) * ops.square(found) + different * ops.square(ops.maximum(MARGIN - found, 0)))

    pairs = create_balanced_pairs(digits.labels, per_image=1, rng=np.random.default_rng(seed))
    images = to_float(digits.images)
    siamese.compile(loss=loss, optimizer="rmsprop")
    different = (1 - pairs.same)[:, None]
    siamese.fit([images[pairs.left], images[pairs.right]], different, batch_size=BATCH, epochs=EPOCHS, verbose=0)
    return encoder


def trained(name: str, config: TrainingConfig, splits: Splits) -> "SiameseModel":
    """Train one of the two on the article's training images and fit its threshold on the validation images."""
    from siamese_core.training.finishing import finish as fit
    from siamese_core.training.loop import train_encoder
    from siamese_core.training.parts import prepare

    start = time.perf_counter()
    digits = training_part(splits, config.training_images)
    encoder = keras_example(digits, config.seed) if name == "keras_example" else train_encoder(config, digits)
    return fit(encoder, config, prepare(config, splits), time.perf_counter() - start, splits.validation)


def measured(model: "SiameseModel", splits: Splits, pens: Drawn | None) -> dict[str, float]:
    """Measure a model on the test images, and on pen digits if given."""
    from siamese_core.metrics import report

    assert model.test_embeddings is not None
    found = report.measure(model.test_embeddings, splits.test.labels, model.threshold)._asdict()
    kept = {name: found[name] for name in FIGURES}
    kept |= {"parameters": parameters(model), "seconds": model.card["training_seconds"]}
    near = nearest(model.test_embeddings, model.embed(to_float(splits.train.images)), 1).indices
    kept["one_nn_training"] = knn_accuracy(splits.train.labels[near], splits.test.labels)
    if pens:
        drawn = report.measure(model.embed(pens.images), pens.labels, model.threshold)._asdict()
        kept |= {f"pen_{name}": drawn[name] for name in FIGURES}
    return kept


def parameters(model: "SiameseModel") -> int:
    """Return how many parameters the encoder of a model has: one that was just trained, or the shipped one."""
    from siamese_core.networks.keras_encoder import KerasEncoder, read_keras

    encoder = model.encoder if isinstance(model.encoder, KerasEncoder) else read_keras(SHIPPED_MODEL / KERAS_FILE)
    return int(encoder.model.count_params())


def main() -> None:
    """Train, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--pens", type=Path, metavar="FILE", help="pen digits, see benchmarks/pen_digits.py")
    arguments = parser.parse_args()
    import_tensorflow()
    from siamese_core.networks.model import load_model

    print(machine())
    splits = load_mnist()
    pens = draw_pens(read_pens(arguments.pens), np.random.default_rng(0)) if arguments.pens else None
    found: dict[str, list[dict[str, float]]] = {name: [] for name in NAMES}
    for seed in range(arguments.seeds):
        for name in ("article", "keras_example"):
            model = trained(name, dataclasses.replace(ARTICLE, seed=seed), splits)
            found[name].append(measured(model, splits, pens))
    found["shipped"].append(measured(load_model(), splits, pens))
    for name, runs in found.items():
        print(f"{NAMES[name]} encoder, {runs[0]['parameters']:,} parameters")
        tell("  seconds of training", [run["seconds"] for run in runs], "s")
        tell("  test digits, 1-NN against 55,000 training digits", [100 * run["one_nn_training"] for run in runs], "%")
        for prefix, on in (("", "test digits"), ("pen_", "pen digits")):
            for key, label in FIGURES.items():
                if prefix + key in runs[0]:
                    tell(f"  {on}, {label}", [100 * run[prefix + key] for run in runs], "%")
    finish(
        "encoders",
        {name: {key: spread([run[key] for run in runs]) for key in runs[0]} for name, runs in found.items()},
    )


if __name__ == "__main__":
    main()
