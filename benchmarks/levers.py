"""What each lever does to the training of the shipped network: one changed at a time, over several seeds.

Each training is one column of the shipped recipe, but by Adam and short: 3 epochs over 33,000 of MNIST's training
digits and what the project draws; those named "long" are by Muon, over 6 epochs. It is measured on 25,000 digits that
no training here sees, by the mean EER over all pairs of five blocks of 5,000, and with --pens on digits drawn with a
pen, as `benchmarks/pen_digits.py` has them. "cost" is the processor time of the training, with the preparing of MNIST's
digits if the lever prepares them, as a multiple of the unchanged one's. A training has one core, and as many run at
once as there are cores. With --results a run that was cut off goes on where it ended, and levers can be added later.
"""

import argparse
import dataclasses
import json
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import numpy as np
from scipy import ndimage

from benchmarks.pen_digits import draw_pens, read_pens
from benchmarks.report import finish, machine, spread
from siamese_core import drawn
from siamese_core.config import IMAGE_SIZE, SHIPPED, TEMPERATURE, TrainingConfig
from siamese_core.data import Digits, load_mnist, to_float, training_slice
from siamese_core.preprocess import stroke_width
from siamese_core.startup import import_tensorflow

if TYPE_CHECKING:
    import keras

    from siamese_core.training import Progress

BASE = dataclasses.replace(
    SHIPPED,
    columns=1,
    normalized=0,
    embedding_size=32,
    training_images=33_000,
    drawn=15_000,
    others=5_000,
    epochs=3,
    optimizer="adam",
)
AS_THEN = {"training.PROTOTYPE_WEIGHT": 2.0, "augment.SHIFT": 1.0, "augment.ZOOM": 0.08}  # when the first of these ran
LONG = {"optimizer": "muon", "epochs": 2 * BASE.epochs}
NONE_DRAWN, FEWER_DRAWN = {"drawn": 0, "others": 0}, {"drawn": 5_000, "others": 2_000}
BLOCK = 5_000  # digits whose pairs are all compared
DRAWN = {"drawn_digits": 2, "drawn_others": 3}  # what the training draws, and the stream of random numbers for it
ENOUGH_DRAWN = 25_000
PENS = "pens.npz"
EVEN_WIDTH = 2.5  # pixels: near the mean of MNIST's strokes
SHIFTS = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))  # pixels


@dataclass(frozen=True)
class Lever:
    """One change: to the configuration, to attributes of the core's modules, or to the images before they are seen."""

    says: str
    config: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)  # "module.attribute" of the core to what stands for it
    prepare: Callable[[np.ndarray], np.ndarray] | None = None  # of one image (28, 28) uint8, the same
    average: bool = False  # the weights over the chunks of the last epoch
    shifts: tuple[tuple[int, int], ...] = SHIFTS[:1]  # the embedding is the mean over the image shifted by these


def slant_removed(image: np.ndarray) -> np.ndarray:
    """Shear an image so that its ink leans neither way, by its second moments."""
    ink = image.astype(float)
    y, x = np.indices(ink.shape)
    centre = np.array([(ink * y).sum(), (ink * x).sum()]) / ink.sum()
    down, right = y - centre[0], x - centre[1]
    lean = np.clip((ink * down * right).sum() / max((ink * down * down).sum(), 1e-9), -0.6, 0.6)
    shear = np.array([[1.0, 0.0], [lean, 1.0]])
    moved = ndimage.affine_transform(ink, shear, centre - shear @ np.full(2, (IMAGE_SIZE - 1) / 2), order=1)
    return np.round(np.clip(moved, 0, 255)).astype(np.uint8)


def stroke_evened(image: np.ndarray) -> np.ndarray:
    """Blend an image with its 2 x 2 maximum or minimum so that its strokes come closest to the even width."""
    blends = [
        image + share * (change(image, size=2).astype(float) - image)
        for change in (ndimage.grey_dilation, ndimage.grey_erosion)
        for share in (0, 0.25, 0.5, 0.75, 1)
    ]
    best = min(blends, key=lambda blend: abs(stroke_width(blend / 255) - EVEN_WIDTH) if blend.any() else np.inf)
    return np.round(best).astype(np.uint8)


