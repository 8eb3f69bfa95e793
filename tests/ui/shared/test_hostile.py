"""What comes from a browser that is anybody's program: messages of canvases, words in a link, too much of anything."""

import base64
import io
import json
import warnings
import zlib
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from siamese_core.jobs.limits import Limits
from ui.shared import pace
from ui.shared.pace import too_often
from ui.shared.plain import plain
from ui.shared.state import Seen, Side, State
from ui.train import settings

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def png(width: int = 280, height: int = 280, mode: str = "RGBA") -> bytes:
    file = io.BytesIO()
    Image.new(mode, (width, height)).save(file, "PNG")
    return file.getvalue()


def bomb(side: int) -> bytes:
    """Return a PNG of some kB that would be decoded into gigabytes."""
    row = zlib.compressobj()
    data = b"".join(row.compress(b"\0" * (side // 8 + 1)) for _ in range(side)) + row.flush()
    parts = [(b"IHDR", side.to_bytes(4) * 2 + bytes([1, 0, 0, 0, 0])), (b"IDAT", data), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4) for name, body in parts
    )


class Sent:
    """A message as the package of the canvas hands it on: it takes the data URL apart when asked."""

    def __init__(self, json_data: Any, url: Any) -> None:
        self.json_data, self._url = json_data, url

    @property
    def image_bytes(self) -> bytes | None:
        """Return the file."""
        return None if self._url is None else base64.b64decode(self._url.split(";base64,", 1)[1])

    @property
    def image_data(self) -> Any:
        """Return its pixels."""
        data = self.image_bytes
        return None if data is None else np.asarray(Image.open(io.BytesIO(data)))


def url(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode()


def pixels(sent: Any) -> Any:
    from ui.shared.canvas_message import pixels_of

    return pixels_of(Sent({}, sent))


def test_a_drawing_is_taken() -> None:
    found = pixels(url(png()))
    assert (found.shape, found.dtype) == ((280, 280, 4), np.uint8)
    assert pixels(None) is None


@pytest.mark.parametrize(
    "sent",
    [url(png(1_121, 1)), url(png(mode="L")), url(png(mode="RGB")), url(png()[:60]), url(b"GIF89a"), url(b""),
     url(bomb(20_000)), "data:image/png;base64,####", "data:,", "", 7, ["x"], {"a": 1}],
)  # fmt: skip
def test_what_is_no_drawing_is_passed_over_before_it_is_decoded(sent: Any) -> None:
    assert pixels(sent) is None


@given(data=st.data())
def test_a_damaged_drawing_is_a_picture_or_nothing(data: st.DataObject) -> None:
    changed = bytearray(png(8, 8))
    for _ in range(data.draw(st.integers(1, 6))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    found = pixels(url(bytes(changed)))
    assert found is None or found.shape[2] == 4


@given(JSON)
def test_objects_are_a_list_of_objects_or_nothing(sent: Any) -> None:
    from ui.shared.canvas_message import objects_of

    for drawing in (sent, {"objects": sent}):
        found = objects_of(Sent(drawing, None))
        assert found is None or all(isinstance(each, dict) for each in found)
    assert objects_of(Sent({"objects": [{}] * 1_001}, None)) is None
    assert objects_of(Sent({"objects": [{"type": "Path"}]}, None)) == [{"type": "Path"}]


@pytest.mark.parametrize("place", [1e308, -1e308, float("inf"), float("nan")])
def test_a_stroke_beyond_all_numbers_is_seen_as_nothing_and_warns_of_nothing(place: float) -> None:
    from ui.shared import in_use

    stroke = {"type": "Path", "strokeWidth": 18, "path": [["M", place, 60], ["L", 140, 220]]}
    with warnings.catch_warnings(record=True) as caught:  # a warning would be a line of the server's log
        warnings.simplefilter("always")
        found = in_use.look_at_drawing([stroke], in_use.Sight())
    assert not isinstance(found, Seen)
    assert caught == []


# --- words ---


@pytest.mark.parametrize(
    "text",
    ["![](//x.y/z)", "[a](javascript:b)", "<img src=x>", ":material/delete:", ":red[x]", "$x^2$", "**a**", "`a`",
     "https://x.y", "a@b.c", "# a", "| a |"],
)  # fmt: skip
def test_text_from_outside_is_shown_as_it_is(text: str) -> None:
    shown = plain(text)
    assert shown.replace("\\", "") == text
    for sign in "[]()<>:`*$#|@/":
        assert shown.count(sign) == shown.count(f"\\{sign}"), sign


def test_long_text_is_cut() -> None:
    assert plain("x" * 100, 5) == "xxxxx…"
    assert plain("two\n\nlines") == "two lines"


@given(st.dictionaries(st.sampled_from(settings.NAMES), st.text(max_size=30)))
def test_any_link_gives_settings_that_can_be_trained(parameters: dict[str, str]) -> None:
    found, complaints = settings.from_link(parameters, Limits())
    config = settings.config_from(found)
    assert config.epochs <= Limits().epochs
    assert len(complaints) <= len(parameters) + 1
    json.dumps(settings.to_link(found))


# --- too much ---


def test_a_visitor_may_do_something_so_often_a_minute() -> None:
    here, now = State(), SimpleNamespace(monotonic=lambda: 100.0)
    with patch.object(pace, "state", lambda: here), patch.object(pace, "time", now):
        assert [too_often("pictures", 2) for _ in range(2)] == ["", ""]
        assert too_often("pictures", 2) == "At most 2 pictures a minute are taken here. Please wait 60 s."
        assert too_often("maps", 2) == "", "each has its own"
        now.monotonic = lambda: 159.0
        assert too_often("pictures", 2).endswith("wait 1 s.")
        now.monotonic = lambda: 160.5
        assert too_often("pictures", 2) == "", "what was refused does not count"


# --- what a tab has kept ---


@given(JSON | st.text().map(lambda text: [{"type": "Path", "src": text}]), st.text(max_size=8))
def test_what_a_tab_says_it_kept_is_a_drawing_or_a_blank_one(sent: Any, digit: str) -> None:
    from ui.shared.kept_drawings import _drawing

    whole = {"objects": sent, "test_index": sent, "digit": digit, "why": "", "sight": ["ink", 28, False, ""]}
    for text in (sent, json.dumps(sent), json.dumps(whole), json.dumps({**whole, "why": sent, "digit": ""})):
        kept = _drawing(text)
        assert all(str(each.get("src", "data:image/png;base64,")).startswith("data:image/png") for each in kept.objects)
        assert kept.source is None
        assert not isinstance(kept.seen, Seen)


def test_a_drawing_comes_back_as_it_was_kept_with_what_is_seen_of_it() -> None:
    from ui.shared.kept_drawings import _drawing, _text

    rng = np.random.default_rng(0)
    side, test_digit = Side(), Seen(np.zeros((28, 28), np.float32), test_index=3)
    assert _text(side) == ""
    side.replace([{"type": "Path", "path": [["M", 1.5, 2]]}])
    assert _drawing(_text(side)) == (side.objects, None, None)
    side.seen = Seen(rng.random((28, 28), np.float32))
    seen = _drawing(_text(side)).seen
    assert isinstance(seen, Seen)
    np.testing.assert_array_equal(seen.digit, side.seen.digit)
    side.seen = ValueError("A dot. ![](//x.y)")
    assert str(_drawing(_text(side)).seen) == plain("A dot. ![](//x.y)")
    side.replace([{"type": "Image", "src": "data:image/png;base64,xx"}], test_digit)
    kept = _drawing(_text(side))
    assert kept.objects == side.objects
    assert kept.source
    assert kept.source.test_index == 3
    assert kept.source.digit.any(), "the digit itself comes from MNIST"
    side.objects = [*side.objects, {"type": "Path"}]
    assert _drawing(_text(side)).source is None, "it has been drawn over"


def test_a_drawing_is_seen_anew_by_a_network_that_sees_in_another_way() -> None:
    from ui.shared.in_use import Sight
    from ui.shared.kept_drawings import _drawing, _text

    here, side = State(), Side()
    with patch("ui.shared.in_use.state", lambda: here):
        side.replace([{"type": "Path", "path": [["M", 100, 60], ["L", 140, 220]]}])
        side.seen = Seen(np.ones((28, 28), np.float32))
        kept = _text(side)
        here.sight = Sight(side=56, any_shape=True, data="1")
        found = _drawing(kept)
        assert isinstance(found.seen, Seen)
        assert found.seen.digit.shape == (56, 56)
        assert found.seen.stages
        assert _drawing(kept.replace("100", '"x"')) == (json.loads(kept.replace("100", '"x"'))["objects"], None, None)
        again = Side(objects=side.objects)
        again.seen = found.seen
        back = _drawing(_text(again)).seen
        assert isinstance(back, Seen)
        np.testing.assert_array_equal(back.digit, found.seen.digit)
