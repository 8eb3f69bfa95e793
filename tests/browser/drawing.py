"""Drive the app as a person does: open a page, draw with mouse or finger, read the answer.

Nothing here sleeps. An action that makes the app run ends when that run has ended: the stream of messages from the
server says so, and then the page is given two frames to show it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from playwright.sync_api import FloatRect, Locator, Page, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.handwriting import Digit, Stroke

RUN_LIMIT = 60_000  # milliseconds one run of the app may take, the first with TensorFlow's import
ENDED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
KNOWN = """(label) => {
    const name = label.split(" ")[0].toLowerCase();
    if (!document.querySelector(`[class*="st-key-keep_"][class*="${name}"]`)) return true;
    const strokes = Number(/(\\d+) stroke/.exec(label)?.[1] ?? 0), pictures = Number(/ a (test|picture)/.test(label));
    return JSON.parse(sessionStorage.getItem(`siamese-lab-${name}`))?.objects.length === strokes + pictures;
}"""  # whether what the page keeps of a drawing is as much as its canvas says it holds

_streams: WeakKeyDictionary[Page, WebSocket] = WeakKeyDictionary()


def watch(page: Page) -> None:
    """Remember the page's stream of messages. Call it before the page is opened."""

    def keep(stream: WebSocket) -> None:
        if stream.url.endswith("/_stcore/stream"):
            _streams[page] = stream

    page.on("websocket", keep)


def open_page(page: Page, path: str = "/") -> None:
    """Open a page of the app and wait until its first run is over."""
    page.goto(path)
    settle(page)


def settle(page: Page, limit: float = RUN_LIMIT) -> None:
    """Wait until the app has stopped running, at most `limit` milliseconds."""
    expect(_app(page)).to_have_attribute("data-test-script-state", "notRunning", timeout=limit)


@contextmanager
def one_run(page: Page) -> Iterator[None]:
    """Wait, after an action inside that makes the app run once, until that run is over and shown."""
    with _streams[page].expect_event("framereceived", _ends_a_run, timeout=RUN_LIMIT):
        yield
    settle(page)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def draw(page: Page, canvas: int, digit: Digit) -> None:
    """Draw the strokes with the mouse on the nth canvas, and wait after each for the app's answer."""
    for stroke in digit:
        with one_run(page):
            draw_stroke(page, canvas, stroke)
        _until_known(page, canvas)


def draw_stroke(page: Page, canvas: int, stroke: Stroke) -> None:
    """Press, move and lift the mouse once the canvas is not pale, and so takes strokes; returns at once."""
    expect(canvas_at(page, canvas)).not_to_have_css("pointer-events", "none", timeout=RUN_LIMIT)
    (x, y), *rest = _on_screen(canvas_at(page, canvas), stroke)
    page.mouse.move(x, y)
    page.mouse.down()
    for x, y in rest:
        page.mouse.move(x, y)
    page.mouse.up()


def draw_by_touch(page: Page, canvas: int, digit: Digit) -> None:
    """Draw the strokes with one finger on the nth canvas of a page with touch."""
    touch = page.context.new_cdp_session(page)
    for stroke in digit:
        expect(canvas_at(page, canvas)).not_to_have_css("pointer-events", "none", timeout=RUN_LIMIT)
        with one_run(page):
            kind = "touchStart"
            for x, y in _on_screen(canvas_at(page, canvas), stroke):
                touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
                kind = "touchMove"
            touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        _until_known(page, canvas)
    touch.detach()


def swipe(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Swipe with one finger, in ten steps."""
    touch = page.context.new_cdp_session(page)
    for i, kind in enumerate(["touchStart", *["touchMove"] * 10]):
        x, y = (a + (b - a) * i / 10 for a, b in zip(start, end, strict=True))
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    touch.detach()


def canvas_at(page: Page, canvas: int) -> Locator:
    """Return the nth canvas that takes strokes: 0 left, 1 right."""
    return page.locator("canvas.upper-canvas").nth(canvas)


def distance(page: Page) -> float:
    """Return the number under "Distance"."""
    metric = page.get_by_test_id("stMetric").filter(has=page.get_by_text("Distance", exact=True))
    return float(metric.get_by_test_id("stMetricValue").inner_text())


def verdict(page: Page) -> str:
    """Return the text of the verdict."""
    return page.locator(".st-key-verdict").inner_text().strip()


def _app(page: Page) -> Locator:
    return page.get_by_test_id("stApp")


def _until_known(page: Page, canvas: int) -> None:
    """Wait until the app knows all that is drawn on the nth canvas, where the page keeps drawings in the browser's tab.

    The run that has ended may have been another one, such as that which draws the scale after the first answer.
    """
    label = canvas_at(page, canvas).get_attribute("aria-label", timeout=RUN_LIMIT) or ""
    page.wait_for_function(KNOWN, arg=label, timeout=RUN_LIMIT)
    settle(page)


def _ends_a_run(frame: bytes | str) -> bool:
    message = ForwardMsg.FromString(frame) if isinstance(frame, bytes) else ForwardMsg()
    return message.WhichOneof("type") == "script_finished" and message.script_finished in ENDED


def _on_screen(canvas: Locator, stroke: Stroke) -> Stroke:
    """Scroll the canvas into view and return the stroke in pixels of the window."""
    canvas.scroll_into_view_if_needed(timeout=RUN_LIMIT)
    box: FloatRect | None = canvas.bounding_box()
    assert box, "the canvas is not on the screen"
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
