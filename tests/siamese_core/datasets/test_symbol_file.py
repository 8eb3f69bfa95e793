"""The file of a set of symbols: it gives back what was written, and whatever else comes gets one sentence."""

import base64
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from siamese_core.datasets.symbol_file import LARGEST, from_file, to_file
from siamese_core.datasets.symbols import MOST_EXAMPLES, MOST_POINTS, MOST_SYMBOLS, Example, Symbol, SymbolError

PICTURE = bytes(range(256)) * 3 + bytes(16)
HEART = Symbol("heart", (Example(PICTURE, (((1, -2), (3, 4)), ((5, 6),))), Example(PICTURE[::-1])))
SET = (HEART, Symbol("Привет *x*", (Example(PICTURE),)))


def whole() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(to_file(SET))
    return loaded


def reading(entry: Any) -> str:
    """Return the sentence that reading an entry as a file gives."""
    with pytest.raises(SymbolError) as caught:
        from_file(json.dumps(entry).encode())
    return str(caught.value)


def test_a_set_comes_back_as_it_was() -> None:
    assert from_file(to_file(SET)) == SET
    assert from_file(to_file(())) == ()
    assert from_file(b"\xef\xbb\xbf" + to_file(SET)) == SET, "an editor may put a byte order mark before it"


def test_a_full_set_of_long_drawings_can_be_saved() -> None:
    long = tuple(tuple((i, j) for i in range(10)) for j in range(MOST_POINTS // 10))
    pictures = [bytes([i]) * 784 for i in range(1, MOST_EXAMPLES + 1)]
    full = tuple(Symbol(f"s{i}", tuple(Example(each, long) for each in pictures)) for i in range(MOST_SYMBOLS))
    content = to_file(full)
    assert len(content) <= LARGEST
    assert from_file(content) == full


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "no JSON"), (b"\xff\xfe", "no JSON"), (b"{", "no JSON"), (b"[" * 100_000, "no JSON"),
        (b'{"format": 1, "format": 2}', "no JSON"), (b"NaN", "no JSON"), (b"9" * 5_000, "no JSON"),
        (b"[]", "no set of symbols"), (b"null", "no set of symbols"), (b'{"a": 1}', "no set of symbols"),
        (b" " * (LARGEST + 1), "larger than 4 MB"),
    ],
)  # fmt: skip
def test_what_is_no_such_file_gets_a_sentence(content: bytes, word: str) -> None:
    with pytest.raises(SymbolError, match=word):
        from_file(content)


@pytest.mark.parametrize("version", [0, 2, "1", None, True])
def test_another_version_is_refused(version: object) -> None:
    assert "another version" in reading(whole() | {"version": version})


def picture(pixels: bytes) -> str:
    return base64.b64encode(pixels).decode()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("symbols",), {}), (("symbols",), [whole()["symbols"][0]] * 31), (("symbols", 0), "heart"),
        (("more",), 1), (("symbols", 0, "more"), 1), (("symbols", 0, "examples", 0, "more"), 1),
        (("symbols", 0, "name"), 7), (("symbols", 0, "name"), ""), (("symbols", 0, "name"), "привет *X*"),
        (("symbols", 0, "examples"), []), (("symbols", 0, "examples"), whole()["symbols"][0]["examples"] * 3),
        (("symbols", 0, "examples", 1), whole()["symbols"][0]["examples"][0]), (("symbols", 0, "examples"), None),
        (("symbols", 0, "examples", 0, "picture"), 5), (("symbols", 0, "examples", 0, "picture"), "?"),
        (("symbols", 0, "examples", 0, "picture"), picture(PICTURE[:-1])),
        (("symbols", 0, "examples", 0, "picture"), picture(bytes(784))),
        (("symbols", 0, "examples", 0, "strokes"), None), (("symbols", 0, "examples", 0, "strokes"), [[]]),
        (("symbols", 0, "examples", 0, "strokes"), [[[1]]]), (("symbols", 0, "examples", 0, "strokes"), [[[1, 2.5]]]),
        (("symbols", 0, "examples", 0, "strokes"), [[[1, True]]]), (("symbols", 0, "examples", 0, "strokes"), [[1]]),
        (("symbols", 0, "examples", 0, "strokes"), [[[1, 10**9]]]),
        (("symbols", 0, "examples", 0, "strokes"), [[[1, 2]]] * 201),
        (("symbols", 0, "examples", 0, "strokes"), [[[1, 2]] * 2_001]),
    ],
)  # fmt: skip
def test_every_field_is_checked(path: tuple[str | int, ...], value: object) -> None:
    entry: Any = whole()
    inner = entry
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    sentence = reading(entry)
    assert sentence.startswith("It is damaged: ")
    assert sentence.endswith(".")


@pytest.mark.parametrize("path", [("version",), ("symbols",), (0, "name"), (0, "examples"), (0, 0, "strokes")])
def test_no_field_may_be_missing(path: tuple[str | int, ...]) -> None:
    entry = whole()
    inner: Any = entry
    for step in path[:-1]:
        inner = (inner["symbols"] if "symbols" in inner else inner["examples"])[step]
    del inner[path[-1]]
    assert reading(entry)


@settings(max_examples=150, deadline=None)
@given(some.integers(0, 2_800), some.binary(max_size=4))
def test_no_damage_raises_anything_else(place: int, damage: bytes) -> None:
    content = to_file(SET)
    at = place % len(content)
    with suppress(SymbolError):
        from_file(content[:at] + damage + content[at + len(damage) :])
