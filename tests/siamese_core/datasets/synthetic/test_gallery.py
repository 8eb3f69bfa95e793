"""The project's own letters, signs and symbols, each drawn some times under its name."""

import numpy as np

from siamese_core.datasets.synthetic.gallery import FORMS, drawn_symbols
from siamese_core.datasets.synthetic.non_digits import SIGNS
from siamese_core.datasets.synthetic.symbols import SYMBOLS


def test_every_form_is_drawn_under_its_name() -> None:
    found = drawn_symbols(2, np.random.default_rng(0))
    assert set(found.class_names) == set(SIGNS) | set(SYMBOLS) == set(FORMS)
    assert found.labels.tolist() == [label for label in range(len(FORMS)) for _ in range(2)]
    assert len(np.unique(found.images, axis=0)) == 2 * len(FORMS)
