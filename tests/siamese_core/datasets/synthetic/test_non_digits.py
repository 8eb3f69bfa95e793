"""What is no digit is drawn in its four kinds, and two digits stand beside one another."""

import numpy as np
import pytest

from siamese_core.datasets.synthetic import non_digits
from siamese_core.datasets.synthetic.non_digits import SIGNS, doodle, no_digit, scribble, sign, two_digits
from siamese_core.datasets.synthetic.strokes import FORMS, parse


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("text", SIGNS)
def test_signs_are_well_formed_and_none_is_a_form_of_a_digit(text: str) -> None:
    points = np.concatenate([part for stroke in parse(text) for part in stroke])
    assert points.min() >= 0
    assert points.max() <= 100
    assert text not in {form for forms in FORMS.values() for form in forms}


@pytest.mark.parametrize("seed", range(20))
def test_two_digits_have_a_gap_between_them(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    lone = iter([[np.array([[0.0, 0.0], [50.0, 100.0]])], [np.array([[-20.0, 0.0], [30.0, 100.0]])]])
    monkeypatch.setattr(non_digits, "digit_strokes", lambda *_: next(lone))
    left, right = two_digits(rng(seed))
    assert left.tolist() == [[0, 0], [50, 100]]
    assert 5 <= right[:, 0].min() - left[:, 0].max() <= 35
    np.testing.assert_allclose(right[1] - right[0], [50, 100])


def test_all_kinds_come_up_and_a_generator_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    for a, b in zip(no_digit(rng(3)), no_digit(rng(3)), strict=True):
        np.testing.assert_array_equal(a, b)
    came: list[str] = []
    for kind in (sign, doodle, scribble, two_digits):
        monkeypatch.setattr(non_digits, kind.__name__, lambda _, name=kind.__name__: came.append(name))
    draws = rng()
    for _ in range(300):
        no_digit(draws)
    assert sorted(set(came)) == ["doodle", "scribble", "sign", "two_digits"]
    assert min(map(came.count, set(came))) > 40


def test_scribbles_have_one_to_three_strokes() -> None:
    draws = rng()
    assert {len(scribble(draws)) for _ in range(50)} == {1, 2, 3}


def test_doodles_have_two_or_three_strokes_some_with_corners() -> None:
    draws = rng()
    doodles = [doodle(draws) for _ in range(50)]
    assert {len(strokes) for strokes in doodles} == {2, 3}
