"""The marks on the maps: drawings as stars, the clicked digit with its neighbours, the doubtful digits."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from siamese_core.metrics.distances import distance
from ui.embeddings import network_space
from ui.embeddings.layouts import View
from ui.shared import colours
from ui.shared.browser_script import run_script
from ui.shared.state import state, widget_value

SCRIPT, KEY = Path(__file__).with_suffix(".js"), "map_marks"
COLOURS = {
    "same": colours.SAME,
    "different": colours.DIFFERENT,
    "neutral": colours.NEUTRAL,
    "stars": colours.STARS,
    "edge": colours.STAR_EDGE,
}


class Marks(NamedTuple):
    """The marks on one map of digits at xy (n, k), k = 2 or 3; digits are given by their indices among the n."""

    map: str  # identifies the map, as `name` in `charts.space_map`
    xy: np.ndarray
    labels: np.ndarray  # (n,)
    class_names: Sequence[str]
    doubtful: np.ndarray  # (m,)
    picked: np.ndarray  # the clicked digit, (1,) or (0,)
    neighbours: np.ndarray  # its neighbours in full space, (m,)
    stars: dict[str, np.ndarray]  # a drawing's name -> its coordinates (k,)
    distance: str  # text on the line between two stars


def marks_of(
    view: View, names: Sequence[str], embedded: np.ndarray, stars: np.ndarray, with_doubtful: bool = False
) -> Marks:
    """Return the marks of a map: its digits, and drawings with these names and embeddings (m, d) at stars (m, k)."""
    of, picked, none = view.space, state().picked, np.zeros(0, np.int64)
    digits = network_space.shown(of).digits
    return Marks(
        map=str(view.layout.key),
        xy=view.layout.xy,
        labels=digits.labels,
        class_names=digits.class_names,
        doubtful=np.flatnonzero(network_space.doubtful(of)) if with_doubtful else none,
        picked=none if picked is None else np.array([picked]),
        neighbours=none if picked is None else network_space.neighbours(of, picked)[0],
        stars=dict(zip(names, stars, strict=True)),
        distance=f"{distance(embedded[:1], embedded[1:])[0]:.2f}" if len(embedded) == 2 else "",
    )


def show_marks(marks: dict[str, Marks]) -> None:
    """Draw the marks of each chart over it; the charts are given by their keys."""
    charts = {key: _as_json(each) for key, each in marks.items()}
    run_script(SCRIPT, KEY, {"charts": charts, "colours": COLOURS}, on_cannot_draw_change=_put_marks_in_maps)


def _put_marks_in_maps() -> None:
    """Note the dimensions of a map over which the script cannot draw: such maps then get their marks as traces."""
    state().marks_in_maps.add(widget_value(KEY).cannot_draw)


def _as_json(marks: Marks) -> dict[str, Any]:
    """Return marks as values for JSON."""
    digits = {name: getattr(marks, name) for name in ("doubtful", "picked", "neighbours")}
    return {
        "map": marks.map,
        "dimensions": marks.xy.shape[1],
        **{
            name: {"at": marks.xy[of].tolist(), "labels": [marks.class_names[i] for i in marks.labels[of]]}
            for name, of in digits.items()
        },
        "stars": {name: at.tolist() for name, at in marks.stars.items()},
        "distance": marks.distance,
    }
