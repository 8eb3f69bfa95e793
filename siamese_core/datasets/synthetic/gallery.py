"""Symbols that the project draws itself, as images beside which a drawing can be placed."""

from collections.abc import Iterable

import numpy as np

from siamese_core.datasets.dataset import Dataset
from siamese_core.datasets.synthetic.non_digits import SIGNS
from siamese_core.datasets.synthetic.rendering import images_of
from siamese_core.datasets.synthetic.strokes import parse, vary
from siamese_core.datasets.synthetic.symbols import SYMBOLS

UNTRAINED = {name: form for name, form in SYMBOLS.items() if name not in SIGNS}  # on which no network is trained
FORMS = SIGNS | UNTRAINED


def drawn_symbols(each: int, rng: np.random.Generator, names: Iterable[str] = FORMS) -> Dataset:
    """Draw letters, signs and symbols, all that the project knows by name or some, `each` times: images (n, 28, 28)."""
    forms = [FORMS[name] for name in names]
    labels = np.repeat(np.arange(len(forms), dtype=np.int64), each)
    images = images_of((vary(parse(forms[label]), rng) for label in labels.tolist()), rng)
    return Dataset("drawn symbols", images, labels, tuple(names))
