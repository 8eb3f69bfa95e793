"""Sets of symbols: what teaching, renaming and forgetting make of them."""

import numpy as np
import pytest

from siamese_core.datasets import symbols as sy
from siamese_core.datasets.symbols import Example, Symbol, SymbolError


def drawing(grey: int) -> Example:
    return Example(bytes([grey]) * sy.PIXELS, (((1, 2), (3, 4)),))


HEART, STAR = Symbol("heart", (drawing(1),)), Symbol("star", (drawing(2),))
BOTH = (HEART, STAR)


def names(symbols: sy.Symbols) -> list[str]:
    return [symbol.name for symbol in symbols]


def test_a_new_name_is_a_new_symbol_and_a_known_one_gets_another_example() -> None:
    taught = sy.teach(sy.teach((), " my  heart ", drawing(1)), "My Heart", drawing(2))
    assert taught == (Symbol("my heart", (drawing(1), drawing(2))),)


def test_the_sixth_example_takes_the_place_of_the_oldest() -> None:
    taught: sy.Symbols = ()
    for grey in range(1, 7):
        taught = sy.teach(taught, "heart", drawing(grey))
    assert taught[0].examples == tuple(map(drawing, range(2, 7)))


def test_the_same_picture_is_no_second_example() -> None:
    with pytest.raises(SymbolError, match="an example of “heart” already"):
        sy.teach(BOTH, "heart", drawing(1))
    assert len(sy.teach(BOTH, "star", drawing(1))[1].examples) == 2


def test_a_set_has_an_end() -> None:
    full = tuple(Symbol(f"s{i}", (drawing(1),)) for i in range(sy.MOST_SYMBOLS))
    with pytest.raises(SymbolError, match="at most 30 symbols"):
        sy.teach(full, "one more", drawing(1))
    assert len(sy.teach(full, "s3", drawing(2))) == sy.MOST_SYMBOLS


@pytest.mark.parametrize("name", ["", "  ", "x" * 31, "a\0b", "\ud800", " unKnown"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(SymbolError):
        sy.checked_name(name)


@pytest.mark.parametrize("name", ["é", "ñandú", "♥", "Привет", "x" * 30, "a b", "*bold*", "👍🏽"])
def test_what_people_write_is_a_name(name: str) -> None:
    assert sy.checked_name(name) == name


def test_a_name_is_found_however_its_letters_are_coded() -> None:
    assert sy.find((Symbol("é", (drawing(1),)),), "E\u0301") is not None


def test_renaming() -> None:
    assert names(sy.rename(BOTH, "heart", "Heart")) == ["Heart", "star"]
    assert names(sy.rename(BOTH, "heart", "love")) == ["love", "star"]
    with pytest.raises(SymbolError, match="“STAR” already"):
        sy.rename(BOTH, "heart", "STAR")
    with pytest.raises(SymbolError, match="no symbol “moon”"):
        sy.rename(BOTH, "moon", "sun")


def test_forgetting_one_example_and_with_the_last_one_the_symbol() -> None:
    two = sy.teach(BOTH, "heart", drawing(7))
    assert sy.forget_example(two, "heart", drawing(1)) == (Symbol("heart", (drawing(7),)), STAR)
    assert sy.forget_example(BOTH, "heart", drawing(1)) == (STAR,)
    assert sy.forget(BOTH, "star") == (HEART,)


def test_the_examples_of_a_set_as_arrays() -> None:
    examples, labels = sy.examples_of(sy.teach(BOTH, "heart", drawing(7)))
    assert labels.tolist() == [0, 0, 1]
    assert sy.images_of(examples)[:, 0, 0].tolist() == [1, 7, 2]
    assert sy.images_of([]).shape == (0, 28, 28)


def test_strokes_are_rounded_and_thinned_but_keep_their_ends() -> None:
    image = np.full((28, 28), 0.5, np.float32)
    assert sy.example(image, [np.array([[1.2, 2.6], [1.3, 2.7], [9.0, 9.0]])]).strokes == (((1, 3), (9, 9)),)
    long = [np.arange(20_000.0).reshape(-1, 2)] * 3
    kept = sy.example(image, long).strokes
    assert sum(map(len, kept)) <= sy.MOST_POINTS
    assert {(stroke[0], stroke[-1]) for stroke in kept} == {((0, 1), (19_998, 19_999))}
    assert sy.example(image, [np.ones((1, 2))] * 201) == Example(bytes([128]) * 784)
