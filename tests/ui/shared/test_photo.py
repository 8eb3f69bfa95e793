"""What is cut out of a picture, and how it is turned."""

import numpy as np

from ui.shared.photo import KEPT_SIDE, keep, part_of

WHOLE = (0, 100)


def quarters() -> bytes:
    """Return a picture, 200 wide and 100 high, its left upper quarter dark."""
    picture = np.full((100, 200, 4), 255, np.uint8)
    picture[:50, :100, :3] = 0
    return keep(picture)


def darkness(part: np.ndarray) -> float:
    return float((part[..., :3].mean(axis=2) < 128).mean())


def test_a_part_is_cut_by_percents() -> None:
    whole = part_of(quarters(), 0, WHOLE, WHOLE)
    assert whole.shape == (100, 200, 4)
    assert abs(darkness(whole) - 0.25) < 0.02
    assert part_of(quarters(), 0, (0, 50), (0, 50)).shape == (50, 100, 4)
    assert darkness(part_of(quarters(), 0, (0, 50), (0, 50))) > 0.95
    assert darkness(part_of(quarters(), 0, (50, 100), WHOLE)) < 0.05


def test_an_empty_part_is_one_pixel() -> None:
    assert part_of(quarters(), 0, (100, 100), (30, 30)).size
    assert part_of(quarters(), 0, (30, 30), WHOLE).shape[1] == 1


def test_it_turns_clockwise_and_before_it_is_cut() -> None:
    turned = part_of(quarters(), 90, WHOLE, WHOLE)
    assert turned.shape == (200, 100, 4)
    assert darkness(turned[:100, 50:]) > 0.95, "what was above on the left is above on the right"


def test_corners_that_turning_adds_are_transparent() -> None:
    turned = part_of(quarters(), 45, WHOLE, WHOLE)
    assert turned[0, 0, 3] == 0
    assert turned[turned.shape[0] // 2, turned.shape[1] // 2, 3] == 255


def test_a_large_picture_is_kept_small() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (2_000, 1_000, 4), np.uint8)
    assert part_of(keep(noise), 0, WHOLE, WHOLE).shape[0] == KEPT_SIDE
