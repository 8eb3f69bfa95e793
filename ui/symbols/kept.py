"""What the visitor's browser keeps of this page in its tab, so that a reload loses nothing: the set and both drawings.

The server forgets a visitor with the connection; what is kept in the tab goes with the tab. What comes from there is
checked as any file.
"""

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from siamese_core.config import CANVAS_SIZE
from siamese_core.datasets.symbol_file import FAR, LARGEST, from_file, to_file
from siamese_core.datasets.symbols import MOST_STROKES, SymbolError, example
from ui.shared.browser_script import run_script
from ui.shared.canvas import put_drawing
from ui.shared.canvas_objects import PICTURE, stroke_objects, strokes_of
from ui.shared.state import SYMBOL_SIDES, Objects, Side, SideName, state
from ui.symbols.symbol_set import TAUGHT, opening, say

SCRIPT = Path(__file__).with_suffix(".js")
SET = "symbols"  # the item of the set; a drawing's has the name of its side
PNG = "data:image/png;base64,"


def keep_set() -> None:
    """Let the browser keep the set, once it is another than the page opens with."""
    taught = state().symbols
    _keep(SET, None if taught is None else to_file(taught).decode())


def keep_drawing(name: SideName) -> None:
    """Let the browser keep a drawing, once something was drawn."""
    side = state().side(name)
    content = json.dumps(_to_entries(side.objects), separators=(",", ":")) if side.objects else ""
    _keep(name, None if _untouched(side) else content)


def find_kept() -> None:
    """Take back what the browser has kept, as far as the visitor has not begun anew. Call it before the canvases."""
    wanted = _wanted()
    found = run_script(SCRIPT, "find_kept", _data("", None, wanted), on_found_change=_nothing).get("found")
    for item in set(wanted) & set(found or {}):
        if item == SET:
            _take_set(found[item])
        else:
            _take_drawing(item, found[item])


def _wanted() -> list[str]:
    here = state()
    return [*([SET] if here.symbols is None else []), *(name for name in SYMBOL_SIDES if _untouched(here.side(name)))]


def _take_set(text: Any) -> None:
    try:
        state().symbols = from_file(str(text).encode())
    except (SymbolError, UnicodeEncodeError):
        state().symbols = opening()  # from here on the browser keeps this one
        say(TAUGHT, "What this tab had kept cannot be read. You see the symbols that the page opens with.")


def _take_drawing(name: Any, text: Any) -> None:
    put_drawing(name, _from_entries(text))


def _keep(item: str, content: str | None) -> None:
    run_script(SCRIPT, f"keep_{item}", _data(item, content, []))


def _data(item: str, content: str | None, wanted: list[str]) -> dict[str, Any]:
    return {"item": item, "content": content, "wanted": wanted}


def _untouched(side: Side) -> bool:
    return side.blank and not side.nonce


def _nothing() -> None:
    """Do nothing: Streamlit passes a value on only if it has a callback."""


def _to_entries(objects: Objects) -> list[Any]:
    """Return a drawing in short: its pictures as they are, then its strokes as lists of points."""
    pictures = [each for each in objects if each.get("type") == PICTURE]
    strokes = strokes_of([each for each in objects if each.get("type") != PICTURE])
    thin = example(np.zeros((1, 1)), strokes).strokes
    return [*pictures, *thin]


def _from_entries(text: Any) -> Objects:
    """Return a drawing of `_to_entries`, a blank one if it is none."""
    try:
        entries = json.loads(text) if isinstance(text, str) and len(text) <= LARGEST else []
        fits = isinstance(entries, list) and len(entries) <= 2 * MOST_STROKES
        pictures = [each for each in entries if isinstance(each, dict)] if fits else []
        strokes = [np.array(each, np.float64) for each in entries if isinstance(each, list)] if fits else []
    except (ValueError, TypeError, RecursionError):
        return []
    drawn = all(each.ndim == 2 and each.shape[1] == 2 and (np.abs(each) <= FAR).all() for each in strokes)
    return [*pictures, *stroke_objects(strokes)] if drawn and all(map(_is_picture, pictures)) else []


def _is_picture(entry: dict[str, Any]) -> bool:
    """Return whether an entry is a picture as `canvas_objects.picture_object` puts it on the canvas."""
    source, corner = entry.get("src"), [entry.get("left"), entry.get("top")]
    if entry.get("type") != PICTURE or not isinstance(source, str) or not source.startswith(PNG):
        return False
    try:
        with Image.open(io.BytesIO(base64.b64decode(source.removeprefix(PNG))), formats=["PNG"]) as picture:
            fits = max(picture.size) <= CANVAS_SIZE
            picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return fits and all(isinstance(each, int | float) and abs(each) <= CANVAS_SIZE for each in corner)
