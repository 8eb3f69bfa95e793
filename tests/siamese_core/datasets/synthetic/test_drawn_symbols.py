"""The symbols that the project draws itself."""

import numpy as np
import pytest

from siamese_core.config import CANVAS_SIZE
from siamese_core.datasets.symbol_file import from_file, to_file
from siamese_core.datasets.symbols import checked_name
from siamese_core.datasets.synthetic.drawn_symbols import drawn_example, opening_symbols, symbol_strokes
from siamese_core.datasets.synthetic.non_digits import SIGNS
from siamese_core.datasets.synthetic.symbols import OPENING, SYMBOLS


@pytest.mark.parametrize("name", SYMBOLS)
def test_every_symbol_can_be_drawn_and_lies_in_the_middle_of_the_canvas(name: str) -> None:
    assert checked_name(name) == name
    for rng in (None, np.random.default_rng(0)):
        points = np.concatenate(symbol_strokes(name, rng))
        assert points.min() >= 0.19 * CANVAS_SIZE
        assert points.max() <= 0.81 * CANVAS_SIZE
        assert np.allclose((points.min(axis=0) + points.max(axis=0)) / 2, CANVAS_SIZE / 2)


def test_no_two_symbols_look_the_same() -> None:
    assert len({drawn_example(name).picture for name in SYMBOLS}) == len(SYMBOLS)
    assert not set(SYMBOLS.values()) & set(SIGNS)


def test_a_variation_is_another_drawing_and_the_same_seed_the_same() -> None:
    plain, one, again = (symbol_strokes("heart", rng) for rng in (None, *map(np.random.default_rng, (1, 1))))
    assert not np.allclose(plain[0], one[0], atol=1)
    assert np.array_equal(one[0], again[0])


def test_the_page_opens_with_a_set_that_can_be_saved() -> None:
    opening = opening_symbols()
    assert tuple(symbol.name for symbol in opening) == OPENING
    assert all(len(symbol.examples) == 1 and symbol.examples[0].strokes for symbol in opening)
    assert from_file(to_file(opening)) == opening
