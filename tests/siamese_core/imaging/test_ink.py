"""Finding ink: specks, grounds of all kinds, and photos with light, noise and things beside the digit."""

import functools

import numpy as np
import pytest

from siamese_core.imaging.canonical import canvas_to_image
from siamese_core.imaging.ink import find_ink
from siamese_core.imaging.picture_error import PictureError
from tests.drawing import DIGITS, canvas, coloured, ink, photo, shadow

PAPER = (246, 243, 236)
BLUE, PENCIL, MARKER = (40, 60, 160), (110, 110, 112), (20, 20, 24)
SIZE = 400  # px, of the photos
SOME = (2, 4, 7, 8)


def paper(digit: int, pen: tuple[int, int, int] = BLUE, *, width: float = 10, height: float = 0.5) -> np.ndarray:
    """Write a digit on a sheet of paper, as (400, 400, 4) uint8."""
    return coloured(ink(DIGITS[digit], size=SIZE, height=height, pen=width), pen, PAPER)


def even_light() -> np.ndarray:
    return np.ones((SIZE, SIZE))


def lamp(least: float) -> np.ndarray:
    """Return a light that falls from 1 in a corner to `least` in the opposite one."""
    y, x = np.mgrid[:SIZE, :SIZE] / SIZE
    return 1 - (1 - least) * (x + y) / 2


