"""From drawing to digit: cases worked out by hand, MNIST itself as the oracle, properties, golden images, bad input.

`python -m tests.siamese_core.imaging.test_canonical` draws the golden images anew; look at them before you keep them.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from siamese_core.datasets.dataset import to_float
from siamese_core.datasets.mnist import load_test
from siamese_core.imaging.canonical import Stages, canvas_stages, canvas_to_image, ink_to_digit
from siamese_core.imaging.picture_error import PictureError
from tests.drawing import DIGITS, canvas, coloured, grey_rgba, ink

GOLDEN = Path(__file__).with_name("golden")
GOLDEN_OPTIONS: dict[str, tuple[int, dict[str, Any]]] = {  # name of a golden image -> how its canvas is drawn
    **{f"digit_{digit}": (digit, {}) for digit in DIGITS},
    "huge_0": (0, {"height": 0.98, "pen": 24}),
    "tiny_2": (2, {"height": 0.1, "pen": 4, "centre": (0.8, 0.2)}),
    "thin_3": (3, {"height": 0.85, "pen": 2}),
    "thick_8": (8, {"height": 0.7, "pen": 40}),
}
seeds = st.integers(0, 2**32 - 1)


def blocks(*boxes: tuple[int, int, int, int], size: int = 280) -> np.ndarray:
    """Draw boxes (top, bottom, left, right) in white on black."""
    grey = np.zeros((size, size), np.uint8)
    for top, bottom, left, right in boxes:
        grey[top:bottom, left:right] = 255
    return grey_rgba(grey)


def shifts(digit: np.ndarray, other: np.ndarray) -> float:
    """Return the mean absolute difference of two digits at the best of the nine shifts by at most one pixel."""
    moved = [np.roll(other, (y, x), (0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    return min(float(np.abs(digit - m).mean()) for m in moved)


def centre_of_mass(digit: np.ndarray) -> np.ndarray:
    shares = np.stack([digit.sum(axis=1), digit.sum(axis=0)]) / digit.sum()
    return shares @ np.arange(28)


def test_a_rectangle_is_scaled_to_20_and_its_middle_put_into_the_middle() -> None:
    digit = canvas_to_image(blocks((40, 140, 60, 110)))  # 100 x 50, so 20 x 10, its centre at 9.5 of 0 .. 19
    expected = np.zeros((28, 28))
    expected[4:24, 9:19] = 1  # both centres at 13.5
    np.testing.assert_allclose(digit, expected, atol=1e-6)


def test_the_centre_of_mass_decides_and_not_the_box() -> None:
    # In cells of 5 px: a bar of 20 x 4 and a foot of 4 x 8 beside its end. Fitted: columns 4 .. 15 of 20.
    # Mass 80 at (9.5, 5.5) and 32 at (17.5, 11.5): centre (11.79, 7.21). Whole shifts to [13.5, 14.5): 2 and 7.
    digit = canvas_to_image(blocks((100, 200, 50, 70), (180, 200, 70, 110)))
    expected = np.zeros((28, 28))
    expected[2:22, 11:15] = 1
    expected[18:22, 15:23] = 1
    np.testing.assert_allclose(digit, expected, atol=1e-6)


def test_no_ink_is_shifted_out_of_the_image() -> None:
    # A thin pole on a heavy base: the centre of mass lies at 14.6 of 0 .. 19, which would want a shift of -1 ...
    stages = canvas_stages(blocks((0, 140, 90, 110), (140, 200, 0, 200)))
    assert stages.digit.sum() == pytest.approx(stages.fitted.sum())
    np.testing.assert_array_equal(stages.digit[:20, 4:24], stages.fitted)


def test_edges_between_pixels_are_found() -> None:
    sharp = blocks((40, 140, 60, 110))
    soft = sharp.copy()
    soft[40, 60:110, :3] = soft[139, 60:110, :3] = 128  # half a pixel less at either end: 99 x 50
    stages = canvas_stages(soft)
    assert stages.fitted[:, 10].min() > 0.9  # and yet it fills all 20 rows
    row = stages.fitted[10]
    assert row.sum() == pytest.approx(50 / 99 * 20, abs=0.02)
    assert row[4] == pytest.approx(row[15], abs=1e-3)


def test_the_stages_lead_from_the_ink_to_the_digit() -> None:
    stages = canvas_stages(canvas(7))
    assert isinstance(stages, Stages)
    assert stages.ink.shape == (280, 280)
    assert stages.fitted.shape == (20, 20)
    assert stages.digit.shape == (28, 28)
    np.testing.assert_allclose(stages.ink, ink(DIGITS[7]), atol=1 / 255)
    assert stages.crop.sum() == pytest.approx(stages.ink.sum(), rel=1e-3)
    assert max(stages.crop.shape) < 0.8 * 280
    np.testing.assert_array_equal(stages.digit, canvas_to_image(canvas(7)))
    for stage in stages:
        assert stage.dtype == np.float32
        assert stage.min() >= 0
        assert stage.max() <= 1


def test_the_drawing_is_left_as_it_was() -> None:
    drawing = canvas(4)
    before = drawing.copy()
    canvas_to_image(drawing)
    np.testing.assert_array_equal(drawing, before)
    drawing.flags.writeable = False
    canvas_to_image(drawing)


def test_mnist_digits_come_out_as_they_went_in() -> None:
    images = load_test().images[:400]
    digits = np.stack([canvas_to_image(grey_rgba(image)) for image in images])
    difference = np.abs(digits - to_float(images))
    assert difference.mean() < 0.005
    assert (difference.max(axis=(1, 2)) < 0.02).mean() > 0.85  # the others have thin strokes or faint edges


def test_mnist_digits_drawn_large_come_back_without_bias() -> None:
    rng = np.random.default_rng(5)
    originals = to_float(load_test().images[rng.choice(10_000, 150, replace=False)])
    digits = np.stack([canvas_to_image(enlarged(image, rng)) for image in originals])
    assert np.mean([shifts(a, b) for a, b in zip(originals, digits, strict=True)]) < 0.018
    assert digits.mean() == pytest.approx(originals.mean(), rel=0.03)  # as much ink
    assert (digits > 0.5).mean() == pytest.approx((originals > 0.5).mean(), rel=0.02)  # strokes as wide
    assert digits[digits > 0.5].mean() == pytest.approx(originals[originals > 0.5].mean(), abs=0.04)  # as bright


def enlarged(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw a digit (28, 28) on a canvas in a random place and size with sharp edges, as a pen does."""
    side = int(rng.uniform(0.3, 0.9) * 280 * 28 / 20)
    large = np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC)) > 0.5
    rows, columns = np.flatnonzero(large.any(axis=1)), np.flatnonzero(large.any(axis=0))
    part = large[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    top, left = (int(rng.integers(280 - n + 1)) for n in part.shape)
    grey = np.zeros((280, 280), np.uint8)
    grey[top : top + part.shape[0], left : left + part.shape[1]] = part * np.uint8(255)
    return grey_rgba(grey)


@pytest.mark.parametrize("name", GOLDEN_OPTIONS)
def test_golden_images(name: str) -> None:
    digit, options = GOLDEN_OPTIONS[name]
    expected = np.asarray(Image.open(GOLDEN / f"{name}.png"))
    actual = canvas_to_image(canvas(digit, **options))
    np.testing.assert_allclose(actual * 255, expected, atol=2)


@pytest.mark.parametrize("digit", DIGITS)
def test_thin_pens_give_strokes_of_full_brightness(digit: int) -> None:
    usual, thin = (canvas_to_image(canvas(digit, height=0.8, pen=pen)) for pen in (22, 2))
    assert thin.max() == pytest.approx(1, abs=0.01)
    assert thin[thin > 0.5].mean() > 0.75
    assert 0.4 < thin.sum() / usual.sum() < 0.9


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize("height", [0.1, 1.1])
def test_tiny_and_huge_drawings_look_like_those_of_usual_size(digit: int, height: float) -> None:
    usual = canvas_to_image(canvas(digit, height=0.5, pen=0.06 * 140))
    other = canvas_to_image(canvas(digit, height=height, pen=0.06 * 280 * height))
    assert shifts(usual, other) < (0.03 if height < 1 else 0.12)  # the huge one is cut by the canvas


@settings(max_examples=40)
@given(digit=st.sampled_from(list(DIGITS)), x=st.integers(-45, 45), y=st.integers(-45, 45))
def test_the_place_on_the_canvas_does_not_matter(digit: int, x: int, y: int) -> None:
    drawing = canvas(digit)
    moved = np.roll(drawing, (y, x), (0, 1))  # the digit keeps 47 px from the rim
    np.testing.assert_allclose(canvas_to_image(moved), canvas_to_image(drawing), atol=1e-5)


@pytest.mark.slow
@settings(max_examples=40)
@given(digit=st.sampled_from(list(DIGITS)), height=st.floats(0.2, 0.85), pen=st.floats(0.05, 0.15))
def test_the_size_hardly_matters(digit: int, height: float, pen: float) -> None:
    usual, other = (canvas_to_image(canvas(digit, height=h, pen=280 * h * pen)) for h in (0.5, height))
    assert shifts(usual, other) < 0.02


@settings(max_examples=40)
@given(
    digit=st.sampled_from(list(DIGITS)), height=st.floats(0.15, 0.9), pen=st.floats(3, 40), size=st.integers(60, 400)
)
def test_the_result_is_a_digit_in_the_middle(digit: int, height: float, pen: float, size: int) -> None:
    drawing = canvas(digit, height=height, pen=pen, size=size)
    result = canvas_stages(drawing, any_shape=True).digit  # a thick pen makes a blot of a small digit
    assert result.shape == (28, 28)
    assert result.dtype == np.float32
    assert result.min() >= 0
    assert 0.9 < result.max() <= 1
    assert np.abs(centre_of_mass(result) - 14).max() <= 0.51
    rows, columns = np.flatnonzero((result > 0.05).any(axis=1)), np.flatnonzero((result > 0.05).any(axis=0))
    assert 19 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 20


@pytest.mark.slow
@settings(max_examples=40)
@given(digit=st.sampled_from(list(DIGITS)), height=st.floats(0.2, 0.9))
def test_dark_ink_on_light_ground_gives_the_same_digit(digit: int, height: float) -> None:
    drawing = canvas(digit, height=height)
    inverted = drawing.copy()
    inverted[..., :3] = 255 - drawing[..., :3]
    np.testing.assert_allclose(canvas_to_image(inverted), canvas_to_image(drawing), atol=1e-6)


@pytest.mark.parametrize(
    ("pen", "ground"),
    [
        ((255, 0, 0), (255, 255, 255)),
        ((0, 0, 160), (255, 255, 255)),
        ((255, 220, 0), (250, 250, 250)),
        ((0, 140, 0), (140, 0, 140)),
        ((120, 120, 120), (90, 90, 90)),
        ((200, 200, 255), (14, 17, 23)),
    ],
)
def test_the_colours_do_not_matter(pen: tuple[int, int, int], ground: tuple[int, int, int]) -> None:
    amount = ink(DIGITS[5])
    steps = max(abs(p - g) for p, g in zip(pen, ground, strict=True))  # levels between ground and full ink
    np.testing.assert_allclose(
        canvas_to_image(coloured(amount, pen, ground)), canvas_to_image(canvas(5)), atol=2 / 255 + 0.5 / steps
    )


@pytest.mark.parametrize("pen", [(0, 0, 0), (255, 255, 255), (200, 30, 60)])
@pytest.mark.parametrize("below", [(0, 0, 0), (255, 255, 255)])
def test_ink_of_any_colour_on_a_transparent_ground(pen: tuple[int, int, int], below: tuple[int, int, int]) -> None:
    amount = ink(DIGITS[6])
    drawing = coloured((amount > 0).astype(float), pen, below)
    drawing[..., 3] = np.round(amount * 255)
    np.testing.assert_allclose(canvas_to_image(drawing), canvas_to_image(canvas(6)), atol=2 / 255)


@given(drawing=hnp.arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12), st.just(4))))
def test_any_small_picture_gives_a_digit_or_a_clear_sentence(drawing: np.ndarray) -> None:
    try:
        digit = canvas_to_image(drawing)
    except PictureError as error:
        assert str(error).startswith("The picture ")  # noqa: PT017 - either outcome is right
    else:
        assert digit.shape == (28, 28)
        assert np.isfinite(digit).all()
        assert 0 <= digit.min() < digit.max() <= 1


