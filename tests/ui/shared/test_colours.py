"""Colours are told apart and can be read: by computation, also for who sees no red, no green or no blue."""

import numpy as np
import pytest

from ui.shared.colours import (
    DIFFERENT,
    NEUTRAL,
    PLATE,
    PLATE_TEXT,
    SAME,
    class_colours,
    luminance,
    text_on,
)

GROUNDS = {"light": "#fbfaf7", "dark": "#12181b"}  # .streamlit/config.toml
TEXT, GRAPHIC = 4.5, 3.0  # contrast that WCAG 2.2 AA asks for
APART = 13.0  # CIEDE2000; plotly's T10 has 1.2 without red
# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
SIGHTS = {
    "all cones": np.eye(3),
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])  # D65


def linear(colours: list[str]) -> np.ndarray:
    """Return the linear RGB (n, 3) in [0, 1] of colours "#rrggbb"."""
    rgb = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in colours]) / 255
    return np.asarray(np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4))


def lab(rgb: np.ndarray) -> np.ndarray:
    """Return CIELAB (n, 3) of linear RGB (n, 3)."""
    x = rgb @ TO_XYZ.T / WHITE
    f = np.where(x > (6 / 29) ** 3, np.cbrt(x), x * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


def ciede2000(one: np.ndarray, other: np.ndarray) -> float:
    """Return the difference of two colours (3,) in CIELAB, by the formulas of Sharma, Wu and Dalal (2005)."""
    chroma = (np.hypot(*one[1:]) + np.hypot(*other[1:])) / 2
    stretch = 1 + 0.5 * (1 - np.sqrt(chroma**7 / (chroma**7 + 25**7)))
    c1, c2 = np.hypot(one[1] * stretch, one[2]), np.hypot(other[1] * stretch, other[2])
    h1, h2 = (np.degrees(np.arctan2(each[2], each[1] * stretch)) % 360 for each in (one, other))
    turn = (h2 - h1 + 180) % 360 - 180
    mean_l, mean_c = (one[0] + other[0]) / 2, (c1 + c2) / 2
    mean_h = (h1 + turn / 2) % 360
    cosines = [np.cos(np.radians(k * mean_h + shift)) for k, shift in ((1, -30), (2, 0), (3, 6), (4, -63))]
    t = 1 + np.dot([-0.17, 0.24, 0.32, -0.20], cosines)
    light = (other[0] - one[0]) / (1 + 0.015 * (mean_l - 50) ** 2 / np.sqrt(20 + (mean_l - 50) ** 2))
    colour = (c2 - c1) / (1 + 0.045 * mean_c)
    hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * mean_c * t)
    bend = (
        -2 * np.sqrt(mean_c**7 / (mean_c**7 + 25**7)) * np.sin(np.radians(60 * np.exp(-(((mean_h - 275) / 25) ** 2))))
    )
    return float(np.sqrt(light**2 + colour**2 + hue**2 + bend * colour * hue))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("one", "other", "apart"),  # of the table of Sharma, Wu and Dalal
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1, 2), (50, 0, 0), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_difference_is_that_of_the_published_table(
    one: tuple[float, ...], other: tuple[float, ...], apart: float
) -> None:
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(apart, abs=1e-4)


@pytest.mark.parametrize("sight", SIGHTS)
def test_any_two_of_the_ten_classes_are_told_apart(sight: str) -> None:
    seen = lab(np.clip(linear(class_colours(10)) @ np.array(SIGHTS[sight]).T, 0, 1))
    assert min(ciede2000(seen[i], seen[j]) for i in range(10) for j in range(i)) > APART


@pytest.mark.parametrize("ground", GROUNDS)
def test_what_is_drawn_stands_out_from_both_grounds(ground: str) -> None:
    drawn = [*class_colours(10), SAME, DIFFERENT, NEUTRAL]
    assert min(contrast(colour, GROUNDS[ground]) for colour in drawn) > GRAPHIC


def test_words_can_be_read_on_their_plate_and_on_the_colour_of_their_class() -> None:
    assert min(contrast(colour, PLATE) for colour in (PLATE_TEXT, SAME, DIFFERENT, NEUTRAL)) > TEXT
    assert min(contrast(text_on(colour), colour) for colour in class_colours(40)) > TEXT


def test_black_on_white_contrasts_21_to_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_classes_beyond_the_tenth_get_colours_of_their_own() -> None:
    assert len(set(class_colours(40))) == 40
    assert class_colours(3) == class_colours(40)[:3]
