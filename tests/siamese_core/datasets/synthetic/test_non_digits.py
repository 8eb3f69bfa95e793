"""What is no digit is drawn in its four kinds, and two digits stand beside one another."""

import numpy as np
import pytest

from siamese_core.datasets.synthetic.non_digits import SIGNS, doodle, no_digit, scribble, sign, two_digits
from siamese_core.datasets.synthetic.strokes import FORMS, STEPS, digit_strokes, parse


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def same_strokes(a: list[np.ndarray], b: list[np.ndarray]) -> bool:
    return len(a) == len(b) and all(np.array_equal(one, other) for one, other in zip(a, b, strict=True))


@pytest.mark.parametrize("text", SIGNS.values())
def test_signs_are_well_formed_and_none_is_a_form_of_a_digit(text: str) -> None:
    points = np.concatenate([part for stroke in parse(text) for part in stroke])
    assert points.min() >= 0
    assert points.max() <= 100
    assert text not in {form for forms in FORMS.values() for form in forms}


@pytest.mark.parametrize("seed", range(20))
def test_two_digits_have_a_gap_between_them(seed: int) -> None:
    draws = rng(seed)  # the same draws: which two, then how each is written
    left, right = (digit_strokes(int(label), draws) for label in draws.integers(10, size=2))
    found = two_digits(rng(seed))
    assert same_strokes(found[: len(left)], left)
    moved = found[len(left) :]
    (shift, down), *_ = moved[0] - right[0]
    assert down == 0
    for stroke, unmoved in zip(moved, right, strict=True):
        np.testing.assert_allclose(stroke - unmoved, np.broadcast_to((shift, 0), unmoved.shape), atol=1e-9)
    assert 5 <= np.concatenate(moved)[:, 0].min() - np.concatenate(left)[:, 0].max() <= 35


def test_what_is_drawn_is_one_of_four_kinds_and_each_comes_up() -> None:
    came: list[str] = []
    for seed in range(200):
        found = no_digit(rng(seed))
        for kind in (sign, doodle, scribble, two_digits):
            draws = rng(seed)
            draws.integers(4)  # has chosen the kind
            if same_strokes(found, kind(draws)):
                came.append(kind.__name__)
    assert len(came) == 200
    assert min(came.count(name) for name in ("sign", "doodle", "scribble", "two_digits")) > 30


def test_a_generator_repeats_and_another_draws_something_else() -> None:
    assert same_strokes(no_digit(rng(3)), no_digit(rng(3)))
    assert not same_strokes(no_digit(rng(3)), no_digit(rng(4)))


def test_scribbles_have_one_to_three_strokes() -> None:
    draws = rng()
    assert {len(scribble(draws)) for _ in range(50)} == {1, 2, 3}


def test_doodles_have_two_or_three_strokes_some_with_corners() -> None:
    draws = rng()
    doodles = [doodle(draws) for _ in range(50)]
    assert {len(strokes) for strokes in doodles} == {2, 3}
    parts = {len(stroke) % STEPS for strokes in doodles for stroke in strokes}  # each has one point more than its steps
    assert parts == {1, 2, 3}, "smooth, with one corner, with two"
