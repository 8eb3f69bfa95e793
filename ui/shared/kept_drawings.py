"""Drawings, kept in the browser's tab: a reload of the page finds them again, and what is seen of them.

What is seen is kept with a drawing, because a canvas that is built with a drawing in it does not tell its pixels.
"""

import base64
import json
import zlib
from typing import Any, NamedTuple

import numpy as np

from siamese_core.datasets.dataset import to_float
from ui.shared import in_use
from ui.shared.canvas_message import MOST_OBJECTS
from ui.shared.canvas_objects import PICTURE
from ui.shared.kept import find, keep
from ui.shared.plain import plain
from ui.shared.state import Objects, Seen, Side, SideName, state

LARGEST = 1_000_000  # characters of a drawing that is kept or taken back
LONGEST = 300  # characters of a sentence that says why no digit is seen
DATA = "data:image/png;base64,"  # of a picture in it


class Kept(NamedTuple):
    """A drawing as it was kept."""

    objects: Objects
    source: Seen | None = None  # if it is an untouched test digit
    seen: Seen | ValueError | None = None


def keep_drawings(*names: SideName) -> None:
    """Let the browser keep what is drawn by now. A side on which nothing has happened yet stays as it is kept."""
    touched = [name for name in names if not _untouched(state().side(name))]
    keep(f"keep_{'_'.join(names)}", {name: _text(state().side(name)) for name in touched})


def find_drawings(*names: SideName) -> None:
    """Take back what the browser has kept of sides on which nothing has happened yet. Call it before the canvases."""
    wanted = [name for name in names if _untouched(state().side(name))]
    for name in set(names) & set(found := find(f"find_{'_'.join(names)}", wanted)):
        side, kept = state().side(name), _drawing(found[name])
        side.replace(kept.objects, kept.source)
        side.seen = kept.seen


def _untouched(side: Side) -> bool:
    return side.blank and not side.nonce


def _text(side: Side) -> str:
    """Return a drawing as text, "" for a blank one or one that is too large."""
    seen, source = side.source or side.seen, side.source
    drawing = {
        "objects": side.objects,
        "test_index": source.test_index if source else None,
        "digit": _packed(seen.digit) if isinstance(seen, Seen) else "",
        "why": str(seen) if isinstance(seen, ValueError) else "",
        "sight": _sight(),
    }
    text = json.dumps(drawing, separators=(",", ":")) if side.objects else ""
    return text if len(text) <= LARGEST else ""


def _drawing(text: Any) -> Kept:
    """Return the drawing of a text; a blank one for a text that `_text` does not make."""
    try:
        found = json.loads(text) if isinstance(text, str) and len(text) <= LARGEST else {}
        objects, digit, why = found["objects"], found["digit"], found["why"]
        if not (isinstance(objects, list) and len(objects) <= MOST_OBJECTS):
            return Kept([])
        own = all(isinstance(each["type"], str) and str(each.get("src", DATA)).startswith(DATA) for each in objects)
        if not (own and objects):  # nothing is fetched from elsewhere
            return Kept([])
        if found["sight"] != _sight():  # the link may name another network than before
            return Kept(objects, None, in_use.look_at_drawing(objects, in_use.sight_on("left")))
        seen = Seen(_unpacked(digit)) if digit else ValueError(plain(str(why), LONGEST)) if why else None
        return Kept(objects, _test_digit(objects, found["test_index"]), seen)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, zlib.error):
        return Kept([])


def _test_digit(objects: Objects, index: Any) -> Seen | None:
    """Return a test digit by its index, None unless the drawing is one picture and there is such a digit."""
    images = in_use.test_images().images
    if [each["type"] for each in objects] != [PICTURE] or type(index) is not int or not 0 <= index < len(images):
        return None
    return Seen(to_float(images[index]), test_index=index)


def _sight() -> list[Any]:
    """Return how the network in use sees, as JSON gives it back."""
    return list(in_use.sight_on("left"))


def _packed(digit: np.ndarray) -> str:
    return base64.b64encode(zlib.compress(digit.astype("<f4").tobytes())).decode()


def _unpacked(text: str) -> np.ndarray:
    """Return the image (side, side) float32 of a text. Raises ValueError, TypeError or zlib.error."""
    side = in_use.sight_on("left").side
    size = 4 * side**2
    content = zlib.decompressobj().decompress(base64.b64decode(text), size)
    digit = np.frombuffer(content, "<f4").reshape(side, side).astype(np.float32)
    if not (digit >= 0).all() or not (digit <= 1).all():
        raise ValueError("expected pixels in [0, 1]")
    return digit
