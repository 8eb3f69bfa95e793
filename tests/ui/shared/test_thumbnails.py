"""Strips of pictures: each picture in its place and in the size asked for."""

import numpy as np

from ui.shared.thumbnails import GAP, LINE, SHARP, strip, strip_width


def test_each_picture_stands_in_its_square() -> None:
    field = strip([np.full((28, 28), 255, np.uint8), np.zeros((28, 28), np.uint8)], ["", ""], (40, 40))
    assert field.shape == (SHARP * (40 + LINE), SHARP * strip_width(2, 40), 4)
    end = SHARP * 40
    assert (field[:end, :end] == 255).all()
    assert (field[:end, end : end + SHARP * GAP, 3] == 0).all()
    assert (field[:end, end + SHARP * GAP :] == (0, 0, 0, 255)).all()


def test_a_tall_picture_keeps_its_aspect_on_black() -> None:
    field = strip([np.full((100, 50), 255, np.uint8)], [""], (40, 40))[: SHARP * 40]
    columns = field[..., 0].max(axis=0) > 0
    assert columns.sum() == SHARP * 20
    assert (columns == columns[::-1]).all()


def test_words_stand_below() -> None:
    below = strip([np.zeros((28, 28), np.uint8)], ["7 · 0.12"], (60, 60))[SHARP * 60 :]
    assert below[..., 3].any()


def test_a_name_that_is_too_long_keeps_its_number() -> None:
    def words(caption: str) -> bytes:
        return strip([np.zeros((28, 28), np.uint8)], [caption], (60, 60))[SHARP * 60 :].tobytes()

    assert words("symbol 012 · 0.12") != words("symbol 013 · 0.12")
    assert words("123456789012345") == words("123456789012399")
