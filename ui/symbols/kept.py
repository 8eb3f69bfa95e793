"""The set of symbols, kept in the browser's tab, so that a reload of the page loses nothing of it."""

from siamese_core.datasets.symbol_file import from_file, to_file
from siamese_core.datasets.symbols import SymbolError
from ui.shared.kept import find, keep
from ui.shared.state import state
from ui.symbols.symbol_set import TAUGHT, opening, say

SET = "symbols"  # the name under which it is kept


def keep_set() -> None:
    """Let the browser keep the set, once it is another than the page opens with."""
    taught = state().symbols
    keep("keep_set", {} if taught is None else {SET: to_file(taught).decode()})


def find_set() -> None:
    """Take back what the browser has kept, as long as the visitor has not begun anew. Call it before the canvases."""
    found = find("find_set", [SET] if state().symbols is None else [])
    if SET not in found:
        return
    try:
        state().symbols = from_file(str(found[SET]).encode())
    except (SymbolError, UnicodeEncodeError):
        state().symbols = opening()  # from here on the browser keeps this one
        say(TAUGHT, "What this tab had kept cannot be read. You see the symbols that the page opens with.")
