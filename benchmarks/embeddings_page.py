"""The speed of the Embeddings page, in headless Chromium on servers of its own.

Maps: from the click to the map on the screen, each the first of its kind on its server. Retrained: the UMAP of a
network just trained, with a worker started for it and with one that has made a map before. Placing: from the moment the
browser sends a stroke, at its end, to the star on the screen.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from benchmarks.browser_speed import VIEW
from benchmarks.report import finish, machine, spread, tell
from tests.browser.chromium import chromium
from tests.browser.drawing import draw_stroke, open_page, settle, watch
from tests.browser.handwriting import DIGITS
from tests.browser.serving import serving

RUN_LIMIT = 180_000  # milliseconds, on a busy machine
WATCH_SENDING = """
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (...content) { window.sent = performance.now(); return send.apply(this, content); };
window.addEventListener('pointerup', () => { window.lifted = performance.now(); }, true);
"""
# Notes the frame that shows the star somewhere else, or for the first time.
STAR_STOPWATCH = """() => {
    const find = () => document.querySelector('.st-key-map .map-marks [data-star="left"]')?.getAttribute('transform');
    const before = find();
    window.shown = 0;
    const look = () => {
        if (find() !== before) window.shown = performance.now();
        else requestAnimationFrame(look);
    };
    look();
}"""
# Remembers the map on the screen, and notes the frame that shows another one.
STOPWATCH = """() => {
    const find = () => document.querySelector('.st-key-map .js-plotly-plot');
    const before = find();
    window.shown = 0;
    const look = () => {
        const plot = find();
        if (plot && plot !== before && plot._fullData?.length) window.shown = performance.now();
        else requestAnimationFrame(look);
    };
    look();
}"""


def open_map(browser: Browser, address: str, link: str) -> Page:
    """Open the page and wait for its map."""
    page = browser.new_context(viewport=VIEW, base_url=address).new_page()
    watch(page)
    page.add_init_script(WATCH_SENDING)
    open_page(page, f"/Embeddings{link}")
    page.locator(".st-key-map .js-plotly-plot").wait_for(timeout=RUN_LIMIT)
    return page


def seconds_to(page: Page, choice: str) -> float:
    """Choose a map and return the seconds from the click until it is on the screen."""
    page.evaluate(STOPWATCH)
    page.get_by_role("radio", name=choice, exact=True).click()
    page.wait_for_function("() => window.shown", timeout=RUN_LIMIT)
    elapsed: float = page.evaluate("() => window.shown - window.lifted")
    settle(page, RUN_LIMIT)
    return elapsed / 1_000


def placing(page: Page, strokes: int) -> list[float]:
    """Return the milliseconds from the browser's sending of each stroke until its star is on the screen."""
    found = []
    for i in range(strokes + 1):
        page.evaluate(STAR_STOPWATCH)
        draw_stroke(page, 0, DIGITS[i % 10][0][0])
        page.wait_for_function("() => window.shown", timeout=RUN_LIMIT)
        found.append(page.evaluate("() => window.shown - window.sent"))
        page.evaluate(STAR_STOPWATCH)
        page.locator(".st-key-clear_left button").click()
        page.wait_for_function("() => window.shown", timeout=RUN_LIMIT)
        settle(page, RUN_LIMIT)
    return found[1:]  # the first finds limits that are kept from then on


def train(browser: Browser, address: str) -> str:
    """Train a network with the fast settings and return its id."""
    page = browser.new_context(viewport=VIEW, base_url=address).new_page()
    watch(page)
    open_page(page, "/Train")
    page.get_by_role("button", name="Fast settings").click()
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.locator(".st-key-run_status")).to_contain_text("Done", timeout=RUN_LIMIT)
    return page.url.partition("run=")[2].partition("&")[0]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--strokes", type=int, default=20)
    arguments = parser.parse_args()
    print(machine())
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        log = Path(folder) / "log"
        with serving(log) as address:
            run = train(browser, address)
        for _ in range(arguments.starts):
            with serving(log) as address:
                found.setdefault("umap_s", []).append(seconds_to(open_map(browser, address, ""), "UMAP"))
            with serving(log) as address:
                found.setdefault("pca_s", []).append(seconds_to(open_map(browser, address, "?method=UMAP"), "PCA"))
                page = open_map(browser, address, f"?model={run}")
                shutil.rmtree(log.with_suffix(".trained") / "maps", ignore_errors=True)
                found.setdefault("retrained_cold_s", []).append(seconds_to(page, "UMAP"))
                found.setdefault("retrained_warm_s", []).append(seconds_to(page, "3-D"))
        with serving(log) as address:
            for method in ("PCA", "UMAP"):
                page = open_map(browser, address, f"?method={method}")
                found[f"placing_{method.lower()}_ms"] = placing(page, arguments.strokes)
    tell("PCA of 2,000 digits on the screen", found["pca_s"], "s", "at most 1")
    tell("the shipped network's UMAP on the screen", found["umap_s"], "s", "at most 1.5")
    tell("a retrained network's UMAP of 2,000, cold worker", found["retrained_cold_s"], "s", "at most 15")
    tell("the same in three dimensions, warm worker", found["retrained_warm_s"], "s", "at most 6")
    for method in ("pca", "umap"):
        tell(f"placing a drawing, {method.upper()}", found[f"placing_{method}_ms"], "ms", "at most 300")
    finish("embeddings_page", {name: spread(values) for name, values in found.items()})


if __name__ == "__main__":
    main()
