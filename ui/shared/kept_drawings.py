"""The two drawings, kept in the browser's tab: a reload of the page finds them again."""

import json
from typing import Any

from siamese_core.datasets.dataset import to_float
from ui.shared import resources
from ui.shared.canvas_message import MOST_OBJECTS
from ui.shared.canvas_objects import PICTURE
from ui.shared.kept import find, keep
from ui.shared.state import SIDES, Objects, Seen, Side, state

LARGEST = 1_000_000  # characters of a drawing that is kept or taken back
DATA = "data:image/png;base64,"  # of a picture in it


def keep_drawings() -> None:
    """Let the browser keep what is drawn by now. A side on which nothing has happened yet stays as it is kept."""
    keep("keep_drawings", {name: _text(state().side(name)) for name in SIDES if not _untouched(state().side(name))})


def find_drawings() -> None:
    """Take back what the browser has kept of sides on which nothing has happened yet. Call it before the canvases."""
    wanted = [name for name in SIDES if _untouched(state().side(name))]
    for name, text in find("find_drawings", wanted).items():
        objects, source = _drawing(text)
        (state().left if name == "left" else state().right).replace(objects, source)


def _untouched(side: Side) -> bool:
    return side.blank and not side.nonce


def _text(side: Side) -> str:
    """Return a drawing as text, "" for a blank one or one that is too large."""
    test_index = side.source.test_index if side.source else None
    drawing = {"objects": side.objects, "test_index": test_index}
    text = json.dumps(drawing, separators=(",", ":")) if side.objects else ""
    return text if len(text) <= LARGEST else ""


def _drawing(text: Any) -> tuple[Objects, Seen | None]:
    """Return the drawing of a text, and what is seen of it if it is a test digit; a blank one for any other text."""
    try:
        found = json.loads(text) if isinstance(text, str) and len(text) <= LARGEST else {}
        objects, index = found["objects"], found.get("test_index")
        fits = len(objects) <= MOST_OBJECTS and all(isinstance(each["type"], str) for each in objects)
        own = all(str(each.get("src", DATA)).startswith(DATA) for each in objects)  # nothing is fetched from elsewhere
        digits = resources.test_digits().images
        seen = Seen(to_float(digits[index]), test_index=index) if type(index) is int and index >= 0 else None
        one_picture = [each["type"] for each in objects] == [PICTURE]
        return (objects, seen if one_picture else None) if fits and own and isinstance(objects, list) else ([], None)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        return [], None
