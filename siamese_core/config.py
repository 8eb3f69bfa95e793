"""Every default in one place: paths, the canvas, limits and the training recipes.

No file is read at import; the paths are relative to this file.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

VERSION = "0.1.0"  # of the project, see CHANGELOG.md

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent
ASSETS = PACKAGE / "assets" if (PACKAGE / "assets").is_dir() else ROOT / "assets"  # the former where it is installed
MNIST_PATH = ASSETS / "mnist.npz"
SHIPPED_MODEL = ASSETS / "model"
ANYTHING_MODEL = ASSETS / "anything"  # for what is no digit
EXPLAINED = ASSETS / "explained"  # recorded trainings and two small networks, for How it works
RUNS = ROOT / "runs"  # the app offers the model folders in it beside the shipped model
TRAINED = ROOT / "trained"  # the visitors' runs, one folder each

CANVAS_SIZE = 280  # px, each canvas
PEN_WIDTH = 18  # px

IMAGE_SIZE = 28  # pixels, the side of an image as an encoder takes it, MNIST's
SIDES = (IMAGE_SIZE, 56)  # that an encoder can take
LEAST_TRAINING_IMAGES = 100  # a visitor can choose
MOST_DRAWN = 200_000  # synthetic images of a kind; drawing them takes some minutes
SYMBOL_IMAGES = 3  # of each class of symbols in a batch

EncoderName = Literal["dense", "small_conv", "conv", "lean_conv"]
Pairing = Literal["one_per_image", "some_per_image", "all_in_batch"]
OptimizerName = Literal["rmsprop", "adam", "muon"]
Look = Literal["ink", "grey"]  # how an encoder sees a picture: the ink on it alone, or as it is, in greys
Reduction = Literal["mean", "mean_nonzero", "by_kind"]  # how the terms of a loss become one number


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
    embedding_size: int
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
    columns: int = 1  # networks side by side, each with its own loss; more than one needs the pairing "all_in_batch"
    normalized: int = 0  # columns that see each image without slant and at one width, see `encoders`
    seed: int = 0
    per_image: int = 2  # partners of each kind, genuine and impostor, for the pairing "some_per_image"
    symbol_classes: int = 0  # classes of symbols in each batch, SYMBOL_IMAGES images of each; needs "all_in_batch"
    invented: int = 0  # synthetic symbols among them, each a class
    left_out: tuple[str, ...] = ()  # names of classes that are not trained on, to see what is made of the unseen

    def for_images(self, images: int) -> "TrainingConfig":
        """Return the settings for a data set with so many images to train on, at least 2.

        Of more images than there are, all are taken; min_equals keeps its proportion, and a batch is no larger.
        """
        taken = min(self.training_images, images)
        equals = round(self.min_equals / self.training_images * taken)
        batch = min(self.batch_size, taken)
        symbols = min(self.symbol_classes, (batch - 2) // SYMBOL_IMAGES)
        return replace(self, training_images=taken, min_equals=equals, batch_size=batch, symbol_classes=symbols)

    @property
    def reduction(self) -> Reduction:
        """Return how the terms of the loss become one number, in training and in its curves."""
        return "by_kind" if self.pairing == "all_in_batch" else "mean"

    def __post_init__(self) -> None:
        """Raise ValueError for settings that cannot be trained."""
        object.__setattr__(self, "left_out", tuple(self.left_out))  # JSON has only lists
        self._check_ranges()
        self._check_combinations()

    def _check_ranges(self) -> None:
        images = self.training_images
        for name in ("epochs", "columns", "embedding_size", "per_image"):
            self._expect(name, "of at least 1", getattr(self, name) >= 1)
        self._expect("training_images", "of at least 2", images >= 2)
        self._expect("seed", "of at least 0", self.seed >= 0)
        for name in ("margin", "learning_rate"):
            self._expect(name, "to be positive and finite", 0 < getattr(self, name) < float("inf"))
        self._expect("min_equals", f"from 0 to training_images ({images})", 0 <= self.min_equals <= images)
        self._expect("batch_size", f"from 2 to training_images ({images})", 2 <= self.batch_size <= images)
        for name in ("drawn", "others", "invented"):
            self._expect(name, f"from 0 to {MOST_DRAWN}", 0 <= getattr(self, name) <= MOST_DRAWN)
        most = (self.batch_size - 2) // SYMBOL_IMAGES
        self._expect("symbol_classes", f"from 0 to {most}, as in a batch", 0 <= self.symbol_classes <= most)
        self._expect("normalized", f"from 0 to columns ({self.columns})", 0 <= self.normalized <= self.columns)

    def _check_combinations(self) -> None:
        size, columns, dense = self.embedding_size, self.columns, self.encoder == "dense"
        self._expect("embedding_size", f"to be a multiple of columns ({columns})", size % columns == 0)
        self._expect("columns", "of 1 with the dense encoder", columns == 1 or not dense)
        if self.pairing != "all_in_batch":
            plain = {"drawn": 0, "others": 0, "symbol_classes": 0, "columns": 1, "loss": "contrastive"}
            for name, value in plain.items():
                self._expect(name, f"to be {value} with the pairing {self.pairing}", getattr(self, name) == value)

    def _expect(self, name: str, what: str, holds: bool) -> None:
        if not holds:
            raise ValueError(f"expected {name} {what}, got {getattr(self, name)}")


ARTICLE_MIN_EQUALS = 15_000  # of the 40,000 training images
ARTICLE_THRESHOLD = 0.5  # in units of the margin: the article's fixed threshold, at which it measures the accuracy

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
)

ANYTHING = replace(
    SHIPPED,
    recipe="anything",
    encoder="lean_conv",
    embedding_size=128,
    epochs=21,
    drawn=10_000,
    symbol_classes=40,
    invented=500,
)

RECIPES = {"article": ARTICLE, "fast": FAST, "shipped": SHIPPED, "anything": ANYTHING}
