"""Inputs spoiled by chance: bytes, texts and JSON, each time in another way, the same for the same generator."""

import json
import struct
import zlib
from collections.abc import Callable, Sequence
from copy import deepcopy
from functools import partial
from typing import Any

import numpy as np

from benchmarks.target import one_of

NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
WORDS = (
    "", " ", "\x00", "-1", "0", "1e999", "nan", "-inf", "9" * 400, "٣", "²", "..", "../../etc/passwd", "/", "~", "C:\\",
    "a" * 5_000, "\ud7ff💥", "\u202e", "<script>alert(1)</script>", "![](//x.y)", ":red[x]", "$x$", "%s", "{0}", "None",
    "untrained:..", "untrained:", ":", "|", "true", "[]", "{", '"', "'", ",", ";", "\t", "\r\n",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1e308,
    10**30,
    float("nan"),
    "",
    "a" * 3_000,
    [],
    {},
    [[]],
    [None],
    {"": None},
)
MOST = 5  # spoilings of one input
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def spoiled(content: bytes, others: Sequence[bytes], rng: np.random.Generator) -> bytes:
    """Return bytes with one to MOST spoilings; a PNG gets right checksums again half of the time."""
    data = bytearray(content)
    for _ in range(int(rng.integers(1, MOST + 1))):
        _spoil(data, others, rng)
    repaired = data.startswith(SIGNATURE) and rng.random() < 0.5
    return _with_checksums(bytes(data)) if repaired else bytes(data)


def _spoil(data: bytearray, others: Sequence[bytes], rng: np.random.Generator) -> None:
    """Change, insert, repeat, cut out or cut off, in place."""
    at, length = (int(rng.integers(0, len(data) + 1)) for _ in range(2))
    length = min(length, 2 ** int(rng.integers(0, 10)))
    match int(rng.integers(0, 7)):
        case 0 if at < len(data):
            data[at] ^= 1 << int(rng.integers(0, 8))
        case 1:
            size = int(rng.choice([1, 2, 4]))
            number = int(rng.choice(NUMBERS)) & (256**size - 1)
            data[at : at + size] = number.to_bytes(size, "big" if rng.random() < 0.5 else "little")
        case 2:
            data[at:at] = data[at : at + length]
        case 3:
            del data[at : at + length]
        case 4:
            data[at : at + length] = rng.bytes(length)
        case 5 if rng.random() < 0.3:
            del data[at:]
        case 6:
            other = one_of(others, rng)
            start = int(rng.integers(0, len(other) + 1))
            data[at : at + length] = other[start : start + length]


def _with_checksums(data: bytes) -> bytes:
    """Return a PNG with right checksums, so that its chunks are looked at and not refused for them."""
    made, at = bytearray(SIGNATURE), len(SIGNATURE)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        body = data[at + 4 : at + 8 + length]
        made += data[at : at + 4] + body + zlib.crc32(body).to_bytes(4)
        at += 12 + length
    return bytes(made)


def spoiled_text(text: str, rng: np.random.Generator) -> str:
    """Return a text in which one to MOST of its words are others."""
    for _ in range(int(rng.integers(1, MOST + 1))):
        at, end = sorted(int(rng.integers(0, len(text) + 1)) for _ in range(2))
        end = min(end, at + 2 ** int(rng.integers(0, 8)))
        text = text[:at] + word(rng) + text[end:]
    return text


def word(rng: np.random.Generator) -> str:
    """Return a word that nobody expects."""
    return str(one_of(WORDS, rng))


def spoiled_json(whole: Any, rng: np.random.Generator) -> str:
    """Return JSON in which one to MOST values are others, are gone, are doubled or stand elsewhere."""
    made = json.loads(json.dumps(whole))
    for _ in range(int(rng.integers(1, MOST + 1))):
        places = _places(made)
        if not places:
            break
        one_of(places, rng)(rng)
    return json.dumps(made)


def _places(node: Any) -> list[Callable[[np.random.Generator], None]]:
    """Return what spoils each place of a document."""
    found: list[Callable[[np.random.Generator], None]] = []
    keys = list(node) if isinstance(node, dict) else range(min(len(node), 8)) if isinstance(node, list) else []
    for key in keys:
        found += [partial(_replace, node, key), *_places(node[key])]
    return found


def _replace(node: Any, key: Any, rng: np.random.Generator) -> None:
    if key not in (node if isinstance(node, dict) else range(len(node))):
        return  # it went with another spoiling
    kind = int(rng.integers(0, 4))
    if kind == 0:
        del node[key]
    elif kind == 1 and isinstance(node, list):
        node.extend(deepcopy(node[:50]))
    elif kind == 2:
        node[key] = word(rng)
    else:
        node[key] = deepcopy(one_of(VALUES, rng))  # one of its own: it may be spoiled as well
