"""Every default in one place: paths, the canvas, limits and the training recipes.

Nothing here is read from a file at import; the paths derive from this file's own place.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"
MNIST_PATH = ASSETS / "mnist.npz"
SHIPPED_MODEL = ASSETS / "model"
RUNS = ROOT / "runs"  # model folders in it are offered in the app beside the shipped model
TRAINED = ROOT / "trained"  # the runs of visitors, one folder each

CANVAS_SIZE = 280  # px, each canvas
PEN_WIDTH = 18  # px

IMAGE_SIZE = 28  # pixels a side of every digit the encoder sees
LEAST_TRAINING_IMAGES = 100  # that a visitor can choose
MOST_DRAWN = 200_000  # some minutes of drawing

EncoderName = Literal["dense", "small_conv", "conv"]
Pairing = Literal["one_per_image", "some_per_image", "all_in_batch"]
OptimizerName = Literal["rmsprop", "adam", "muon"]
Reduction = Literal["mean", "mean_nonzero", "by_kind"]  # how the terms of a loss become one number

PROTOTYPE_TEMPERATURE, PROTOTYPE_WEIGHT = 0.07, 2.0  # of the second part of an embedding


@dataclass(frozen=True)
class TrainingConfig:
    """What defines a training run. Two equal configurations give the same model on the same machine.

    The pairing "one_per_image" matches every image once, as the article does, and `min_equals` acts on the training;
    "some_per_image" matches each with `per_image` others of its class and as many of other classes; "all_in_batch"
    embeds each image of a batch once and uses every pair of them, genuine and impostor pairs weighing the same in all.
    With these two, `min_equals` only says on which pairs the accuracy on training images is counted.
    """

    recipe: str
    encoder: EncoderName
    embedding_size: int  # of the trained embedding, before prototypes add to it
    pairing: Pairing
    training_images: int  # the first so many behind the article's 2,000 validation images, which no recipe trains on
    epochs: int
    margin: float
    min_equals: int
    batch_size: int
    optimizer: OptimizerName
    learning_rate: float
    decay: bool  # the learning rate follows half a cosine down to zero
    augment: bool
    loss: str = "contrastive"  # one of `training.losses.LOSSES`; any other one only over all pairs of a batch
    drawn: int = 0  # digits that the project draws itself, to train on as well
    others: int = 0  # drawings of no digit, to train on as well, each of a class of its own
    prototypes: bool = False  # whether the trained encoder gets a second part, see `networks.encoders.with_prototypes`
    columns: int = 1  # encoders side by side, each learning by itself; only over all pairs of a batch if more than one
    normalized: int = 0  # of the columns see each digit without its slant and of one width, see `networks.encoders`
    seed: int = 0
    per_image: int = 2  # partners of each kind, for the pairing "some_per_image"

    @property
    def reduction(self) -> Reduction:
        """Return how the terms of the loss become one number, in the training and wherever it is drawn."""
        return "by_kind" if self.pairing == "all_in_batch" else "mean"

    def __post_init__(self) -> None:
        """Refuse settings that cannot be trained with one sentence."""
        checks = (
            (self.epochs >= 1, f"epochs must be at least 1, got {self.epochs}"),
            (0 < self.margin < float("inf"), f"margin must be a positive number, got {self.margin}"),
            (
                self.training_images >= 2,
                f"training_images must be at least 2, got {self.training_images}",
            ),
            (
                0 <= self.min_equals <= self.training_images,
                f"min_equals must lie between 0 and the number of training images, {self.training_images}; "
                f"got {self.min_equals}",
            ),
            (
                2 <= self.batch_size <= self.training_images,
                f"batch_size must lie between 2 and the number of training images, got {self.batch_size}",
            ),
            (0 < self.learning_rate < float("inf"), f"learning_rate must be positive, got {self.learning_rate}"),
            *(
                (
                    0 <= n <= MOST_DRAWN and (n == 0 or self.pairing == "all_in_batch"),
                    f"{name} must lie between 0 and {MOST_DRAWN}, and be 0 unless the pairing is all_in_batch, got {n}",
                )
                for name, n in (("drawn", self.drawn), ("others", self.others))
            ),
            (
                self.loss == "contrastive" or self.pairing == "all_in_batch",
                f"loss must be contrastive unless the pairing is all_in_batch, got {self.loss}",
            ),
            (
                self.columns == 1 or (self.columns > 1 and self.pairing == "all_in_batch" and self.encoder != "dense"),
                f"columns must be at least 1, and 1 with the dense encoder or unless the pairing is all_in_batch, "
                f"got {self.columns}",
            ),
            (
                0 <= self.normalized <= self.columns,
                f"normalized must lie between 0 and the number of columns, {self.columns}, got {self.normalized}",
            ),
            (
                self.embedding_size % max(self.columns, 1) == 0,
                f"embedding_size must be a multiple of the columns, {self.columns}, got {self.embedding_size}",
            ),
            (
                not self.prototypes or self.encoder != "dense",
                f"prototypes must be False with the dense encoder, whose embeddings have no length of 1, "
                f"got {self.prototypes}",
            ),
            (self.embedding_size >= 1, f"embedding_size must be at least 1, got {self.embedding_size}"),
            (self.per_image >= 1, f"per_image must be at least 1, got {self.per_image}"),
            (self.seed >= 0, f"seed must not be negative, got {self.seed}"),
        )
        for holds, sentence in checks:
            if not holds:
                raise ValueError(sentence)


ARTICLE_MIN_EQUALS = 15_000  # of the 40,000 training images
ARTICLE_LIMIT = 0.5  # the article's fixed limit on the distance in units of the margin, for the accuracy as it counts

ARTICLE = TrainingConfig(
    recipe="article",
    encoder="dense",
    embedding_size=128,
    pairing="one_per_image",
    training_images=40_000,
    epochs=20,
    margin=1.0,
    min_equals=ARTICLE_MIN_EQUALS,
    batch_size=128,
    optimizer="rmsprop",
    learning_rate=1e-3,
    decay=False,
    augment=False,
)

FAST = TrainingConfig(
    recipe="fast",
    encoder="small_conv",
    embedding_size=64,
    pairing="all_in_batch",
    training_images=40_000,
    epochs=1,
    margin=1.0,
    min_equals=ARTICLE_MIN_EQUALS,
    batch_size=96,
    optimizer="adam",
    learning_rate=3e-3,
    decay=True,
    augment=False,
)

SHIPPED = TrainingConfig(
    recipe="shipped",
    encoder="conv",
    embedding_size=96,
    pairing="all_in_batch",
    training_images=53_000,  # of MNIST's 55,000 all but the article's 2,000 for validation
    epochs=28,
    margin=1.0,
    min_equals=ARTICLE_MIN_EQUALS,
    batch_size=256,
    optimizer="muon",
    learning_rate=2e-3,
    decay=True,
    augment=True,
    loss="supervised_contrastive",
    drawn=8_000,
    others=4_000,
    columns=4,
    normalized=2,
    prototypes=True,
)

RECIPES = {"article": ARTICLE, "fast": FAST, "shipped": SHIPPED}
