"""Make the README's moving picture: two pairs of digits drawn and judged, then a training whose curves and map grow.

Run from the project's folder, with a Chromium on the PATH or in CHROMIUM:

    .venv/bin/python -m assets.make_moving_picture

It drives the app as a person would, on a server of its own, and photographs it. What is seen is what the app showed;
only the time between two photographs is the picture's own.
"""

import argparse
import io
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageChops, ImageDraw
from playwright.sync_api import Browser, Locator, Page, ViewportSize

from siamese_core.config import ASSETS
from siamese_core.files import write_whole
from tests.browser.chromium import chromium
from tests.browser.drawing import canvas_at, draw_stroke, one_run, open_page, settle, watch
from tests.browser.handwriting import DIGITS, Digit
from tests.browser.serving import serving

FILE = ASSETS / "moving.webp"
VIEW: ViewportSize = {"width": 1080, "height": 740}
SCALE = 0.8  # pixels of the picture for one of the page
# The two pages without the sidebar, and a training of seconds.
COMPARE = "/"
TRAIN = (
    "/Train?epochs=15&training_images=5000&encoder=small_conv&pairing=all_in_batch&embedding_size=64"
    "&batch_size=96&optimizer=adam&learning_rate=0.001"
)
TRAINING_LIMIT = 600_000  # milliseconds
MOST_OF_TRAINING = 30  # photographs
POINTS = 4  # of a stroke, from one photograph to the next
STROKE, ANSWER, EPOCH, REST = 70, 120, 350, 1800  # milliseconds that a photograph is shown
# What the two charts of a training show, and whether that is news or the training is over.
CHARTS = """() => [...document.querySelectorAll('.st-key-space path.point, .st-key-curves path.js-line')]
    .map((each) => each.getAttribute('transform') ?? each.getAttribute('d')).join()"""
NEWS = f"""(seen) => ({CHARTS})() !== seen
    || document.querySelector('.st-key-run_status')?.innerText.startsWith('Done')"""
UNDER_WAY = ("No run yet", "Waiting", "Running")
ARROW = [(0, 0), (0, 17), (4, 13), (7, 19), (10, 18), (7, 12), (12, 12)]  # the mouse's, which no photograph shows


class Photograph(NamedTuple):
    """What the page showed, and how long the picture shows it."""

    image: Image.Image
    milliseconds: int


