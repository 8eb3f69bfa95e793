"""The Symbols page runs from top to bottom: teaching, asking, correcting, undoing, files, and what the tab has kept."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from streamlit.testing.v1 import AppTest

from siamese_core.datasets.symbol_file import to_file
from siamese_core.datasets.symbols import Symbols, teach
from siamese_core.datasets.synthetic.drawn_symbols import drawn_example, opening_symbols, symbol_strokes
from siamese_core.datasets.synthetic.symbols import OPENING
from tests.browser.handwriting import Digit
from tests.ui.app import FakeCanvas, compare_page, drawing, press, words

TWO = teach(teach((), "clock", drawn_example("clock")), "candle", drawn_example("candle"))


def drawn(name: str) -> Digit:
    """Return a symbol of the project as it is written there."""
    return drawing(symbol_strokes(name))


@pytest.fixture
def page(canvas: FakeCanvas) -> AppTest:
    """Give the page, not yet run, with blank canvases."""
    canvas.strokes = {"teach": [], "ask": []}
    return compare_page().switch_page("pages/4_Symbols.py")


def taught(app: AppTest) -> dict[str, int]:
    """Return how many examples each symbol has, as the page has it."""
    symbols = app.session_state["state"].symbols
    return {symbol.name: len(symbol.examples) for symbol in (opening_symbols() if symbols is None else symbols)}


def teach_it(app: AppTest, canvas: FakeCanvas, symbol: str, name: str) -> AppTest:
    canvas.strokes["teach"] = drawn(symbol)
    app.run()
    app.text_input(key="symbol_name").set_value(name)
    return press(app, "Teach")


def begin_with(app: AppTest, symbols: Symbols) -> AppTest:
    app.run()
    app.session_state["state"].symbols = symbols
    return app.run()


def test_it_opens_with_symbols_and_asks_for_a_drawn(page: AppTest) -> None:
    app = page.run()
    assert not app.exception
    assert "### What is it?" in words(app)
    assert tuple(taught(app)) == OPENING
    assert all(f"**{name}**" in words(app) for name in OPENING)
    assert not app.pills, "there is nothing to correct"


def test_one_drawing_teaches_a_symbol_and_is_named_by_it(page: AppTest, canvas: FakeCanvas) -> None:
    app = teach_it(page, canvas, "clock", " my  *clock* ")
    assert not app.exception
    assert taught(app) == dict.fromkeys((*OPENING, "my *clock*"), 1)
    assert canvas.strokes["teach"] == [], "the canvas is free for the next one"
    assert app.text_input(key="symbol_name").value == ""
    canvas.strokes["ask"] = drawn("clock")
    app.run()
    assert r"### :green[my \*clock\*]" in words(app)
    assert any(line.startswith(r"1. **my \*clock\*** 0.0") for line in words(app).splitlines())


def test_a_known_name_gets_one_more_example_whatever_its_case(page: AppTest, canvas: FakeCanvas) -> None:
    app = teach_it(begin_with(page, TWO), canvas, "arrow", "CLOCK")
    assert taught(app) == {"clock": 2, "candle": 1}


@pytest.mark.parametrize(
    ("symbol", "name", "sentence"),
    [(None, "clock", "Draw the symbol first"), ("clock", "  ", "a name first"), ("heart", "Heart", "already")],
)
def test_what_cannot_be_taught_gets_a_sentence_and_loses_nothing(
    page: AppTest, canvas: FakeCanvas, symbol: str | None, name: str, sentence: str
) -> None:
    if symbol == "heart":
        teach_it(page, canvas, symbol, name)
    canvas.strokes["teach"] = drawn(symbol) if symbol else []
    page.run()
    before = taught(page)
    page.text_input(key="symbol_name").set_value(name)
    app = press(page, "Teach")
    assert sentence in app.info[0].value
    assert taught(app) == before
    assert canvas.strokes["teach"] == (drawn(symbol) if symbol else [])
    assert app.text_input(key="symbol_name").value == name


def test_with_one_symbol_it_says_whether_a_drawing_belongs(page: AppTest, canvas: FakeCanvas) -> None:
    canvas.strokes["ask"] = drawn("clock")
    app = begin_with(page, TWO[:1])
    assert "It belongs to clock: 0." in words(app)
    canvas.strokes["ask"] = drawn("arrow")
    app.run()
    assert "### :orange[Unknown]" in words(app)
    assert "It does not belong to clock:" in words(app)


def test_one_click_corrects_and_undo_takes_it_back(page: AppTest, canvas: FakeCanvas) -> None:
    canvas.strokes["ask"] = drawn("arrow")
    app = begin_with(page, TWO)
    assert "### :orange[Unknown]" in words(app)
    app.pills(key="correction").set_value("candle").run()
    assert taught(app) == {"clock": 1, "candle": 2}
    assert "### :green[candle]" in words(app)
    assert "candle now has 2 examples" in app.info[0].value
    app.pills(key="correction").set_value("candle").run()
    assert "an example of “candle” already" in app.info[0].value
    press(app, "Undo adding to candle")
    assert taught(app) == {"clock": 1, "candle": 1}
    assert "### :orange[Unknown]" in words(app)


def test_what_is_new_goes_to_the_teaching_canvas(page: AppTest, canvas: FakeCanvas) -> None:
    canvas.strokes["ask"] = drawn("arrow")
    app = press(begin_with(page, TWO), "It is something new")
    here = app.session_state["state"]
    assert here.teach.loaded == here.ask.objects
    assert "give it a name" in app.info[0].value
    canvas.strokes["teach"] = drawn("arrow")
    press(app.run(), "Undo taking the drawing over")
    assert here.teach.loaded == [], "as it was before"


def test_undo_goes_back_step_by_step_and_brings_the_drawing_back(page: AppTest, canvas: FakeCanvas) -> None:
    app = teach_it(page, canvas, "clock", "clock")
    press(app, "Start afresh")
    assert taught(app) == {}
    assert "### Nothing taught yet" in words(app)
    press(app, f"Take {len(OPENING)} to begin with")
    assert tuple(taught(app)) == OPENING
    press(app, f"Undo taking {len(OPENING)}")
    assert taught(app) == {}
    press(app, "Undo starting afresh")
    assert taught(app) == dict.fromkeys((*OPENING, "clock"), 1)
    press(app, "Undo teaching clock")
    assert tuple(taught(app)) == OPENING
    assert app.session_state["state"].teach.loaded, "the drawing is back on the canvas"
    assert app.button(key="undo_set").disabled


def test_undo_takes_no_newer_drawing_away(page: AppTest, canvas: FakeCanvas) -> None:
    app = teach_it(page, canvas, "clock", "clock")
    canvas.strokes["teach"] = drawn("candle")
    press(app.run(), "Undo teaching clock")
    assert len(app.session_state["state"].teach.objects) == len(drawn("candle"))


def test_similar_symbols_are_warned_of(page: AppTest) -> None:
    twins = teach(teach((), "one", drawn_example("clock")), "two", drawn_example("clock"))
    app = begin_with(page, twins)
    assert "These two look alike to the network: **one** and **two** (0.00)" in app.warning[0].value
    begin_with(app, TWO)
    assert not app.warning


def test_a_card_renames_and_forgets(page: AppTest) -> None:
    app = begin_with(page, teach(TWO, "clock", drawn_example("eye")))
    for key in ("menu_0", "menu_1"):
        app.session_state[key] = True
    app.run()
    app.text_input(key="rename_1_0").set_value("Clock").run()
    assert "a symbol “Clock” already" in app.warning[0].value.replace("\\", "")
    app.session_state["menu_0"] = True
    app.run()
    app.text_input(key="rename_0_0").set_value("watch").run()
    assert taught(app) == {"watch": 2, "candle": 1}
    app.session_state["menu_0"] = True
    app.run()
    app.button(key="forget_0_1").click().run()
    assert taught(app) == {"watch": 1, "candle": 1}
    app.session_state["menu_1"] = True
    app.run()
    app.button(key="forget_1").click().run()
    assert taught(app) == {"watch": 1}


def test_a_file_takes_the_place_of_the_set_and_a_damaged_one_leaves_it(page: AppTest) -> None:
    app = page.run()
    app.session_state["open_symbols"] = True
    app.run()
    app.file_uploader(key="symbol_file_0").set_value(("mine.json", to_file(TWO)[:-2], "application/json")).run()
    assert "It is no set of symbols" in app.warning[0].value
    assert tuple(taught(app)) == OPENING
    app.session_state["open_symbols"] = True
    app.run()
    app.file_uploader(key="symbol_file_1").set_value(("mine.json", to_file(TWO), "application/json")).run()
    assert not app.exception
    assert taught(app) == {"clock": 1, "candle": 1}
    press(app, r"Undo opening mine\.json")
    assert tuple(taught(app)) == OPENING


@pytest.fixture
def tab() -> Iterator[dict[str, Any]]:
    """Let the browser's tab hold items; the tab in which the tests of the pages run is none."""
    from ui.shared import kept

    items: dict[str, Any] = {}

    def run_script(_file: object, _key: str, data: dict[str, Any], **_: object) -> SimpleNamespace | dict[str, Any]:
        items.update(data["items"])
        return {"found": {item: items[item] for item in data["wanted"] if item in items}}

    with patch.object(kept, "run_script", run_script):
        yield items


def test_what_the_tab_has_kept_is_there_in_a_new_session(
    page: AppTest, canvas: FakeCanvas, tab: dict[str, Any]
) -> None:
    canvas.strokes["ask"] = drawn("arrow")
    begin_with(page, TWO)
    assert set(tab) == {"symbols", "ask"}, "what nobody has touched is not kept"
    new = compare_page().switch_page("pages/4_Symbols.py").run()
    assert taught(new) == {"clock": 1, "candle": 1}
    assert len(new.session_state["state"].ask.loaded) == len(drawn("arrow"))


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "{}",
        7,
        "[[[1, 2], 3]]",
        "[[[NaN, 2]]]",
        "[" * 9_999,
        '[{"type": "Image", "src": "https://a.b/c"}]',
        '[{"type": "Image", "src": "data:image/png;base64,AAAA", "left": 0, "top": 0}]',
    ],
)
def test_what_the_tab_has_kept_is_checked(page: AppTest, tab: dict[str, Any], damage: object) -> None:
    tab.update(symbols=damage, teach=damage, ask=damage)
    app = page.run()
    assert not app.exception
    assert tuple(taught(app)) == OPENING
    assert "cannot be read" in app.warning[0].value
    assert app.session_state["state"].ask.loaded == []
