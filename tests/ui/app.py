"""Helpers for the tests of the pages: open the app, read its texts, press its buttons, draw on a fake canvas."""

import functools
import io
import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from unittest.mock import patch

import numpy as np
from PIL import Image
from streamlit.testing.v1 import AppTest

from siamese_core.config import CANVAS_SIZE, PEN_WIDTH, ROOT
from tests.browser.handwriting import Digit

TIMEOUT = 60  # seconds, the first run with TensorFlow's import


class FakeCanvas:
    """A stand-in for st_canvas; `strokes` holds the drawing on each side."""

    def __init__(self) -> None:
        self.strokes: dict[str, Digit] = {"left": [], "right": []}
        self.nonces: dict[str, int] = {}

    def __call__(self, *, key: str, initial_drawing: dict[str, object], **_: object) -> SimpleNamespace:
        """Return what the canvas returns in the run after it was drawn on."""
        name = key.removeprefix("canvas_")
        nonce = initial_drawing["nonce"]
        assert isinstance(nonce, int)
        if self.nonces.setdefault(name, nonce) != nonce and not initial_drawing["objects"]:
            self.strokes[name] = []  # cleared from Python
        self.nonces[name] = nonce
        strokes = self.strokes.setdefault(name, [])
        pixels, png = _drawn(tuple(map(tuple, strokes)))
        objects = {"objects": [{"type": "path", "path": s} for s in strokes]}
        return SimpleNamespace(json_data=objects, image_data=pixels, image_bytes=png)


@contextmanager
def fake_canvas() -> Iterator[FakeCanvas]:
    """Replace the real canvas by a fake one; the real package cannot even be imported without a running server."""
    fake = FakeCanvas()
    package = ModuleType("streamlit_drawable_canvas")
    package.__dict__.update(st_canvas=fake, CanvasResult=object)
    sys.modules.setdefault("streamlit_drawable_canvas", package)
    from ui.shared import canvas as canvas_module

    with patch.object(canvas_module, "st_canvas", fake):
        yield fake


STEP = 0.02  # of the canvas, between two points of a drawing: the fake canvas joins none


def drawing(strokes: list[np.ndarray]) -> Digit:
    """Return strokes (k, 2), in pixels of the canvas, as a drawing in a box of 1 x 1, its points dense."""
    return [_dense(stroke / CANVAS_SIZE) for stroke in strokes]


def _dense(stroke: np.ndarray) -> list[tuple[float, float]]:
    along = np.append(0, np.hypot(*np.diff(stroke, axis=0).T).cumsum())
    at = np.arange(0, along[-1] + STEP, STEP)
    return list(zip(*(np.interp(at, along, side).tolist() for side in stroke.T), strict=True))


@functools.lru_cache(maxsize=200)
def _drawn(digit: tuple[tuple[tuple[float, float], ...], ...]) -> tuple[np.ndarray, bytes]:
    """Return what a canvas shows of a drawing, and the same as PNG: each test asks for it several times."""
    pixels, file = _pixels(digit), io.BytesIO()
    pixels.setflags(write=False)
    Image.fromarray(pixels).save(file, "PNG", compress_level=0)
    return pixels, file.getvalue()


def _pixels(
    digit: Sequence[Sequence[tuple[float, float]]], size: int = CANVAS_SIZE, width: float = PEN_WIDTH
) -> np.ndarray:
    """Draw the strokes with a round white pen on black."""
    middles = np.arange(size) + 0.5
    ink = np.zeros((size, size), bool)
    for stroke in digit:
        for px, py in stroke:
            near = [np.flatnonzero(np.abs(middles - p * size) <= width / 2) for p in (py, px)]
            y, x = np.ix_(*(middles[each] for each in near))
            ink[np.ix_(*near)] |= np.hypot(x - px * size, y - py * size) <= width / 2
    rgba = np.full((size, size, 4), 255, np.uint8)
    rgba[..., :3] = ink[..., None] * np.uint8(255)
    return rgba


def compare_page() -> AppTest:
    return AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=TIMEOUT)


def words(app: AppTest) -> str:
    return "\n".join(element.value for element in app.markdown)


def captions(app: AppTest) -> str:
    return "\n".join(element.value for element in app.caption)


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def tables(app: AppTest) -> list[dict[str, list[str]]]:
    """Return the tables on the page, each by its columns."""
    found = []
    for element in app.markdown:
        lines = [re.split(r" (?<!\\)\| ", line[2:-2]) for line in element.value.splitlines() if line.startswith("| ")]
        if lines:
            found.append({name: [row[i] for row in lines[2:]] for i, name in enumerate(lines[0])})
    return found


def measured(app: AppTest) -> AppTest:
    """Run the Embeddings page again until the worker has measured the maps."""
    end = time.monotonic() + TIMEOUT
    while "…" in str(tables(app)[0]):
        assert time.monotonic() < end
        app.run()
    return app