class Film:
    """The photographs of a page, taken one after the other."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taken: list[Photograph] = []

    def take(self, milliseconds: int, mouse: tuple[float, float] | None = None) -> None:
        """Photograph the page; if it looks as before, show the last photograph longer."""
        image = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        if mouse:
            corner = [(SCALE * mouse[0] + x, SCALE * mouse[1] + y) for x, y in ARROW]
            ImageDraw.Draw(image).polygon(corner, fill="#1f2a2e", outline="#ffffff")
        if self.taken and not ImageChops.difference(image, self.taken[-1].image).getbbox():
            milliseconds += self.taken.pop().milliseconds
        self.taken.append(Photograph(image, milliseconds))

    def rest(self) -> None:
        """Photograph the page once it has come to rest."""
        settle(self.page)
        for _ in range(6):  # while the needle moves
            self.take(ANSWER)
        self.take(REST)


def draw(film: Film, canvas: int, digit: Digit) -> None:
    """Draw on the nth canvas, photographed on the way."""
    page = film.page
    for stroke in digit:
        box = canvas_at(page, canvas).bounding_box()
        assert box
        path = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        with one_run(page):
            page.mouse.move(*path[0])
            page.mouse.down()
            for i, point in enumerate(path):
                page.mouse.move(*point)
                if i % POINTS == 0:
                    film.take(STROKE, point)
            page.mouse.up()
        film.take(ANSWER, path[-1])


def comparing(film: Film) -> None:
    """Draw a seven, then the same in another hand, then a three instead."""
    page = film.page
    _open(page, COMPARE)
    draw_stroke(page, 0, DIGITS[7][0][0])  # so that the scale has its place from the first photograph on
    draw_stroke(page, 1, DIGITS[7][0][0])
    page.locator(".needle").wait_for()
    for side in ("left", "right"):
        _click(page, page.locator(f".st-key-clear_{side} button"))
    _to_the_top(page, page.get_by_text("Left", exact=True))
    page.mouse.move(1, 1)
    settle(page)
    page.wait_for_timeout(1000)  # what was drawn fades
    film.take(800)
    draw(film, 0, DIGITS[7][0])
    draw(film, 1, DIGITS[7][1])
    film.rest()
    _click(page, page.locator(".st-key-clear_right button"))
    film.take(400)
    draw(film, 1, DIGITS[3][0])
    film.rest()


def training(film: Film) -> None:
    """Press Train and watch."""
    page = film.page
    _open(page, TRAIN)
    page.locator(".st-key-curves .main-svg").first.wait_for()
    button = page.get_by_role("button", name="Train", exact=True)
    _to_the_top(page, button)
    film.take(800)
    box = button.bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    film.take(600, middle)
    page.mouse.click(*middle)
    status = page.locator(".st-key-run_status")
    before, seen = len(film.taken), ""
    while status.inner_text().startswith(UNDER_WAY):
        page.wait_for_function(NEWS, arg=seen, timeout=TRAINING_LIMIT)
        seen = page.evaluate(CHARTS)
        _to_the_top(page, status)
        film.take(EPOCH)
    chosen = np.unique(np.linspace(before, len(film.taken) - 1, MOST_OF_TRAINING).round().astype(int))
    film.taken[before:] = [Photograph(film.taken[i].image, EPOCH) for i in chosen]
    settle(page)
    assert status.inner_text().startswith("Done"), status.inner_text()
    _to_the_top(page, status)
    page.wait_for_timeout(1000)
    film.take(2 * REST)


def _open(page: Page, path: str) -> None:
    """Open a page and put the sidebar away, which would take a third of the picture."""
    open_page(page, path)
    page.get_by_test_id("stSidebarHeader").hover()  # else there is no button
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    page.wait_for_function("() => document.querySelector('[data-testid=stMain]').getBoundingClientRect().x === 0")


def _click(page: Page, button: Locator) -> None:
    with one_run(page):
        button.click()


def _to_the_top(page: Page, place: Locator) -> None:
    place.evaluate("(place) => { place.style.scrollMarginTop = '84px'; place.scrollIntoView({block: 'start'}); }")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def photographed(browser: Browser, address: str, part: Callable[[Film], None]) -> list[Photograph]:
    """Return the photographs of a part, in their order, taken by a new visitor."""
    with browser.new_context(viewport=VIEW, base_url=address, device_scale_factor=SCALE) as context:
        context.set_default_timeout(TRAINING_LIMIT)
        film = Film(context.new_page())
        watch(film.page)
        part(film)
        return film.taken


def save(photographs: list[Photograph], file: Path, quality: int) -> None:
    """Write an animated WebP that runs for ever."""
    first, *others = [each.image for each in photographs]
    data = io.BytesIO()
    first.save(
        data, "WEBP", save_all=True, append_images=others, duration=[each.milliseconds for each in photographs],
        loop=0, quality=quality, method=6, minimize_size=True, allow_mixed=True,
    )  # fmt: skip
    write_whole(file, data.getvalue())


def main() -> None:
    """Photograph and write the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=FILE)
    parser.add_argument("--frames", type=Path, help="a folder for the single photographs, to look at")
    parser.add_argument("--quality", type=int, default=70)
    arguments = parser.parse_args()
    os.environ["SIAMESE_LAB_SECONDS"] = str(TRAINING_LIMIT // 1000)  # on a machine that does other things as well
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "log") as address, chromium() as browser:
        photographs = [each for part in (comparing, training) for each in photographed(browser, address, part)]
    save(photographs, arguments.out, arguments.quality)
    if arguments.frames:
        arguments.frames.mkdir(exist_ok=True, parents=True)
        for i, each in enumerate(photographs):
            each.image.save(arguments.frames / f"{i:03}_{each.milliseconds}.png")
    seconds = sum(each.milliseconds for each in photographs) / 1000
    print(f"{len(photographs)} photographs, {seconds:.0f} s, {arguments.out.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
