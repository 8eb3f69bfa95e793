"""The speed of the Compare page, in headless Chromium on a server of its own.

Latency: from lifting the pen to the new distance on the screen, on a warm page.
Cold start: from requesting the page, on a server just started, until the canvases are ready, and to the first distance.
"""

import argparse
import tempfile
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize
from playwright.sync_api import TimeoutError as Late

from benchmarks.report import finish, machine, spread, tell
from tests.browser.chromium import chromium
from tests.browser.drawing import RUN_LIMIT, draw, draw_stroke, one_run, open_page, watch
from tests.browser.handwriting import DIGITS
from tests.browser.serving import serving

PATIENCE = 1500  # ms, after which a stroke has not changed the distance's three decimals
MOVE = 5  # points of a stroke in one move of the mouse
ECHO = 700  # ms, after which a canvas has told what Undo left of it
VIEW: ViewportSize = {"width": 1280, "height": 900}
# Notes when the pen was lifted and when the number under "Distance" next differs, at the frame that shows it.
STOPWATCH = """
() => {
    window.value = () => document.querySelector('[data-testid="stMetricValue"]')?.innerText;
    window.lap = {lifted: 0, before: undefined, answered: 0};
    window.addEventListener('pointerup', () => {
        window.lap = {lifted: performance.now(), before: window.value(), answered: 0};
    }, true);
    new MutationObserver(() => {
        const lap = window.lap;
        if (lap.lifted && !lap.answered && window.value() !== undefined && window.value() !== lap.before) {
            lap.answered = -1;
            requestAnimationFrame(() => { lap.answered = performance.now(); });
        }
    }).observe(document.body, {childList: true, subtree: true, characterData: true});
}
"""

# Notes at which frame, in ms after the page was asked for, the second canvas and the first distance are on the screen.
ARRIVALS = """
window.arrived = {};
const seek = (root, wanted) => [...root.querySelectorAll('*')].flatMap((each) => [
    ...(each.matches(wanted) ? [each] : []), ...(each.shadowRoot ? seek(each.shadowRoot, wanted) : []),
]).filter((each) => each.checkVisibility());
const look = () => {
    const {arrived} = window;
    if (!arrived.canvases && seek(document, 'canvas.upper-canvas').length === 2) arrived.canvases = performance.now();
    const metric = document.querySelector('[data-testid="stMetricValue"]');
    if (metric?.checkVisibility()) arrived.distance = performance.now();
    if (!arrived.distance) requestAnimationFrame(look);
};
look();
"""


def latency(browser: Browser, address: str, strokes: int) -> list[float]:
    """Return the milliseconds from pen up to the new distance for each stroke, drawn over a seven on either side."""
    with browser.new_context(viewport=VIEW, base_url=address) as context:
        page = context.new_page()
        watch(page)
        open_page(page)
        for side in (0, 1):
            draw(page, side, DIGITS[7][0])
        page.evaluate(STOPWATCH)
        styles = [style for digit in DIGITS.values() for style in digit]
        laps = [_lap(page, i % 2, styles[i % len(styles)][0]) for i in range(strokes)]
        return [lap for lap in laps if lap is not None]


def _lap(page: Page, side: int, stroke: list[tuple[float, float]]) -> float | None:
    """Draw one stroke over the drawing, time the answer, and undo the stroke; None if the distance stays the same."""
    draw_stroke(page, side, stroke)
    with suppress(Late):
        page.wait_for_function("() => window.lap.answered > 0", timeout=PATIENCE)
    answered, elapsed, shown = page.evaluate(
        "() => [window.lap.answered, window.lap.answered - window.lap.lifted, window.value()]"
    )
    with one_run(page):  # a second run follows, in which the canvas tells that the stroke is gone
        page.locator(f".st-key-undo_{('left', 'right')[side]} button").click()
    if answered <= 0:
        page.wait_for_timeout(ECHO)
        return None
    page.wait_for_function("(shown) => window.value() !== shown", arg=shown, timeout=RUN_LIMIT)
    return float(elapsed)


def cold_start(browser: Browser, log: Path) -> tuple[float, float]:
    """Return the seconds from requesting the page to ready canvases, and to the first distance, on a new server.

    The page itself notes both. A seven is drawn in either box, in few moves, as each move of the mouse takes a frame.
    """
    with serving(log) as address, browser.new_context(viewport=VIEW) as context:
        page = context.new_page()
        page.add_init_script(ARRIVALS)
        page.goto(address, wait_until="commit")
        page.locator("canvas.upper-canvas").nth(1).wait_for(timeout=RUN_LIMIT)
        for side in (0, 1):
            for stroke in DIGITS[7][0]:
                draw_stroke(page, side, [*stroke[::MOVE], stroke[-1]])
        page.wait_for_function("() => window.arrived.distance", timeout=RUN_LIMIT)
        arrived = page.evaluate("() => window.arrived")
        return arrived["canvases"] / 1000, arrived["distance"] / 1000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strokes", type=int, default=100)
    parser.add_argument("--starts", type=int, default=7)
    arguments = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        starts = [cold_start(browser, Path(folder) / "log") for _ in range(arguments.starts)]
        ready, first = map(list, zip(*starts, strict=True))
        tell("cold start, canvases ready", ready, "s", "at most 1.8")
        tell("cold start, first distance", first, "s", "at most 3")
        with serving(Path(folder) / "log") as address:
            lifted = latency(browser, address, arguments.strokes)
        tell("pen up to new distance", lifted, "ms", "median at most 260, 95th percentile at most 300")
    finish("browser_speed", {"ready_s": spread(ready), "first_s": spread(first), "latency_ms": spread(lifted)})


if __name__ == "__main__":
    main()
