"""The visitor's set of symbols: what it holds, the acts that change it, and the way back."""

import re

import numpy as np

from siamese_core.datasets.dataset import to_float
from siamese_core.datasets.symbols import Example, SymbolError, Symbols, example, images_of
from siamese_core.datasets.synthetic.drawn_symbols import opening_symbols
from siamese_core.networks.model import SiameseModel
from ui.shared import resources
from ui.shared.canvas import put_drawing, seen, taken_side
from ui.shared.canvas_objects import strokes_of
from ui.shared.state import Objects, Replaced, Seen, SideName, Step, state, unchanged

TEACHING, TAUGHT = "teaching", "taught"  # keys of the parts below the teaching canvas and with the symbols taught
MOST_STEPS = 100  # that can be undone


def symbols() -> Symbols:
    """Return the symbols as they are now."""
    taught = state().symbols
    return opening() if taught is None else taught


def opening() -> Symbols:
    """Return the symbols that the page opens with."""
    return resources.kept(("opening symbols",), opening_symbols)


def change(act: str, to: Symbols) -> None:
    """Put another set in the place of this one; act: as `Step` has it."""
    _note(Step(act, symbols()))
    state().symbols = to


def replace_taught(act: str, to: Symbols, objects: Objects, source: Seen | None = None) -> None:
    """Put another set in the place of this one, and another drawing on the teaching canvas."""
    side = taken_side("teach")
    _note(Step(act, symbols(), Replaced(side.objects, side.source, objects)))
    state().symbols = to
    put_drawing("teach", objects, source)


def _note(step: Step) -> None:
    here = state()
    here.symbol_steps = [*here.symbol_steps, step][-MOST_STEPS:]
    here.symbol_words.clear()


def undo() -> None:
    """Take back the last act; what it took from the teaching canvas comes back unless something was drawn since."""
    here = state()
    if not here.symbol_steps:
        return
    step = here.symbol_steps.pop()
    here.symbols = step.symbols
    here.symbol_words.clear()
    if step.drawing and unchanged(step.drawing.by, taken_side("teach").objects):
        put_drawing("teach", step.drawing.objects, step.drawing.source)


def say(part: str, word: str) -> None:
    """Let a part of the page say a word about the last act, until the next one."""
    state().symbol_words = {part: word}


def word(part: str) -> str:
    """Return what a part of the page has to say, "" for nothing."""
    return state().symbol_words.get(part, "")


def drawn_example(name: SideName) -> Example:
    """Return what is drawn on a canvas as an example. Raises SymbolError with a sentence if there is nothing yet."""
    side = taken_side(name)
    if side.blank:
        raise SymbolError("Draw the symbol first.")
    try:
        found = seen(side)
    except ValueError as error:
        raise SymbolError(str(error)) from None
    if found is None:
        raise SymbolError("The drawing is still being read; please try again.")
    return example(found.digit, strokes_of(side.objects))


def embeddings(model: SiameseModel, examples: list[Example]) -> np.ndarray:
    """Return the embeddings (n, d) of examples; each is made once."""
    here = state()
    if here.embedded_by is not model:
        here.embedded_by, here.embedded = model, {}
    known = here.embedded
    new = [each for each in examples if each.picture not in known]
    if new:
        known.update(zip((each.picture for each in new), model.embed(to_float(images_of(new))), strict=True))
    return np.array([known[each.picture] for each in examples], np.float32).reshape(-1, model.embedding_size)


def plain(text: str) -> str:
    """Return text so that Markdown shows it as it is."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)
