"""What is marked on the maps: drawings as stars, the digit clicked with its nearest, the doubtful digits."""

from typing import Any, NamedTuple

import numpy as np

from ui.charts import DIFFERENT_COLOUR, NEUTRAL, SAME_COLOUR
from ui.script import script

COLOURS = {
    "same": SAME_COLOUR,
    "different": DIFFERENT_COLOUR,
    "neutral": NEUTRAL,
    "stars": {"left": "#f2b01e", "right": "#e0457b"},
    "edge": "#1f2a2e",
}


class Marks(NamedTuple):
    """Places on a map, of which each has k coordinates, 2 or 3."""

    doubtful: np.ndarray  # (m, k) of digits
    picked: np.ndarray | None  # (k,) of the digit clicked
    neighbours: np.ndarray  # (m, k) of its nearest in full space
    stars: dict[str, np.ndarray]  # a drawing's name -> (k,)
    distance: str  # what the line between two stars says


def show_marks(marks: dict[str, tuple[str, Marks]]) -> None:
    """Draw marks over charts: by the chart's key the name of the map they belong to, and they."""
    charts = {key: {"map": name, **_plain(each)} for key, (name, each) in marks.items()}
    script("map_marks")(key="map_marks", data={"charts": charts, "colours": COLOURS}, height="content")


def _plain(marks: Marks) -> dict[str, Any]:
    """Return marks in terms of JSON."""
    return {
        "doubtful": marks.doubtful.tolist(),
        "picked": None if marks.picked is None else marks.picked.tolist(),
        "neighbours": marks.neighbours.tolist(),
        "stars": {name: at.tolist() for name, at in marks.stars.items()},
        "distance": marks.distance,
    }
