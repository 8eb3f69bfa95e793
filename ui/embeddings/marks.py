"""What is marked on the maps: drawings as stars, the digit clicked with its nearest, the doubtful digits."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ui.shared import colours
from ui.shared.browser_script import run_script

SCRIPT = Path(__file__).with_suffix(".js")
COLOURS = {
    "same": colours.SAME,
    "different": colours.DIFFERENT,
    "neutral": colours.NEUTRAL,
    "stars": colours.STARS,
    "edge": colours.STAR_EDGE,
}


class Marks(NamedTuple):
    """What is marked on one map of digits at xy (n, k), k = 2 or 3; digits are given by their places among the n."""

    map: str  # its name, as `charts.space_map` has it
    xy: np.ndarray
    labels: np.ndarray  # (n,)
    class_names: Sequence[str]
    doubtful: np.ndarray  # (m,)
    picked: np.ndarray  # the digit clicked, (1,) or (0,)
    neighbours: np.ndarray  # its nearest in full space, (m,)
    stars: dict[str, np.ndarray]  # a drawing's name -> its coordinates (k,)
    distance: str  # what the line between two stars says


def show_marks(marks: dict[str, Marks]) -> None:
    """Draw marks over the charts, which are named by their keys."""
    charts = {key: _plain(each) for key, each in marks.items()}
    run_script(SCRIPT, "map_marks", {"charts": charts, "colours": COLOURS})


def _plain(marks: Marks) -> dict[str, Any]:
    """Return marks in terms of JSON."""
    digits = {name: getattr(marks, name) for name in ("doubtful", "picked", "neighbours")}
    return {
        "map": marks.map,
        **{
            name: {"at": marks.xy[of].tolist(), "labels": [marks.class_names[i] for i in marks.labels[of]]}
            for name, of in digits.items()
        },
        "stars": {name: at.tolist() for name, at in marks.stars.items()},
        "distance": marks.distance,
    }
