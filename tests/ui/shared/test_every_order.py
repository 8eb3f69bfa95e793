"""No stroke is lost, in whatever order the acts of a visitor, the messages and the runs of the page come.

A small canvas in the browser's place does what the component and `canvas.js` do: it sends each stroke at once, loads
what it is given under a new nonce and answers with it, takes no strokes from a click on Undo or Clear until then, and
starts anew when it is built anew. Every way in which its acts, the server's runs and what they draw can follow one
another is played.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import pytest

from ui.shared.state import Objects, Seen, Side

SEEN = Seen(np.ones((28, 28), np.float32))
BUTTONS = ("undo", "clear", "random", "leave", "return")
PICTURE: Objects = [{"path": "a random digit"}]
Loaded = tuple[Objects, int]  # what a canvas is given: objects and their nonce


def after(objects: Objects, act: str) -> Objects:
    """Return what is drawn after an act."""
    kept = {"undo": objects[:-1], "clear": [], "random": PICTURE, "leave": objects, "return": objects}
    return kept.get(act, [*objects, {"path": act}])


@dataclass
class Canvas:
    """The canvas in the browser."""

    objects: Objects = field(default_factory=list)
    given: Loaded | None = None  # None: it stands on no page
    takes_strokes: bool = False
    sent: list[Objects | str] = field(default_factory=list)  # drawings and the buttons pressed, not yet with the server

    def do(self, act: str) -> None:
        """Draw a stroke, named by a letter, or press a button."""
        if act not in BUTTONS:
            self.objects = [*self.objects, {"path": act}]
            self.sent.append(self.objects)
            return
        self.takes_strokes = False
        self.sent.append(act)

    def get(self, given: Loaded | None) -> None:
        """Get what a run of the page has drawn: None for a page without it."""
        if given is not None and given != self.given:
            self.objects = given[0]
            if self.given is not None:
                self.sent.append(self.objects)
        if given is None or given != self.given:
            self.takes_strokes = given is not None
        self.given = given


@dataclass
class Visit:
    """A visitor's page and what the server knows of it."""

    acts: tuple[str, ...]
    canvas: Canvas = field(default_factory=Canvas)
    side: Side = field(default_factory=Side)
    value: Objects | None = None  # what the server has last heard of the canvas
    here: bool = True  # whether the page with the canvas is the one the server runs
    runs: list[Loaded | None] = field(default_factory=list)  # drawn by the server, not yet in the browser
    wanted: Objects = field(default_factory=list)  # what must be drawn in the end

    def __post_init__(self) -> None:
        """Run the page for the first time."""
        self.run()

    def run(self) -> None:
        """Run the page that the visitor is on."""
        if self.here:
            self.side.stand("page")
            self.side.receive(self.value, lambda: SEEN)
        else:
            self.value = None
            self.side.leave()
        self.runs.append((self.side.loaded, self.side.nonce) if self.here else None)

    def answer(self, count: int) -> None:
        """Take so many messages in one request, as Streamlit does: the buttons' callbacks come before the canvas's."""
        taken, self.canvas.sent = self.canvas.sent[:count], self.canvas.sent[count:]
        for each in taken:
            if isinstance(each, list):
                self.value = each
        for each in taken:
            if isinstance(each, str):
                self.side.receive(self.value, lambda: SEEN)
                self.press(each)
        changed = self.side.receive(self.value, lambda: SEEN)
        if not changed or not isinstance(taken[-1], list):  # else the answer alone runs
            self.run()

    def press(self, button: str) -> None:
        """Do what the callback of a button does, or follow a link."""
        if button in ("leave", "return"):
            self.here = button == "return"
        else:
            self.side.replace(after(self.side.objects, button))

    def act(self) -> None:
        """Let the visitor do the next thing."""
        act, *rest = self.acts
        self.acts = tuple(rest)
        self.canvas.do(act)
        self.wanted = after(self.wanted, act)

    def steps(self) -> Iterator["Visit"]:
        """Return the visit after each of the things that can happen next."""
        for count in range(1, len(self.canvas.sent) + 1):
            next_ = deepcopy(self)
            next_.answer(count)
            yield next_
        if self.runs:
            next_ = deepcopy(self)
            next_.canvas.get(next_.runs.pop(0))
            yield next_
        if self.acts and (self.canvas.takes_strokes or (self.acts[0] == "return" and self.canvas.given is None)):
            next_ = deepcopy(self)
            next_.act()
            yield next_


def ends(visit: Visit) -> list[Visit]:
    """Return how a visit can end, once nothing more can happen."""
    open_, seen, ended = [visit], set[str](), []
    while open_:
        one = open_.pop()
        steps = list(one.steps())
        if not steps:
            ended.append(one)
        for each in steps:
            if (name := repr(each)) not in seen:
                seen.add(name)
                open_.append(each)
    return ended


@pytest.mark.parametrize(
    "acts",
    [
        *product(("A", "undo", "clear", "random", "leave"), repeat=2),
        *(pytest.param(each, marks=pytest.mark.slow) for each in product(("A", "undo", "clear", "leave"), repeat=3)),
    ],
)
def test_no_stroke_is_lost_in_any_order(acts: tuple[str, ...]) -> None:
    named = tuple(f"{act}{i}" if act == "A" else act for i, act in enumerate(acts))
    whole = tuple(part for act in named for part in ((act, "return") if act == "leave" else (act,)))
    ways = ends(Visit(("S", *whole, "Z")))
    assert ways
    for way in ways:
        assert not way.acts
        assert way.side.objects == way.wanted
        assert way.canvas.objects == way.wanted
