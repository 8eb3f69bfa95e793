"""The load of many visitors: its messages, its counting and its bounds, without a server."""

import asyncio
import itertools
import json
import math
from types import SimpleNamespace
from unittest.mock import patch

import numpy as np
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

import benchmarks.drawings
from benchmarks.drawings import BLANK, Drawing, apart, canvas_value, picture
from benchmarks.report import spread
from benchmarks.visitors import Stroke, Tally, Visitor, options
from benchmarks.wire import browsing, name_of, port_of, rerun
from siamese_core.imaging.canonical import canvas_to_image


def metric(text: str) -> SimpleNamespace:
    return SimpleNamespace(label="Distance", body=text)


def visitor(*expected: float) -> Visitor:
    made = Visitor(itertools.cycle([[]]), 0, Tally())
    made.waiting = [Stroke(0.0, distance) for distance in expected]
    return made


@pytest.mark.parametrize("address", ["http://127.0.0.1:8501", "http://127.0.0.1:8501/Train"])
def test_this_machine_is_spoken_to(address: str) -> None:
    assert port_of(address) == 8501


@pytest.mark.parametrize(
    "address",
    ["http://example.com:80", "http://127.0.0.1.example.com:80", "http://127.0.0.1@example.com:80", "http://10.0.0.1:80",
     "https://127.0.0.1:8501", "http://127.0.0.1", "127.0.0.1:8501"],
)  # fmt: skip
def test_no_other_host_is(address: str) -> None:
    async def visit() -> None:
        async with browsing(address, lambda kind, element: None):
            pass

    with pytest.raises(ValueError, match="expected an address such as"):
        asyncio.run(visit())


@pytest.mark.parametrize("words", [["--visitors", "501"], ["--visitors", "5", "0"], ["--seconds", "3601"]])
def test_a_load_is_bounded(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        options(words)
    assert "expected 1 to" in capsys.readouterr().err


def test_a_run_is_asked_for_with_all_that_the_page_holds() -> None:
    message = BackMsg.FromString(rerun({"a": "1"}, "b", fragment_id="f", is_auto_rerun=True))
    state = message.rerun_script
    assert [(w.id, w.json_value, w.trigger_value) for w in state.widget_states.widgets] == [
        ("a", "1", False),
        ("b", "", True),
    ]
    assert (state.fragment_id, state.is_auto_rerun, state.page_script_hash) == ("f", True, "")


def test_widgets_are_named_by_key_else_by_label() -> None:
    assert name_of(SimpleNamespace(id="$$ID-0f-canvas_left")) == "canvas_left"
    assert name_of(SimpleNamespace(id="$$ID-0f-None", label="Train")) == "Train"


def test_the_canvas_sends_its_strokes_and_a_picture_that_holds_a_digit() -> None:
    stroke = np.array([[140.0, 60.0], [140.0, 140.0], [140.0, 220.0]])
    drawing = json.loads(canvas_value([stroke], picture([stroke])))["drawing"]
    assert [curve[0] for curve in drawing["raw"]["objects"][0]["path"]] == ["M", "Q", "Q", "L"]
    assert drawing["data"].startswith("data:image/png;base64,")
    assert canvas_to_image(picture([stroke])).sum() > 20
    assert json.loads(BLANK)["drawing"]["raw"]["objects"] == []


def test_the_pen_is_as_wide_as_the_canvas_has_it() -> None:
    ink = picture([np.array([[140.0, 60.0], [140.0, 220.0]])])[..., 0] / 255
    assert ink[140].sum() == pytest.approx(18, abs=1)
    assert ink[:, 140].sum() == pytest.approx(160 + 18, abs=1)


def test_a_digit_that_begins_with_a_dash_is_left_out() -> None:
    dash, upright = np.array([[10.0, 30.0], [90.0, 30.0]]), np.array([[50.0, 10.0], [50.0, 90.0]])
    with patch.object(benchmarks.drawings, "digit_strokes", side_effect=[[dash, upright], [upright, dash]]):
        digits = benchmarks.drawings.drawings(2, np.random.default_rng(0))
    assert [len(digit) for digit in digits] == [2]


def test_two_drawings_are_apart_as_their_embeddings_are() -> None:
    a, b, c = (
        Drawing("", np.array(at), np.array([2 * at[0], 0.0]), unlike)
        for at, unlike in (([0.0, 0.0], False), ([3.0, 4.0], False), ([3.0, 4.0], True))
    )
    assert apart(a, b) == 5
    assert apart(a, c) == apart(c, a) == 6, "judged as symbols"


def test_a_distance_answers_the_strokes_up_to_its_own() -> None:
    one = visitor(0.5, 1.2, 1.4)
    one.show("metric", metric("1.200"))
    assert [stroke.expected for stroke in one.waiting] == [1.4]
    assert (len(one.tally.answers), one.tally.wrong) == (2, 0)
    one.show("metric", metric("1.200"))  # drawn once more
    assert (len(one.waiting), len(one.tally.answers), one.tally.wrong) == (1, 2, 0)


def test_a_distance_of_other_drawings_is_wrong() -> None:
    one = visitor(0.5)
    one.show("metric", metric("0.503"))
    assert (len(one.waiting), one.tally.answers, one.tally.wrong) == (1, [], 1)
    assert math.isnan(one.distance)


def test_percentiles() -> None:
    assert spread([float(i) for i in range(101)]) == {"median": 50, "min": 0, "max": 100, "p95": 95, "runs": 101}
