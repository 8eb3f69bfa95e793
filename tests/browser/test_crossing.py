"""Messages that come while the server is busy: Streamlit makes one request of several, and nothing may get lost."""

import asyncio
import functools
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from benchmarks.drawings import Drawing, drawings
from benchmarks.wire import Browser, browsing

OPENING, ANSWER = 60.0, 20.0  # seconds that a page and an answer may take
QUIET = 1.0  # seconds without a message, after which no more is expected

Acts = Callable[[Browser, Drawing, Drawing], Awaitable[None]]


class Screen:
    """The headings that came, and the distance that stands on the page."""

    def __init__(self) -> None:
        self.headings: list[str] = []
        self.distance = ""
        self.heard = 0

    def show(self, kind: str, element: Any) -> None:
        """Take an element as it comes."""
        self.heard += 1
        if kind == "heading":
            self.headings.append(element.body)
        elif kind == "metric":
            self.distance = element.body
        elif kind == "markdown" and "###" in element.body:
            self.distance = self.distance if "digit" in element.body.split("]")[0] else ""


@functools.cache
def two_digits() -> list[Drawing]:
    """Return two digits with all their strokes."""
    return [digit[-1] for digit in drawings(2, np.random.default_rng(0))[:2]]


def after(server: str, acts: Acts) -> tuple[Browser, Screen]:
    """Open Compare, let a visitor act in one breath, and return the page once it is quiet."""

    async def visit() -> tuple[Browser, Screen]:
        screen = Screen()
        left, right = two_digits()
        async with browsing(server, screen.show) as browser:
            assert await browser.until(lambda: "clear_left" in browser.places and not browser.running, OPENING)
            await acts(browser, left, right)
            heard = -1
            while heard != screen.heard:
                heard = screen.heard
                await asyncio.sleep(QUIET)
                await browser.until(lambda: not browser.running, ANSWER)
            assert browser.errors == []
        return browser, screen

    with ThreadPoolExecutor(1) as thread:  # Playwright, in other tests, has an event loop of its own in this one
        return thread.submit(asyncio.run, visit()).result()


def given(browser: Browser, side: str) -> int:
    """Return how many objects the canvas of a side was last given."""
    return len(json.loads(browser.places[f"canvas_{side}"].data)["initialDrawing"]["objects"])


def test_two_digits_drawn_in_one_breath_are_compared(server: str) -> None:
    async def acts(browser: Browser, left: Drawing, right: Drawing) -> None:
        await browser.set_value("canvas_left", left.value)
        await browser.set_value("canvas_right", right.value)

    _, screen = after(server, acts)
    assert screen.distance


def test_a_stroke_does_not_keep_its_visitor_from_another_page(server: str) -> None:
    async def acts(browser: Browser, left: Drawing, right: Drawing) -> None:
        await browser.set_value("canvas_right", right.value)
        await browser.set_value("canvas_left", left.value)
        await browser.ask(page_name="About", page_script_hash="")

    _, screen = after(server, acts)
    assert "About" in screen.headings


def test_a_stroke_that_comes_after_its_page_has_gone_breaks_nothing(server: str) -> None:
    async def acts(browser: Browser, left: Drawing, right: Drawing) -> None:
        await browser.ask(page_name="About", page_script_hash="")
        await browser.until(lambda: not browser.running, ANSWER)
        await browser.set_value("canvas_left", left.value)

    _, screen = after(server, acts)
    assert "About" in screen.headings


def test_a_stroke_that_follows_a_click_on_another_page_does_not_take_the_visitor_back(server: str) -> None:
    compare = ""

    async def acts(browser: Browser, left: Drawing, right: Drawing) -> None:
        nonlocal compare
        compare = browser.page
        await browser.ask(page_name="About", page_script_hash="")
        await browser.set_value("canvas_left", left.value)  # says that it comes from Compare

    browser, screen = after(server, acts)
    assert "About" in screen.headings
    assert browser.page != compare  # or the browser shows an empty page: Compare's, without anything on it


def test_both_canvases_get_what_two_buttons_pressed_in_one_breath_give_them(server: str) -> None:
    async def acts(browser: Browser, left: Drawing, right: Drawing) -> None:
        await browser.set_value("canvas_right", right.value)
        await browser.set_value("canvas_left", left.value)
        await browser.press("Random same pair")
        await browser.press("Swap")

    browser, screen = after(server, acts)
    assert (given(browser, "left"), given(browser, "right")) == (1, 1)
    assert screen.distance


def test_a_stroke_that_comes_with_a_click_is_swapped_with_the_rest(server: str) -> None:
    async def acts(browser: Browser, left: Drawing, right: Drawing) -> None:
        await browser.set_value("canvas_left", left.value)
        await browser.set_value("canvas_right", right.value)
        await browser.press("Swap")

    browser, screen = after(server, acts)
    strokes = [len(json.loads(each.value)["drawing"]["raw"]["objects"]) for each in two_digits()]
    assert [given(browser, "right"), given(browser, "left")] == strokes
    assert screen.distance
