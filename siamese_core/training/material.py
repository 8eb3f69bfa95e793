"""What a run trains on: the images of its data set, what the project draws itself, and symbols."""

from typing import NamedTuple

import numpy as np

from siamese_core.config import IMAGE_SIZE, TrainingConfig
from siamese_core.datasets.dataset import Dataset, join
from siamese_core.datasets.synthetic.invented import invented_symbols
from siamese_core.datasets.synthetic.rendering import drawn_digits, drawn_non_digits

INVENTED_IMAGES = 8  # of each invented symbol


class Material(NamedTuple):
    """Images to train on; the first `digits` of them are no symbols."""

    images: Dataset
    digits: int


def gather(config: TrainingConfig, data: Dataset, symbols: Dataset | None = None) -> Material:
    """Return the images, followed by what the configuration adds to them: drawings of digits, of none, and symbols.

    All of that is of MNIST's size. Raises ValueError for images of another one.
    """
    if data.side != IMAGE_SIZE and (config.drawn or config.others or config.symbol_classes):
        raise ValueError(f"expected images of {IMAGE_SIZE} x {IMAGE_SIZE} beside drawn ones, got a side of {data.side}")
    parts = [data]
    if config.drawn:
        parts.append(drawn_digits(config.drawn, np.random.default_rng([config.seed, 2])).without(config.left_out))
    if config.others:
        parts.append(drawn_non_digits(config.others, np.random.default_rng([config.seed, 3])))
    digits = sum(map(len, parts))
    if config.symbol_classes and symbols is not None:
        parts.append(symbols)
    if config.symbol_classes and config.invented:
        parts.append(invented_symbols(config.invented, INVENTED_IMAGES, np.random.default_rng([config.seed, 4])))
    return Material(join(parts), digits)
