"""What the app remembers of one visitor. Nothing else touches st.session_state."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np
import streamlit as st

from siamese_core.datasets.symbols import Symbols

SideName = Literal["left", "right", "teach", "ask"]
SIDES: tuple[SideName, SideName] = ("left", "right")
SYMBOL_SIDES: tuple[SideName, SideName] = ("teach", "ask")  # of the Symbols page; they take dots and dashes too

Objects = list[dict[str, Any]]  # a drawing, in the canvas's own terms (Fabric.js objects)


class Seen(NamedTuple):
    """What the network sees of a side."""

    digit: np.ndarray  # (side, side) float32
    stages: tuple[np.ndarray, ...] = ()  # uint8, `canonical.Stages` as small as shown; none for a test image
    test_index: int | None = None  # of a test image


@dataclass
class Side:
    """One of the drawings.

    The canvas in the browser holds the drawing; this is what Python knows of it. Python replaces it by handing over
    other objects under a new nonce. What the canvas sends counts once, so that its last word before a replacement,
    which is there until it answers, does not bring the old drawing back.
    """

    loaded: Objects = field(default_factory=list)
    nonce: int = 0
    objects: Objects = field(default_factory=list)
    seen: Seen | ValueError | None = None  # or why the drawing holds no digit; None while blank or not yet known
    source: Seen | None = None  # what is seen if the drawing is an untouched picture or test digit
    complaint: str = ""  # about the last upload, until the next stroke
    uploads: int = 0  # files taken so far
    pixels: bytes = b""  # what the canvas shows, see `thumbnails.packed`; none while it has not told
    photo: bytes = b""  # the picture that the drawing comes from or that could not be read, see `photo.keep`
    cropping: bool = False  # whether the dialog that crops the picture is to be opened
    place: str = ""  # where its canvas stands, "" if it stands nowhere
    _sent: Objects | None = None  # what the canvas last sent

    def replace(self, objects: Objects, source: Seen | None = None) -> None:
        """Put another drawing into the canvas; what the network sees follows when the canvas has drawn it."""
        self.loaded, self.objects, self.source = objects, objects, source
        self.seen = self.seen if objects else None
        self.complaint, self.photo, self.pixels = "", b"", b""
        self.nonce += 1

    def receive(self, objects: Objects | None, read: Callable[[], Seen | ValueError | None]) -> bool:
        """Take what the canvas sent, and tell whether the network now sees something else.

        read: looks at its pixels, which costs some milliseconds; returns None if it has not drawn anything yet.
        """
        if objects is None or objects == self._sent or (seen := read()) is None:
            return False
        was_blank = self.blank
        self._sent, self.complaint = objects, ""
        self.objects, self.seen = objects, seen if objects else None
        if not unchanged(self.loaded, objects):
            self.source = None
        return self.source is None and not (was_blank and self.blank)

    def look_again(self, look_at: Callable[[Objects, bytes], Seen | ValueError | None]) -> None:
        """See the drawing as another network does; look_at: looks at its objects, and its pixels where it has them."""
        self.source = None
        self.seen = look_at(self.objects, self.pixels) if self.objects else None
        if self.seen is None:
            self._sent = None  # the canvas has its word again

    def stand(self, place: str) -> None:
        """Note where the canvas stands; at another place the browser builds it anew, from what was drawn.

        The nonce stays: a canvas that the browser has kept must not load an older drawing over a stroke that is still
        on its way.
        """
        if place != self.place:
            self.place, self.loaded, self._sent = place, self.objects, None

    def leave(self) -> None:
        """Note that the canvas is on the page no longer."""
        self.place = ""

    @property
    def blank(self) -> bool:
        """Tell whether nothing is drawn."""
        return not self.objects


def unchanged(loaded: Objects, sent: Objects) -> bool:
    """Tell whether the canvas holds just what it was given: it adds defaults to each object, but changes none."""
    return len(loaded) == len(sent) and all(
        all(after.get(key) == value for key, value in before.items())
        for before, after in zip(loaded, sent, strict=True)
    )


class Replaced(NamedTuple):
    """A drawing that an act took from the teaching canvas."""

    objects: Objects
    source: Seen | None
    by: Objects  # what the act put there instead


class Step(NamedTuple):
    """What an act on the set of symbols has changed, so that it can be undone."""

    act: str  # as its button says it, "teaching heart"
    symbols: Symbols  # as they were
    drawing: Replaced | None = None  # None if it left the teaching canvas as it was


@dataclass
class State:
    """Everything that is remembered of a visitor, beside what widgets keep themselves."""

    left: Side = field(default_factory=Side)
    right: Side = field(default_factory=Side)
    teach: Side = field(default_factory=Side)
    ask: Side = field(default_factory=Side)
    symbols: Symbols | None = None  # None: those that the page opens with, untouched
    symbol_steps: list[Step] = field(default_factory=list)  # that can be undone, the last one last
    symbol_words: dict[str, str] = field(default_factory=dict)  # about the last act there, by the part that shows them
    symbol_files: int = 0  # files opened so far
    embedded_by: Any = None  # the model by which the next ones are embedded
    embedded: dict[bytes, np.ndarray] = field(default_factory=dict)  # embeddings (d,) of examples, by their pictures
    scale_shown: bool = False  # whether the Compare page shows the scale of distances, as from the first answer on
    network: str = ""  # name of the network in use
    sight: Any = None  # how it sees, see `in_use`; None before the first
    page: str = ""
    given: dict[str, Any] = field(default_factory=dict)  # values that widgets take when their parts run
    parts: set[str] = field(default_factory=set)  # keys of the parts that the page has
    owed: set[str] = field(default_factory=set)  # keys of the parts of the page that must run once more
    visitor: str = ""  # an unguessable name, by which runs are found again
    asked: dict[str, str] | None = None  # what the link asks for by which the visitor came, as far as not yet taken
    linked: list[str] = field(default_factory=list)  # ids of the runs that it names
    link: dict[str, str | None] = field(default_factory=dict)  # what the page's link carries; None: not this parameter
    notes: list[str] = field(default_factory=list)  # sentences about the link or the last press of a button
    images: int = 0  # to train on, as last chosen
    min_equals: int = 0  # for so many images
    data: str = ""  # key of the data set for which these were
    uploading: str = ""  # id of the data set that is being read
    data_uploads: int = 0  # files taken so far for data sets
    linked_data: list[str] = field(default_factory=list)  # keys of the data sets that the link named
    drawn_pairs: int = 0  # how often the article's figure was asked for anew
    map_of: Any = None  # which digits the next two refer to
    picked: int | None = None  # the digit clicked in a map, by its place among those shown
    selected: list[int] = field(default_factory=list)  # those within a box or lasso
    cell: tuple[int, int] | None = None  # two digits clicked in the table of distances
    marks_in_maps: set[int] = field(default_factory=set)  # of so many dimensions, over which this browser cannot draw
    evaluated: str = ""  # the network whose threshold the Evaluate page has
    threshold: float | None = None  # exact, as a button there gave it; None: as the slider says
    error_cell: tuple[int, int] | None = None  # two digits clicked in the table of errors
    times: dict[str, list[float]] = field(default_factory=dict)  # when the visitor did what has a pace, by what it is
    rng: np.random.Generator = field(default_factory=np.random.default_rng)

    def side(self, name: SideName) -> Side:
        """Return one of the drawings."""
        found: Side = getattr(self, name)
        return found

    def swap(self) -> None:
        """Exchange the two drawings."""
        was = [(side.objects, side.source, side.seen, side.pixels) for side in (self.right, self.left)]
        for side, (objects, source, seen, pixels) in zip((self.left, self.right), was, strict=True):
            side.replace(objects, source)
            side.seen, side.pixels = seen, pixels


def state() -> State:
    """Return this visitor's state."""
    if "state" not in st.session_state:
        st.session_state["state"] = State()
    found: State = st.session_state["state"]
    return found


def widget_value(key: str) -> Any:
    """Return the value of a widget by its key, None if there is no such widget."""
    return st.session_state.get(key)


def set_widget_value(key: str, value: Any) -> None:
    """Set the value that a widget takes in the next run; only in callbacks or before the widget is drawn."""
    st.session_state[key] = value


def enter(page: str) -> None:
    """Note which page runs: another than before has no canvases and no notes yet, and owes no part a run."""
    here = state()
    if here.page != page:
        here.page, here.notes, here.link = page, [], {}
        here.owed.clear()
        here.parts.clear()
        for name in (*SIDES, *SYMBOL_SIDES):
            here.side(name).leave()