@pytest.mark.slow
@given(shape=st.tuples(st.integers(1, 200), st.integers(1, 200)), seed=seeds)
def test_noise_gives_a_digit_or_a_clear_sentence(shape: tuple[int, int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    drawing = rng.integers(0, 256, (*shape, 4)).astype(np.uint8)
    drawing[..., 3] = 255
    try:
        digit = canvas_to_image(drawing)
    except PictureError as error:
        assert str(error).startswith("The picture ")  # noqa: PT017 - either outcome is right
    else:
        assert np.isfinite(digit).all()
        assert 0 <= digit.min() < digit.max() <= 1


@pytest.mark.parametrize("colour", [(0, 0, 0, 255), (255, 255, 255, 255), (90, 10, 200, 255), (255, 255, 255, 0)])
@pytest.mark.parametrize("shape", [(280, 280), (1, 1), (28, 28), (3, 500)])
def test_one_colour_is_blank(colour: tuple[int, int, int, int], shape: tuple[int, int]) -> None:
    with pytest.raises(PictureError, match=r"^The picture is blank; .*\.$"):
        canvas_to_image(np.full((*shape, 4), colour, np.uint8))


def test_a_hidden_drawing_under_full_transparency_is_blank() -> None:
    drawing = canvas(3)
    drawing[..., 3] = 0
    with pytest.raises(PictureError, match=r"^The picture is blank; .*\.$"):
        canvas_to_image(drawing)


def test_almost_one_colour_is_blank() -> None:
    with pytest.raises(PictureError, match=r"^The picture is blank; .*\.$"):
        canvas_to_image(coloured(ink(DIGITS[2]), (250, 250, 250), (240, 240, 240)))


@pytest.mark.parametrize(("height", "width"), [(1, 1), (2, 2), (5, 3)])
def test_a_dot_is_next_to_nothing(height: int, width: int) -> None:
    with pytest.raises(PictureError, match=f"no more than a mark of {max(height, width)} px"):
        canvas_to_image(blocks((100, 100 + height, 50, 50 + width)))


@pytest.mark.parametrize(
    ("bad", "what_came"),
    [
        (None, "a NoneType"),
        ([[1, 2], [3, 4]], "a list"),
        (np.zeros((280, 280), np.uint8), r"the shape \(280, 280\)"),
        (np.zeros((280, 280, 3), np.uint8), r"the shape \(280, 280, 3\)"),
        (np.zeros((2, 280, 280, 4), np.uint8), r"the shape \(2, 280, 280, 4\)"),
        (np.zeros((0, 280, 4), np.uint8), r"the shape \(0, 280, 4\)"),
        (np.zeros((280, 280, 4), np.float32), "the dtype float32"),
        (np.zeros((280, 280, 4), bool), "the dtype bool"),
    ],
)
def test_what_is_no_picture_is_named(bad: object, what_came: str) -> None:
    with pytest.raises(ValueError, match=rf"expected an RGBA picture, .*, got {what_came}"):
        canvas_to_image(bad)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("bad", "what_came"),
    [
        (None, "a NoneType"),
        (np.zeros((28, 28, 1)), r"float64 of shape \(28, 28, 1\)"),
        (np.ones((28, 28), np.uint8), r"uint8 of shape \(28, 28\)"),
        (np.zeros((0, 28)), "values from 0 to 0"),
        (np.zeros((28, 28)), "values from 0 to 0"),
        (np.full((28, 28), 0.4), "values from 0.4 to 0.4"),
        (np.full((28, 28), np.nan), "values from nan to nan"),
        (np.full((28, 28), 2.0), "values from 2 to 2"),
        (np.linspace(-1, 1, 784).reshape(28, 28), "values from -1 to 1"),
    ],
)
def test_what_is_no_ink_is_named(bad: object, what_came: str) -> None:
    with pytest.raises(ValueError, match=f"expected ink, .*, got {what_came}"):
        ink_to_digit(bad)  # type: ignore[arg-type]


if __name__ == "__main__":
    for name, (digit, options) in GOLDEN_OPTIONS.items():
        pixels = np.round(canvas_to_image(canvas(digit, **options)) * 255).astype(np.uint8)
        Image.fromarray(pixels).save(GOLDEN / f"{name}.png", optimize=True)
