"""Symbols that the project draws itself, as images beside which a drawing can be placed."""

import numpy as np

from siamese_core.datasets.dataset import Dataset
from siamese_core.datasets.synthetic.non_digits import SIGNS
from siamese_core.datasets.synthetic.rendering import images_of
from siamese_core.datasets.synthetic.strokes import parse, vary
from siamese_core.datasets.synthetic.symbols import SYMBOLS

FORMS = SIGNS | {name: form for name, form in SYMBOLS.items() if name not in SIGNS}


def drawn_symbols(each: int, rng: np.random.Generator) -> Dataset:
    """Draw every letter, sign and symbol that the project knows by name `each` times: images (n, 28, 28)."""
    labels = np.repeat(np.arange(len(FORMS), dtype=np.int64), each)
    forms = list(FORMS.values())
    images = images_of((vary(parse(forms[label]), rng) for label in labels.tolist()), rng)
    return Dataset("drawn symbols", images, labels, tuple(FORMS))