def assert_same_digit(picture: np.ndarray, expected: np.ndarray, limit: float = 0.02) -> None:
    digit = canvas_to_image(picture)
    moved = [np.roll(digit, (y, x), (0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    assert min(np.abs(m - expected).mean() for m in moved) < limit


@functools.cache
def as_drawn(digit: int, width: float = 10, height: float = 0.5) -> np.ndarray:
    return canvas_to_image(canvas(digit, size=SIZE, height=height, pen=width))


def test_the_ink_of_a_clean_drawing_is_the_drawing() -> None:
    np.testing.assert_allclose(find_ink(canvas(8)), ink(DIGITS[8]), atol=1 / 255)


def test_specks_are_dropped_and_separate_strokes_are_kept() -> None:
    top_bar = [[(0.3, -0.15), (0.85, -0.15)]]
    apart = np.maximum(ink(DIGITS[5][:1]), ink(top_bar))
    drawing = coloured(apart, (255, 255, 255), (0, 0, 0))
    np.testing.assert_allclose(find_ink(drawing), apart, atol=1 / 255)
    drawing[3:6, 270:274, :3] = 255
    drawing[200, 9, :3] = 255
    np.testing.assert_allclose(find_ink(drawing), apart, atol=1 / 255)


def test_a_ring_around_a_drawing_is_part_of_a_symbol_and_no_frame() -> None:
    y, x = np.mgrid[:280, :280] - 139.5
    ring = np.abs(np.hypot(y, x) - 110) < 9
    clock = np.maximum(ink(DIGITS[7], height=0.4), ring.astype(np.float32))
    drawing = coloured(clock, (255, 255, 255), (0, 0, 0))
    np.testing.assert_allclose(find_ink(drawing, any_shape=True), clock, atol=1 / 255)
    assert find_ink(drawing).shape != clock.shape, "of a digit in a ring the digit alone is read"


def test_a_single_bright_pixel_does_not_dim_a_pale_drawing() -> None:
    pale = coloured(ink(DIGITS[3]), (90, 90, 90), (0, 0, 0))
    expected = canvas_to_image(pale)
    pale[5, 5, :3] = 255
    np.testing.assert_array_equal(canvas_to_image(pale), expected)


def test_more_ink_than_ground() -> None:
    thick = canvas(8, height=0.75, pen=75)
    assert (thick[..., 0] > 128).mean() > 0.5
    np.testing.assert_allclose(find_ink(thick), ink(DIGITS[8], height=0.75, pen=75), atol=1 / 255)


def test_ink_along_the_whole_rim() -> None:
    frame = [[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]]
    amount = ink([[(x, y) for x, y in frame[0]]], height=1.0, pen=30)
    found = find_ink(coloured(amount, (255, 255, 255), (0, 0, 0)))
    assert found[140, 140] == 0
    assert found[2, 2] == 1


def test_transparent_corners_are_ground() -> None:
    screenshot = paper(4)
    y, x = np.mgrid[:SIZE, :SIZE]
    screenshot[x + y < 40] = 0
    screenshot[(SIZE - x) + y < 40] = (0, 0, 0, 0)
    assert_same_digit(screenshot, as_drawn(4), 1e-3)


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize("pen", [BLUE, PENCIL, MARKER, (190, 40, 50)])
def test_photos_in_uneven_light(digit: int, pen: tuple[int, int, int]) -> None:
    picture = photo(paper(digit, pen), lamp(0.5), np.random.default_rng(digit))
    assert_same_digit(picture, as_drawn(digit))


@pytest.mark.parametrize("digit", SOME)
@pytest.mark.parametrize("angle", [0.4, 2.2, 4.4])
def test_photos_with_a_shadow_across_the_digit(digit: int, angle: float) -> None:
    light = shadow(SIZE, angle=angle, at=0.05, depth=0.4, width=0.03)
    assert_same_digit(photo(paper(digit), light, np.random.default_rng(digit)), as_drawn(digit))


@pytest.mark.parametrize("digit", SOME)
def test_photos_of_thin_and_thick_pens(digit: int) -> None:
    rng = np.random.default_rng(digit)
    for width in (4.0, 30.0):
        picture = photo(paper(digit, width=width), lamp(0.7), rng)
        assert_same_digit(picture, as_drawn(digit, width), 0.025)


@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("digit", SOME)
def test_photos_of_ruled_and_squared_paper(digit: int, squared: bool) -> None:
    sheet = paper(digit)
    written = ink(DIGITS[digit], size=SIZE, height=0.5, pen=10)[..., None] > 0.5
    lines = sheet.copy()
    lines[15::36, :, :3] = (175, 190, 220)
    if squared:
        lines[:, 20::36, :3] = (175, 190, 220)
    picture = photo(np.where(written, sheet, lines), lamp(0.7), np.random.default_rng(digit))
    assert_same_digit(picture, as_drawn(digit))


@pytest.mark.parametrize("wood", [(95, 65, 45), (60, 60, 65), (150, 120, 90)])
@pytest.mark.parametrize("digit", SOME)
def test_photos_with_the_table_at_an_edge(digit: int, wood: tuple[int, int, int]) -> None:
    rng = np.random.default_rng(digit)
    sheet = paper(digit)
    y, x = np.mgrid[:SIZE, :SIZE]
    sheet[x + 0.1 * y < 45, :3] = wood
    assert_same_digit(photo(sheet, lamp(0.7), rng), as_drawn(digit))


@pytest.mark.parametrize("digit", SOME)
def test_photos_of_chalk_on_a_board(digit: int) -> None:
    board = coloured(ink(DIGITS[digit], size=SIZE, height=0.5, pen=10), (230, 230, 220), (35, 60, 50))
    assert_same_digit(photo(board, lamp(0.8), np.random.default_rng(digit)), as_drawn(digit))


def test_a_mark_far_from_a_drawn_digit_is_left_out() -> None:
    drawing = canvas(7, height=0.4)
    drawing[255:275, 255:275, :3] = 255
    np.testing.assert_array_equal(find_ink(drawing), find_ink(canvas(7, height=0.4)))


def test_of_two_digits_far_apart_neither_is_left_out() -> None:
    bars = np.zeros((280, 280), np.float32)
    bars[60:220, 60:78] = bars[80:230, 200:218] = 1
    drawing = coloured(bars, (255, 255, 255), (0, 0, 0))
    np.testing.assert_allclose(find_ink(drawing), bars, atol=1 / 255)


@pytest.mark.parametrize("light", [even_light(), lamp(0.7)])
def test_marks_far_from_a_written_digit_and_dirt_are_left_out(light: np.ndarray) -> None:
    sheet = paper(7, height=0.4)
    sheet[380:394, 370:392, :3] = BLUE
    sheet[80:83, 200:203, :3] = MARKER
    assert_same_digit(photo(sheet, light, np.random.default_rng(0)), as_drawn(7, height=0.4))


def test_a_digit_cut_by_the_rim_of_the_photo_is_kept() -> None:
    sheet = paper(2, height=0.9)[:, 60:340]  # its foot leaves the frame on the right
    found = find_ink(photo(sheet, lamp(0.8)[:, 60:340], np.random.default_rng(0)))
    truth = ink(DIGITS[2], size=SIZE, height=0.9, pen=10)[:, 60:340]
    assert np.abs(found - truth).mean() < 0.02


def test_a_large_photo_is_reduced() -> None:
    large = np.kron(photo(paper(3), lamp(0.7), np.random.default_rng(0)), np.ones((3, 3, 1), np.uint8))
    assert find_ink(large).shape == (512, 512)
    assert_same_digit(large, as_drawn(3))


@pytest.mark.parametrize("noise", [1, 4, 12])
def test_a_photo_of_bare_paper_is_blank(noise: float) -> None:
    blank = np.full((SIZE, SIZE, 4), (*PAPER, 255), np.uint8)
    with pytest.raises(PictureError, match=r"^The picture is blank; .*\.$"):
        find_ink(photo(blank, lamp(0.6), np.random.default_rng(0), noise=noise))


def test_a_photo_of_bare_paper_with_the_table_at_an_edge_is_blank() -> None:
    sheet = np.full((SIZE, SIZE, 4), (*PAPER, 255), np.uint8)
    sheet[:, :40, :3] = (95, 65, 45)
    with pytest.raises(PictureError, match=r"^The picture is blank; .*\.$"):
        find_ink(photo(sheet, lamp(0.8), np.random.default_rng(0)))


def test_a_photo_of_a_dot_is_next_to_nothing() -> None:
    sheet = np.full((SIZE, SIZE, 4), (*PAPER, 255), np.uint8)
    sheet[200:205, 200:205, :3] = MARKER
    with pytest.raises(PictureError, match="no more than a mark"):
        find_ink(photo(sheet, lamp(0.8), np.random.default_rng(0), noise=2))
