"""Every form can be written, the pen keeps to its points and corners, and hands differ without losing the form."""

import re

import numpy as np
import pytest

from siamese_core.datasets.synthetic import strokes
from siamese_core.datasets.synthetic.strokes import FORMS, digit_strokes, smooth, vary

VARIATION = ("FLICKED", "STRAY", "STROKE_STRAY", "TREMBLE", "BEND", "LEAN", "TURN", "WIDTH", "TO_THE_RIGHT")
POINT = r"-?\d+,-?\d+"


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def form(text: str) -> tuple[tuple[np.ndarray, ...], ...]:
    return strokes.parse(text)


@pytest.mark.parametrize("text", [text for forms in FORMS.values() for text in forms])
def test_forms_are_well_formed_and_lie_about_their_box(text: str) -> None:
    assert re.fullmatch(rf"{POINT}( {POINT}| \| {POINT}|; {POINT})+", text)
    points = np.concatenate([part for stroke in form(text) for part in stroke])
    assert points.min() >= -20
    assert points.max() <= 120
    assert np.ptp(points[:, 1]) > 80


def test_every_digit_has_forms_and_none_twice() -> None:
    assert sorted(FORMS) == list(range(10))
    texts = [text for forms in FORMS.values() for text in forms]
    assert len(set(texts)) == len(texts)


def test_parts_begin_where_the_last_ended() -> None:
    (first, second), (bar,) = form("10,3 88,0 | 40,100; 30,50 80,47")
    assert first.tolist() == [[10, 3], [88, 0]]
    assert second.tolist() == [[88, 0], [40, 100]]
    assert bar.tolist() == [[30, 50], [80, 47]]


def test_a_curve_runs_through_its_points_in_their_order() -> None:
    points = rng().uniform(0, 100, (6, 2))
    np.testing.assert_allclose(smooth(points)[:: strokes.STEPS], points)


def test_points_on_a_line_give_that_line_and_points_on_a_circle_nearly_that_circle() -> None:
    line = smooth(np.array([[0.0, 0.0], [1.0, 2.0], [2.0, 4.0], [3.0, 6.0]]))
    np.testing.assert_allclose(line[:, 1], 2 * line[:, 0])
    angles = np.linspace(0, 2 * np.pi, 13)
    circle = smooth(np.stack([np.cos(angles), np.sin(angles)], axis=1))
    np.testing.assert_allclose(np.hypot(*circle.T), 1, atol=0.03)


def test_without_its_draws_the_form_is_written_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIATION:
        monkeypatch.setattr(strokes, name, 0.0)
    text = FORMS[7][6]
    written = vary(form(text), rng())
    assert len(written) == 2
    for path, parts in zip(written, form(text), strict=True):
        np.testing.assert_allclose(path, np.concatenate([smooth(part) for part in parts]))


@pytest.mark.parametrize("name", [name for name in VARIATION if name not in ("TO_THE_RIGHT", "FLICKED")])
def test_each_draw_changes_the_writing_and_two_hands_differ(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for other in VARIATION:
        if other != name:
            monkeypatch.setattr(strokes, other, 0.0)
    one, two = (vary(form(FORMS[4][0]), rng(seed)) for seed in (0, 1))
    assert all(np.abs(a - b).max() > 0.01 for a, b in zip(one, two, strict=True))


def test_a_flick_adds_a_point_at_either_end_and_leaves_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    for other in VARIATION:
        monkeypatch.setattr(strokes, other, 0.0)
    monkeypatch.setattr(strokes, "FLICKED", 1.0)
    ((plain,),), (flicked,) = form("0,0 100,0"), vary(form("0,0 100,0"), rng())
    assert np.abs(flicked[:: strokes.STEPS][1:-1] - plain).max() < 1e-9
    for end, point in ((flicked[0], plain[0]), (flicked[-1], plain[-1])):
        assert 0 < np.hypot(*(end - point)) < 6 * strokes.FLICK


def test_the_forms_themselves_stay_as_they_are() -> None:
    before = [part.copy() for stroke in form(FORMS[7][6]) for part in stroke]
    vary(form(FORMS[7][6]), rng())
    after = [part for stroke in form(FORMS[7][6]) for part in stroke]
    for a, b in zip(before, after, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_generator_repeats_and_all_forms_come_up() -> None:
    for a, b in zip(digit_strokes(7, rng(3)), digit_strokes(7, rng(3)), strict=True):
        np.testing.assert_array_equal(a, b)
    draws = rng()
    counts = {len(digit_strokes(7, draws)) for _ in range(60)}
    assert counts == {1, 2}  # with and without a bar


@pytest.mark.parametrize("label", [-1, 10])
def test_a_label_must_be_a_digit(label: int) -> None:
    with pytest.raises(ValueError, match=f"expected a label from 0 to 9, got {label}"):
        digit_strokes(label, rng())
