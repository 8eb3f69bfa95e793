"""The colours that mean something, readable on light and on dark."""

from plotly.colors import qualitative

SAME, DIFFERENT = "#14a394", "#e8743b"
NEUTRAL = "#8a9499"
STARS = {"left": "#f2b01e", "right": "#e0457b"}  # the visitor's drawings on a map
STAR_EDGE = "#1f2a2e"
CLASS_COLOURS = qualitative.T10  # ten that stay apart on light and on dark
