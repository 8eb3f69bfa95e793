"""Every default in one place: paths, the canvas, limits and the training recipes.

No file is read at import; the paths are relative to this file.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"
MNIST_PATH = ASSETS / "mnist.npz"
SHIPPED_MODEL = ASSETS / "model"
RUNS = ROOT / "runs"  # the app offers the model folders in it beside the shipped model
TRAINED = ROOT / "trained"  # the visitors' runs, one folder each

CANVAS_SIZE = 280  # px, each canvas
PEN_WIDTH = 18  # px

IMAGE_SIZE = 28  # pixels, the side of every image an encoder takes
LEAST_TRAINING_IMAGES = 100  # a visitor can choose
MOST_DRAWN = 200_000  # synthetic images of a kind; drawing them takes some minutes

EncoderName = Literal["dense", "small_conv", "conv"]
Pairing = Literal["one_per_image", "some_per_image", "all_in_batch"]
OptimizerName = Literal["rmsprop", "adam", "muon"]
Reduction = Literal["mean", "mean_nonzero", "by_kind"]  # how the terms of a loss become one number

PROTOTYPE_TEMPERATURE, PROTOTYPE_WEIGHT = 0.07, 2.0  # see `encoders.with_prototypes`


@dataclass(frozen=True)
class TrainingConfig:
    """The settings of a training run. Equal settings give the same model on the same machine.

    The pairing "one_per_image" trains on the article's pairs: one partner for every image, and the first `min_equals`
    images get a partner of their own class. "some_per_image" gives every image `per_image` partners of its own class
    and as many of other classes. "all_in_batch" embeds each image of a batch once and uses every pair of the batch,
    with equal total weight for genuine and impostor pairs. With the last two, `min_equals` only determines the pairs on
    which the training accuracy is measured.
    """

    recipe: str
    encoder: EncoderName
    embedding_size: int  # of the trained embedding, before prototypes extend it
    pairing: Pairing
    training_images: int  # taken after the article's 2,000 validation images, on which no recipe trains
    epochs: int
    margin: float
    min_equals: int
    batch_size: int
    optimizer: OptimizerName
    learning_rate: float
    decay: bool  # the learning rate follows half a cosine down to zero
    augment: bool
    loss: str = "contrastive"  # one of `training.losses.LOSSES`; any other needs the pairing "all_in_batch"
    drawn: int = 0  # synthetic digits to train on as well
    others: int = 0  # synthetic non-digits to train on as well, each a class of its own
    prototypes: bool = False  # whether class probabilities extend the embedding, see `encoders.with_prototypes`
    columns: int = 1  # networks side by side, each with its own loss; more than one needs the pairing "all_in_batch"
    normalized: int = 0  # columns that see each image without slant and at one width, see `encoders`
    seed: int = 0
    per_image: int = 2  # partners of each kind, genuine and impostor, for the pairing "some_per_image"

    @property
    def reduction(self) -> Reduction:
        """Return how the terms of the loss become one number, in training and in its curves."""
        return "by_kind" if self.pairing == "all_in_batch" else "mean"

    def __post_init__(self) -> None:
        """Raise ValueError for settings that cannot be trained."""
        checks = (
            (self.epochs >= 1, f"expected epochs of at least 1, got {self.epochs}"),
            (0 < self.margin < float("inf"), f"expected margin to be positive and finite, got {self.margin}"),
            (
                self.training_images >= 2,
                f"expected training_images of at least 2, got {self.training_images}",
            ),
            (
                0 <= self.min_equals <= self.training_images,
                f"expected min_equals from 0 to the number of training images, {self.training_images}, "
                f"got {self.min_equals}",
            ),
            (
                2 <= self.batch_size <= self.training_images,
                f"expected batch_size from 2 to the number of training images, {self.training_images}, "
                f"got {self.batch_size}",
            ),
            (
                0 < self.learning_rate < float("inf"),
                f"expected learning_rate to be positive and finite, got {self.learning_rate}",
            ),
            *(
                (
                    0 <= n <= MOST_DRAWN and (n == 0 or self.pairing == "all_in_batch"),
                    f"expected {name} from 0 to {MOST_DRAWN}, and 0 unless the pairing is all_in_batch, got {n}",
                )
                for name, n in (("drawn", self.drawn), ("others", self.others))
            ),
            (
                self.loss == "contrastive" or self.pairing == "all_in_batch",
                f"expected the loss contrastive unless the pairing is all_in_batch, got {self.loss}",
            ),
            (
                self.columns == 1 or (self.columns > 1 and self.pairing == "all_in_batch" and self.encoder != "dense"),
                f"expected columns of at least 1, and 1 with the dense encoder or unless the pairing is all_in_batch, "
                f"got {self.columns}",
            ),
            (
                0 <= self.normalized <= self.columns,
                f"expected normalized from 0 to the number of columns, {self.columns}, got {self.normalized}",
            ),
            (
                self.embedding_size % max(self.columns, 1) == 0,
                f"expected embedding_size to be a multiple of columns, {self.columns}, got {self.embedding_size}",
            ),
            (
                not self.prototypes or self.encoder != "dense",
                f"expected prototypes to be False with the dense encoder, whose embeddings are not of length 1, "
                f"got {self.prototypes}",
            ),
            (self.embedding_size >= 1, f"expected embedding_size of at least 1, got {self.embedding_size}"),
            (self.per_image >= 1, f"expected per_image of at least 1, got {self.per_image}"),
            (self.seed >= 0, f"expected seed of at least 0, got {self.seed}"),
        )
        for holds, sentence in checks:
            if not holds:
                raise ValueError(sentence)


ARTICLE_MIN_EQUALS = 15_000  # of the 40,000 training images
ARTICLE_LIMIT = 0.5  # in units of the margin: the article's fixed threshold, at which it measures the accuracy

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
    training_images=53_000,  # MNIST's 55,000 without the article's 2,000 for validation
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