def elastic(pixels: float) -> Callable[[Any, Any], Any]:
    """Return the project's random changes followed by smooth random shifts of each part, `pixels` on average (rms)."""

    def change(images: Any, seed: Any) -> Any:
        import tensorflow as tf

        from siamese_core.augment import augment

        seeds = tf.random.split(seed, 2)
        images = augment(images, seeds[0])
        n, side = tf.shape(images)[0], IMAGE_SIZE
        field = tf.image.resize(pixels * tf.random.stateless_normal([n, 6, 6, 2], seeds[1]), [side, side], "bicubic")
        grid = tf.range(float(side))
        y, x = grid[:, None] + field[..., 0], grid + field[..., 1]
        top, left = tf.floor(y), tf.floor(x)
        padded = tf.reshape(tf.pad(images, [[0, 0], [1, 1], [1, 1]]), [n, (side + 2) ** 2])

        def at(row: Any, column: Any) -> Any:
            row, column = (tf.cast(tf.clip_by_value(v + 1, 0, side + 1.0), tf.int32) for v in (row, column))
            taken = tf.gather(padded, tf.reshape(row * (side + 2) + column, [n, side * side]), batch_dims=1)
            return tf.reshape(taken, [n, side, side])

        down, right = y - top, x - left
        upper = at(top, left) * (1 - right) + at(top, left + 1) * right
        lower = at(top + 1, left) * (1 - right) + at(top + 1, left + 1) * right
        return upper * (1 - down) + lower * down

    return change


def multi_similarity(embeddings: Any, same: Any, _: float) -> Any:
    """Return the multi-similarity loss with its mining of hard pairs (Wang, Han and others, CVPR 2019), a scalar."""
    import tensorflow as tf

    pull, push, middle, slack = 2.0, 40.0, 0.5, 0.1
    cosine = tf.matmul(embeddings, embeddings, transpose_b=True)
    genuine, impostor = same - tf.eye(tf.shape(same)[0]), 1 - same
    nearest_impostor = tf.reduce_max(tf.where(impostor > 0, cosine, -9.0), 1, keepdims=True)
    farthest_genuine = tf.reduce_min(tf.where(genuine > 0, cosine, 9.0), 1, keepdims=True)
    genuine *= tf.cast(cosine - slack < nearest_impostor, tf.float32)
    impostor *= tf.cast(cosine + slack > farthest_genuine, tf.float32)
    pulled = tf.reduce_sum(genuine * tf.exp(-pull * (cosine - middle)), 1)
    pushed = tf.reduce_sum(impostor * tf.exp(push * (cosine - middle)), 1)
    return tf.reduce_mean(tf.math.log1p(pulled) / pull + tf.math.log1p(pushed) / push)


def hard_partners(_: TrainingConfig, embeddings: Any, same: Any) -> Any:
    """Return the supervised contrastive loss in which only partners farther than their mean count."""
    import tensorflow as tf

    from siamese_core import loss

    itself = tf.eye(tf.shape(same)[0])
    partners = same - itself
    cosine = tf.matmul(embeddings, embeddings, transpose_b=True)
    mean = tf.math.divide_no_nan(tf.reduce_sum(partners * cosine, 1), tf.reduce_sum(partners, 1))
    far = partners * tf.cast(cosine <= mean[:, None], tf.float32)
    return loss.supervised_contrastive(embeddings, itself + far, TEMPERATURE)


def staged(*stages: tuple[int, int, bool]) -> dict[str, Any]:
    return {"encoders.STAGES": stages}


def changes(**constants: float) -> dict[str, Any]:
    return {f"augment.{name}": value for name, value in constants.items()}


