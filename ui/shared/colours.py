"""The colours that have a meaning, readable on light and on dark backgrounds."""

from colorsys import hls_to_rgb

SAME, DIFFERENT = "#13a091", "#e06a30"
NEUTRAL = "#869095"
STARS = {"left": "#f2b01e", "right": "#e0457b"}  # the visitor's drawings on a map
STAR_EDGE = "#1f2a2e"
PLATE, PLATE_TEXT = "#12181b", "#c3cbcd"  # under the captions of pictures, in both themes
# Of the first ten classes. Any two are 13 and more apart by CIEDE2000, also for who sees no red, no green or no blue,
# and each stands out 3:1 from the light and from the dark ground; `tests/ui/shared/test_colours.py` measures both.
CLASSES = (
    "#623ffd", "#b88670", "#c60c5a", "#329fa8", "#007163", "#949500", "#a83095", "#f5489b", "#856600", "#8683ff",
)  # fmt: skip
GOLDEN = 0.618034  # of the circle of hues, from each class beyond the tenth to the next


def class_colours(classes: int) -> list[str]:
    """Return a colour for each class: ten that differ clearly for everyone, then spread hues."""
    more = (((i * GOLDEN) % 1, 0.55, 0.62) for i in range(max(0, classes - len(CLASSES))))
    hues = ["#" + "".join(f"{round(255 * part):02x}" for part in hls_to_rgb(h, lum, s)) for h, lum, s in more]
    return [*CLASSES[:classes], *hues]


def text_on(colour: str) -> str:
    """Return black or white, whichever is the easier to read on a colour."""
    return "#000000" if luminance(colour) > 0.179 else "#ffffff"  # where both contrast alike


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour "#rrggbb", in [0, 1], as WCAG 2 defines it."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
