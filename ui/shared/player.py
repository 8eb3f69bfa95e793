"""Recorded frames of maps, played in the browser: on How it works and on Train."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ui.shared.colours import class_colours, text_on
from ui.shared.moving_picture import as_bytes, moving_picture

SCRIPT = Path(__file__).with_suffix(".js")
ARROWS_REACH = 0.25  # of a panel's side, for the longest arrow


class Panel(NamedTuple):
    """One map over time: f frames of n images."""

    title: str
    xy: np.ndarray  # (f, n, 2)
    notes: Sequence[str]  # (f,) what is to be said of each frame
    ruler: float = 0.0  # a length to draw beside the map, in units of xy
    arrows: np.ndarray | None = None  # (f, m, 2) on m of the images


def player(
    key: str,
    name: str,
    panels: Sequence[Panel],
    labels: np.ndarray,
    class_names: Sequence[str],
    times: Sequence[str],
    *,
    arrows_of: Sequence[int] = (),
    most_side: int = 440,
) -> None:
    """Draw maps with a button to play them and a slider over their frames; name: for who cannot see them.

    labels: (n,). times: (f,) in words. arrows_of: the images that have arrows, (m,). most_side: px, of a map.
    """
    colours = class_colours(len(class_names))
    data = {
        "panels": [_panel(each) for each in panels],
        "labels": labels.tolist(),
        "names": list(class_names),
        "colours": colours,
        "on": [text_on(colour) for colour in colours],
        "times": list(times),
        "slider": "Through the training",
        "arrows_name": "the forces of one batch",
        "arrows_of": list(arrows_of),
        "arrows_reach": ARROWS_REACH,
        "most_side": most_side,
    }
    moving_picture(SCRIPT, key, name, data)


def _panel(panel: Panel) -> dict[str, Any]:
    """Return a panel for the script: places from 0 to 255 within the square that holds all frames."""
    low, high = panel.xy.min(axis=(0, 1)), panel.xy.max(axis=(0, 1))
    side = float((high - low).max()) or 1.0
    corner = (low + high - side) / 2
    most = 0.0 if panel.arrows is None else float(np.linalg.norm(panel.arrows, axis=-1).max())
    return {
        "title": panel.title,
        "points": as_bytes((panel.xy - corner) / side * 255),
        "notes": list(panel.notes),
        "ruler": panel.ruler / side,
        "arrows": as_bytes((panel.arrows / most + 1) * 127.5) if panel.arrows is not None and most else None,
    }
