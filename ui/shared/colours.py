"""The colours that have a meaning, readable on light and on dark backgrounds."""

from colorsys import hls_to_rgb

from plotly.colors import qualitative

SAME, DIFFERENT = "#14a394", "#e8743b"
NEUTRAL = "#8a9499"
STARS = {"left": "#f2b01e", "right": "#e0457b"}  # the visitor's drawings on a map
STAR_EDGE = "#1f2a2e"
GOLDEN = 0.618034  # of the circle of hues, from each class beyond the tenth to the next


def class_colours(classes: int) -> list[str]:
    """Return a colour for each class: ten that differ clearly on light and on dark, then spread hues."""
    more = (((i * GOLDEN) % 1, 0.55, 0.62) for i in range(max(0, classes - len(qualitative.T10))))
    hues = ["#" + "".join(f"{round(255 * part):02x}" for part in hls_to_rgb(h, lum, s)) for h, lum, s in more]
    return [*qualitative.T10[:classes], *hues]
