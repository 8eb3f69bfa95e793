"""The Symbols page as a person uses it: teach by one drawing, ask, correct, save, open, reload."""

import re
from pathlib import Path

import numpy as np
from playwright.sync_api import Locator, Page, expect

from siamese_core.config import CANVAS_SIZE
from siamese_core.datasets.symbol_file import from_file
from siamese_core.datasets.synthetic.drawn_symbols import symbol_strokes
from tests.browser.drawing import RUN_LIMIT, canvas_at, draw, draw_by_touch, draw_stroke, one_run, open_page, settle
from tests.browser.handwriting import Digit

TEACH, ASK = 0, 1


def drawing(name: str, seed: int | None = None) -> Digit:
    """Return a symbol of the project as strokes in a box of 1 x 1; seed: in another hand."""
    strokes = symbol_strokes(name, None if seed is None else np.random.default_rng(seed))
    return [[(float(x) / CANVAS_SIZE, float(y) / CANVAS_SIZE) for x, y in stroke] for stroke in strokes]


def answer(page: Page) -> Locator:
    return page.locator(".st-key-answer")


def expect_answer(page: Page, name: str) -> None:
    expect(answer(page)).to_have_text(re.compile(rf"^\s*{name}"))


def click(page: Page, name: str, role: str = "button") -> None:
    with one_run(page):
        page.get_by_test_id("stMainBlockContainer").get_by_role(role, name=name, exact=True).click()  # type: ignore[arg-type]


def teach(page: Page, symbol: str) -> None:
    """Draw a symbol on the first canvas, name it, and wait until its card is there and the canvas is free again."""
    draw(page, TEACH, drawing(symbol))
    page.get_by_role("textbox", name="Name").fill(symbol)
    click(page, "Teach")
    expect(cards(page).filter(has_text=symbol)).to_have_count(1)
    expect(canvas_at(page, TEACH)).to_have_attribute("aria-label", "Teach drawing, blank")


def ask(page: Page, strokes: Digit) -> None:
    """Draw on the second canvas, in the place of what was there."""
    with one_run(page):
        page.locator(".st-key-clear_ask button").click()
    draw(page, ASK, strokes)


def cards(page: Page) -> Locator:
    return page.locator("[class*=st-key-card_]")


def taught_two(page: Page) -> None:
    """Open the page and teach a clock and a candle by one drawing each."""
    open_page(page, "/Symbols")
    click(page, "Start afresh")
    expect(answer(page)).to_contain_text("Nothing taught yet")
    for symbol in ("clock", "candle"):
        teach(page, symbol)


def test_two_symbols_are_taught_by_one_drawing_each_and_a_third_is_unknown(page: Page, tmp_path: Path) -> None:
    taught_two(page)
    ask(page, drawing("clock", 2))
    expect_answer(page, "clock")
    ask(page, drawing("candle", 3))
    expect_answer(page, "candle")
    ask(page, drawing("arrow"))
    expect_answer(page, "Unknown")
    expect(page.locator(".st-key-symbol_map .js-plotly-plot")).to_be_visible()
    click(page, "candle", "radio")
    expect(page.get_by_text("candle now has 2 examples")).to_be_visible()
    expect_answer(page, "candle")
    click(page, "Undo adding to candle")
    expect_answer(page, "Unknown")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save").click()
    file = tmp_path / "set.json"
    download.value.save_as(file)
    saved = from_file(file.read_bytes())
    assert [(symbol.name, len(symbol.examples)) for symbol in saved] == [("clock", 1), ("candle", 1)]
    assert [len(symbol.examples[0].strokes) for symbol in saved] == [len(drawing(s.name)) for s in saved]
    click(page, "Start afresh")
    expect(cards(page)).to_have_count(0)
    click(page, "Open")
    with one_run(page):
        page.locator("input[type=file]").last.set_input_files(file)
    expect(cards(page)).to_have_count(2)
    ask(page, drawing("clock", 2))
    expect_answer(page, "clock")


def test_symbols_and_drawings_survive_a_reload_and_a_change_of_page(page: Page) -> None:
    taught_two(page)
    draw(page, TEACH, drawing("heart"))
    draw(page, ASK, drawing("candle", 3))
    expect_answer(page, "candle")
    page.get_by_role("link", name="About").click()
    expect(page.get_by_role("heading", name="About")).to_be_visible()
    page.get_by_role("link", name="Symbols").click()
    expect_answer(page, "candle")
    for _ in range(2):  # what a reload finds, it keeps for the next one
        page.reload()
        expect(cards(page)).to_have_count(2, timeout=RUN_LIMIT)
        expect_answer(page, "candle")
        for canvas, name in ((TEACH, "Teach"), (ASK, "Ask")):
            expect(canvas_at(page, canvas)).to_have_attribute("aria-label", re.compile(rf"^{name} drawing, \d stroke"))
        settle(page)
    other = page.context.new_page()
    other.goto("/Symbols")
    expect(cards(other)).to_have_count(6, timeout=RUN_LIMIT)


def test_a_drawing_that_cannot_be_taught_stays_and_takes_more_strokes(page: Page) -> None:
    open_page(page, "/Symbols")
    draw(page, TEACH, drawing("clock"))
    click(page, "Teach")
    expect(page.get_by_text("Give the symbol a name first.")).to_be_visible()
    before = len(drawing("clock"))
    draw_stroke(page, TEACH, [(0.1, 0.9), (0.5, 0.95), (0.9, 0.9)])
    expect(canvas_at(page, TEACH)).to_have_attribute("aria-label", f"Teach drawing, {before + 1} strokes")


def test_by_keyboard_and_on_a_phone_the_app_draws_and_the_answer_stands_below(phone: Page) -> None:
    open_page(phone, "/Symbols")
    bar = phone.get_by_role("status")
    draw_by_touch(phone, ASK, [[(0.5, 0.5), (0.51, 0.5)]])  # a dot is a symbol too
    expect(bar).to_have_text(re.compile(r"^\w+ · distance \d"))
    phone.locator(".st-key-pick_ask button").first.press("Enter")
    with one_run(phone):
        phone.get_by_test_id("stPopoverBody").get_by_role("button", name="umbrella").press("Enter")
    expect_answer(phone, "umbrella")
    expect(bar).to_have_text(re.compile("^umbrella · distance"))
    assert phone.evaluate("() => document.documentElement.scrollWidth") <= 390
