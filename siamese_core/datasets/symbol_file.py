"""The file of a set of symbols, JSON: written, and read with every field checked.

{"format": "siamese-lab-symbols", "version": 1, "symbols": [{"name": "heart", "examples": [{"picture": "...",
"strokes": [[[x, y], ...], ...]}]}]}; a picture is 28 x 28 bytes in base64, see `symbols.Example`.
"""

import base64
import binascii
import json
from typing import Any, NoReturn

from siamese_core.datasets.symbols import (
    MOST_EXAMPLES,
    MOST_POINTS,
    MOST_STROKES,
    MOST_SYMBOLS,
    PIXELS,
    Example,
    Stroke,
    Symbol,
    SymbolError,
    Symbols,
    checked_name,
    find,
)

FORMAT, VERSION = "siamese-lab-symbols", 1
LARGEST = 4 * 1024**2  # bytes; a full set of long drawings takes less
FAR = 10_000  # px, as far as a pen may leave the canvas
SAMPLE = "It is no set of symbols that Siamese Lab has saved"


def to_file(symbols: Symbols) -> bytes:
    """Return the file of a set."""
    listed = [{"name": symbol.name, "examples": list(map(_to_entry, symbol.examples))} for symbol in symbols]
    whole = {"format": FORMAT, "version": VERSION, "symbols": listed}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def from_file(content: bytes) -> Symbols:
    """Return the set in a file. Raises SymbolError with a sentence that says what is wrong with it, and where."""
    if len(content) > LARGEST:
        raise SymbolError(f"It is larger than {LARGEST // 1024**2} MB, more than a full set of symbols takes.")
    try:
        whole = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_without_doubles, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise SymbolError(f"{SAMPLE}: it is damaged, or no JSON.") from None
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise SymbolError(f"{SAMPLE}.")
    if whole.get("version") != VERSION or isinstance(whole["version"], bool):
        raise SymbolError(f"It is a set of another version of Siamese Lab; this one reads version {VERSION}.")
    listed = _fields(whole, "The file", "format", "version", "symbols")["symbols"]
    if not isinstance(listed, list) or len(listed) > MOST_SYMBOLS:
        raise SymbolError(f"It is damaged: expected a list of at most {MOST_SYMBOLS} symbols.")
    symbols: Symbols = ()
    for i, entry in enumerate(listed, 1):
        symbol = _symbol(entry, f"Symbol {i}")
        if find(symbols, symbol.name):
            raise SymbolError(f"It is damaged: two of its symbols are named “{symbol.name}”.")
        symbols = (*symbols, symbol)
    return symbols


def _to_entry(example: Example) -> dict[str, Any]:
    return {"picture": base64.b64encode(example.picture).decode("ascii"), "strokes": example.strokes}


def _symbol(entry: Any, where: str) -> Symbol:
    found = _fields(entry, where, "name", "examples")
    name, examples = found["name"], found["examples"]
    if not isinstance(name, str):
        _damaged(where, "has no name")
    try:
        kept = checked_name(name)
    except SymbolError as error:
        raise SymbolError(f"It is damaged: {where.lower()} has no usable name. {error}") from None
    if not isinstance(examples, list) or not 1 <= len(examples) <= MOST_EXAMPLES:
        _damaged(where, f"has not 1 to {MOST_EXAMPLES} examples")
    read = tuple(_example(each, f"Example {i} of “{kept}”") for i, each in enumerate(examples, 1))
    if len({each.picture for each in read}) < len(read):
        _damaged(where, "has the same example twice")
    return Symbol(kept, read)


def _example(entry: Any, where: str) -> Example:
    found = _fields(entry, where, "picture", "strokes")
    try:
        picture = base64.b64decode(found["picture"], validate=True)
    except (TypeError, ValueError, binascii.Error):
        _damaged(where, "has no picture that can be read")
    if len(picture) != PIXELS or not any(picture):
        _damaged(where, "has no picture of 28 × 28 pixels with ink in it")
    strokes = found["strokes"]
    if not isinstance(strokes, list) or len(strokes) > MOST_STROKES:
        _damaged(where, f"has no list of at most {MOST_STROKES} strokes")
    read = tuple(_stroke(each, where) for each in strokes)
    if sum(map(len, read)) > MOST_POINTS:
        _damaged(where, f"has more than {MOST_POINTS:,} points")
    return Example(picture, read)


def _stroke(entry: Any, where: str) -> Stroke:
    if not isinstance(entry, list) or not entry or not all(map(_is_point, entry)):
        _damaged(where, "has a stroke that is not a list of points")
    return tuple((x, y) for x, y in entry)


def _is_point(entry: Any) -> bool:
    return isinstance(entry, list) and len(entry) == 2 and all(type(each) is int and abs(each) <= FAR for each in entry)


def _fields(entry: Any, where: str, *names: str) -> dict[str, Any]:
    """Return an entry that has just the fields of these names."""
    if not isinstance(entry, dict) or set(entry) != set(names):
        _damaged(where, f"has not the fields {', '.join(names)} and no others")
    return entry


def _damaged(where: str, what: str) -> NoReturn:
    raise SymbolError(f"It is damaged: {where[0].lower()}{where[1:]} {what}.")


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a field is there twice")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")