SLOPPY = changes(SHIFT=2.0, ZOOM=0.16)
LEVERS = {  # the first is the training unchanged
    "base": Lever("one column, unchanged"),
    "no_prototypes": Lever("without prototypes", {"prototypes": False}),
    "two_columns": Lever("two columns", {"columns": 2, "embedding_size": 64}),
    "three_narrow": Lever(
        "three columns of 16, 32 and 64 filters",
        {"columns": 3, "embedding_size": 48},
        staged((16, 5, True), (32, 3, True), (64, 3, False)),
    ),
    "longer": Lever("twice the epochs", {"epochs": 2 * BASE.epochs}),
    "muon": Lever("Muon instead of Adam", {"optimizer": "muon"}),
    "rate_1": Lever("learning rate 0.001 instead of 0.002", {"learning_rate": 1e-3}),
    "rate_4": Lever("learning rate 0.004", {"learning_rate": 4e-3}),
    "drawn_0": Lever("no drawn digits and non-digits", NONE_DRAWN),
    "drawn_25": Lever("25,000 drawn digits instead of 15,000", {"drawn": ENOUGH_DRAWN}),
    "contrastive": Lever("contrastive loss, margin 1", {"loss": "contrastive"}),
    "multi_similarity": Lever(
        "multi-similarity loss with its hard pairs", {}, {"loss.supervised_contrastive": multi_similarity}
    ),
    "hard_partners": Lever(
        "only genuine pairs farther than an image's mean", {}, {"training._embedding_loss": hard_partners}
    ),
    "temperature_05": Lever("temperature 0.05 instead of 0.1", {}, {"training.TEMPERATURE": 0.05}),
    "temperature_20": Lever("temperature 0.2", {}, {"training.TEMPERATURE": 0.2}),
    "embedding_16": Lever("16 numbers instead of 32", {"embedding_size": 16}),
    "embedding_64": Lever("64 numbers", {"embedding_size": 64}),
    "plain": Lever("no residual convolutions", {}, staged((24, 5, False), (48, 3, False), (96, 3, False))),
    "first_3": Lever("first kernel 3 x 3 instead of 5 x 5", {}, staged((24, 3, True), (48, 3, True), (96, 3, False))),
    "wide": Lever("32, 64 and 128 filters", {}, staged((32, 5, True), (64, 3, True), (128, 3, False))),
    "batch_128": Lever("batches of 128 instead of 256", {"batch_size": 128, "learning_rate": 1.4e-3}),
    "average": Lever("weights averaged over the last epoch", average=True),
    "shifts": Lever("mean embedding over five shifts", shifts=SHIFTS),
    "elastic_6": Lever("elastic changes of 0.6 pixels as well", {}, {"training.augment": elastic(0.6)}),
    "elastic_10": Lever("elastic changes of 1 pixel as well", {}, {"training.augment": elastic(1.0)}),
    "thickness_0": Lever("no change of thickness", {}, changes(THICKEN=0.0)),
    "turn_half": Lever("half of turn and shear", {}, changes(TURN=0.13, SHEAR=0.15)),
    "turn_more": Lever("turn and shear by a third more", {}, changes(TURN=0.35, SHEAR=0.4)),
    "no_tilt": Lever("no tilt", {}, changes(PERSPECTIVE=0.0)),
    "sloppy": Lever("shifts of 2 pixels, twice the zoom", {}, SLOPPY),
    "slant": Lever("slant removed", prepare=slant_removed),
    "normalized": Lever("slant removed and width made the same, in the encoder", {"normalized": 1}),
    "three_columns": Lever("three columns", {"columns": 3, "embedding_size": 96}),
    "three_mixed": Lever(
        "three columns, two of them with normalised digits", {"columns": 3, "embedding_size": 96, "normalized": 2}
    ),
    "even": Lever("strokes made of even width", prepare=stroke_evened),
    "long": Lever("Muon and twice the epochs", LONG),
    "long_drawn_0": Lever("the same, no drawn digits and non-digits", LONG | NONE_DRAWN),
    "long_sloppy": Lever("the same, with them, shifts of 2 pixels, twice the zoom", LONG, SLOPPY),
    "long_sloppy_fewer": Lever("the same, only 5,000 drawn digits, 2,000 non-digits", LONG | FEWER_DRAWN, SLOPPY),
}


class Average:
    """The mean of an encoder's weights after each chunk of the last epoch."""

    def __init__(self) -> None:
        self._sum: list[np.ndarray] = []
        self._count = 0

    def on_start(self, encoder: "keras.Model", _: int) -> None:
        """Keep the encoder."""
        self._encoder = encoder

    def on_progress(self, progress: "Progress") -> None:
        """Add its weights, and give it their mean after the last chunk."""
        if progress.step > progress.steps * (1 - 1 / BASE.epochs):
            weights = self._encoder.get_weights()
            self._sum = [a + b for a, b in zip(self._sum, weights, strict=True)] if self._sum else weights
            self._count += 1
        if progress.step == progress.steps:
            self._encoder.set_weights([total / self._count for total in self._sum])


def train_one(name: str, seed: int, folder: Path) -> dict[str, Any]:
    """Train with one lever changed, and measure: a row of the results. It runs in a process of its own."""
    import_tensorflow()
    from siamese_core import training

    lever = LEVERS[name]
    config = dataclasses.replace(BASE, seed=seed, **lever.config)
    splits = load_mnist()
    average = Average() if lever.average else None
    listeners = (average.on_progress, average.on_start) if average else ()
    with ExitStack() as patches:
        for target, value in (AS_THEN | lever.attributes).items():
            patches.enter_context(mock.patch(f"siamese_core.{target}", value))
        for kind in DRAWN:
            digits = prepared(lever, read(folder / f"{kind}_{seed}.npz"))
            patches.enter_context(mock.patch.object(training, kind, partial(first, digits)))
        start = time.process_time()
        encoder = training.train_encoder(config, prepared(lever, training.training_digits(config, splits)), *listeners)
        seconds = time.process_time() - start
    held_out = [
        Digits(splits.train.images[i : i + BLOCK], splits.train.labels[i : i + BLOCK])
        for i in range(training_slice(BASE.training_images).stop, len(splits.train.labels), BLOCK)
    ]
    row = {"lever": name, "seed": seed, "seconds": seconds}
    row["held_out"] = float(np.mean([eer(encoder, lever, block) for block in [*held_out, splits.validation]]))
    if (folder / PENS).exists():
        row["pens"] = eer(encoder, lever, read(folder / PENS))
    return row


