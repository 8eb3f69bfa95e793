"""What comes from a browser, as `fuzz` attacks it: canvases, what a tab has kept, and links to every page."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.drawings import canvas_value, picture
from benchmarks.mutations import spoiled, spoiled_json, spoiled_text, word
from benchmarks.target import Target, one_of
from siamese_core.config import ROOT
from siamese_core.datasets.symbols import example
from siamese_core.jobs.data_queue import DataSets
from siamese_core.jobs.limits import Limits
from siamese_core.jobs.queue import Jobs

PAGES = ("", *(f"pages/{path.name}" for path in sorted((ROOT / "pages").glob("*.py"))))
DRAWN = json.loads(canvas_value([np.array([[60.0, 60.0], [140.0, 220.0]])], picture([np.array([[60.0, 60.0]])])))


@contextmanager
def messages(_root: Path) -> Iterator[Target]:
    """What a canvas sends: its objects and its picture."""
    from tests.ui.shared.test_hostile import Sent
    from ui.shared import canvas_message, canvas_objects, in_use
    from ui.shared.state import State

    drawing, url = DRAWN["drawing"]["raw"], DRAWN["drawing"]["data"]
    png = base64.b64decode(url.partition(",")[2])

    def spoil(rng: np.random.Generator) -> tuple[str, Any]:
        objects = spoiled_json(drawing, rng) if rng.random() < 0.7 else json.dumps(word(rng))
        if rng.random() < 0.3:
            return objects, spoiled_text(url, rng)
        data = spoiled(png, [png], rng)
        return objects, "data:image/png;base64," + base64.b64encode(data).decode()

    def run(case: tuple[str, Any]) -> None:
        objects, sent = case
        message: Any = Sent(json.loads(objects), sent)
        found, pixels = canvas_message.objects_of(message), canvas_message.pixels_of(message)
        if pixels is not None:
            in_use.look_at(pixels, in_use.sight_on("left"))
        if found:
            in_use.look_at_drawing(found, in_use.sight_on("left"))
            example(np.zeros((28, 28), np.float32), canvas_objects.strokes_of(found))

    here = State()
    with patch("ui.shared.in_use.state", lambda: here):
        yield Target([(json.dumps(drawing), url)], spoil, run)


@contextmanager
def kept_drawings(_root: Path) -> Iterator[Target]:
    """What a tab says it has kept: a drawing."""
    from ui.shared.kept_drawings import _drawing, _text
    from ui.shared.state import Seen, Side, State

    here, whole = State(), []
    with patch("ui.shared.in_use.state", lambda: here):
        for seen in (Seen(np.eye(28, dtype=np.float32)), ValueError("a dot")):
            side = Side()
            side.replace(DRAWN["drawing"]["raw"]["objects"])
            side.seen = seen
            whole.append(_text(side))

        def spoil(rng: np.random.Generator) -> str:
            text = one_of(whole, rng)
            return spoiled_text(text, rng) if rng.random() < 0.3 else spoiled_json(json.loads(text), rng)

        yield Target(whole, spoil, lambda text: _text(Side(objects=_drawing(text).objects)))


@contextmanager
def links(root: Path) -> Iterator[Target]:
    """The functions that read a link's parameters: settings, runs and data sets."""
    from tests.ui.test_hostile_links import FewDigits
    from ui.train import settings

    jobs = Jobs(root / "runs", Limits(), FewDigits)
    sets = DataSets(jobs)

    def spoil(rng: np.random.Generator) -> dict[str, str]:
        return {name: _value(rng) for name in settings.NAMES if rng.random() < 0.7} | {"run": _value(rng)}

    def run(case: dict[str, str]) -> None:
        found, _complaints = settings.from_link(case, jobs.limits)
        json.dumps(settings.to_link(settings.settings_of(settings.config_from(found))))
        if jobs.find(case["run"]) or sets.find(case["run"]):
            raise AssertionError(f"{case['run']!r} leads to a run, and there is none")

    try:
        yield Target([{"run": "a", "margin": "1.5", "epochs": "3"}], spoil, run)
    finally:
        jobs.close()


@contextmanager
def pages(root: Path) -> Iterator[Target]:
    """Whole pages by a link with nonsense in every parameter: no error is shown, and the page is there."""
    from tests.ui.app import compare_page, fake_canvas
    from tests.ui.test_hostile_links import PARAMETERS, FewDigits
    from ui.shared import resources

    jobs = Jobs(root / "runs", Limits(), FewDigits)

    def spoil(rng: np.random.Generator) -> SimpleNamespace:
        return SimpleNamespace(page=one_of(PAGES, rng), query={name: _value(rng) for name in PARAMETERS})

    def run(case: SimpleNamespace) -> None:
        app = compare_page()
        app = app.switch_page(case.page) if case.page else app
        app.query_params.update(case.query)
        app.run()
        if app.exception or not app.title:
            raise AssertionError([error.value for error in app.exception] or "no page")

    whole = [SimpleNamespace(page=page, query={}) for page in PAGES]
    with fake_canvas(), patch.object(resources, "jobs", lambda: jobs):
        yield Target(whole, spoil, run, share=0.05)
    jobs.close()


def _value(rng: np.random.Generator) -> str:
    """Return what a link may say for a parameter, as the address would hand it on."""
    text = word(rng) if rng.random() < 0.6 else spoiled_text(one_of(("UMAP", "1.5", "42000", "3-D", "a1b2"), rng), rng)
    return text.encode("utf-8", "replace").decode()