def eer(encoder: "keras.Model", lever: Lever, digits: Digits) -> float:
    from siamese_core.evaluation import all_pairs, equal_error_rate_of
    from siamese_core.model import SiameseModel

    images = to_float(prepared(lever, digits).images)
    embed = SiameseModel(encoder, {}).embed
    views = [embed(np.roll(images, shift, axis=(1, 2))) for shift in lever.shifts]
    return float(equal_error_rate_of(all_pairs(np.mean(views, axis=0), digits.labels)).rate)


def prepared(lever: Lever, digits: Digits) -> Digits:
    if lever.prepare is None:
        return digits
    return Digits(np.stack([lever.prepare(image) for image in digits.images]), digits.labels)


def first(digits: Digits, n: int, _: np.random.Generator) -> Digits:
    return Digits(digits.images[:n], digits.labels[:n])


def read(path: Path) -> Digits:
    with np.load(path, allow_pickle=False) as file:
        return Digits(file["images"], file["labels"])


def draw(folder: Path, seed: int) -> None:
    """Draw what the trainings of a seed draw, once for all of them: fewer are the first of these."""
    for kind, stream in DRAWN.items():
        n = ENOUGH_DRAWN if kind == "drawn_digits" else BASE.others
        digits = getattr(drawn, kind)(n, np.random.default_rng([seed, stream]))
        np.savez(folder / f"{kind}_{seed}.npz", **digits._asdict())


def table(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Print what each lever does, a line of Markdown each, and return it."""
    cost = {row["seed"]: row["seconds"] for row in rows if row["lever"] == "base"}
    found = {}
    print("| what | MNIST held out, EER | pen digits, EER | cost | runs |\n| --- | --- | --- | --- | --- |")
    for name, lever in LEVERS.items():
        runs = [row for row in rows if row["lever"] == name]
        if not runs:
            continue
        cells = []
        for kind in ("held_out", "pens"):
            values = [100 * row[kind] for row in runs if kind in row]
            mean = f"{np.mean(values):.2f} % ({min(values):.2f} to {max(values):.2f})" if values else ""
            cells.append(mean)
            found[f"{name} {kind}"] = spread(values) if values else None
        costs = [row["seconds"] / cost[row["seed"]] for row in runs if row["seed"] in cost]
        cells.append(f"{np.median(costs):.1f}" if costs else "")
        print(f"| {lever.says} | {' | '.join(cells)} | {len(runs)} |", flush=True)
    return found


def main() -> None:
    """Train what is not yet among the results, and print all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "levers", nargs="*", choices=["all", *LEVERS], metavar="LEVER", help=f"all, {', '.join(LEVERS)}"
    )
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--pens", type=Path, metavar="FILE", help="pen digits, see benchmarks/pen_digits.py")
    parser.add_argument("--results", type=Path, metavar="FILE", help="JSON lines, one for each training; goes on there")
    arguments = parser.parse_args()
    if not arguments.levers:
        print("Nothing trained: name the levers, or all for an hour or two of training, see --help.")
        return
    print(machine())
    names = list(LEVERS) if "all" in arguments.levers else arguments.levers
    kept = arguments.results
    rows = [json.loads(line) for line in kept.read_text().splitlines()] if kept and kept.exists() else []
    done = {(row["lever"], row["seed"]) for row in rows}
    todo = [(name, seed) for name in names for seed in range(arguments.seeds) if (name, seed) not in done]
    os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["TF_NUM_INTEROP_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        if arguments.pens:
            pens = draw_pens(read_pens(arguments.pens), np.random.default_rng(0))
            np.savez(folder / PENS, images=np.round(255 * pens.images).astype(np.uint8), labels=pens.labels)
        workers = ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn"), max_tasks_per_child=1)
        with workers:
            list(workers.map(partial(draw, folder), sorted({seed for _, seed in todo})))
            for run in as_completed([workers.submit(train_one, *task, folder) for task in todo]):
                rows.append(run.result())
                print(json.dumps(rows[-1]), flush=True)
                if kept:
                    kept.write_text("".join(json.dumps(row) + "\n" for row in rows))
    finish("levers", table(rows))


if __name__ == "__main__":
    main()
