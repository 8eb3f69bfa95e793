"""The tests' own tools, on a small page with two canvases: strokes land where they should, and no error goes unseen."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page

from tests.browser import drawing
from tests.browser.checking import checked_page
from tests.browser.handwriting import DIGITS, Digit
from tests.browser.serving import serving

Failing = Callable[[Callable[[Page], object], str], None]
SIZE, PEN = 280, 18  # pixels
PAGE = f"""
from pathlib import Path

import numpy as np
import streamlit as st
from streamlit_drawable_canvas import st_canvas

def canvas(key):
    return st_canvas(
        width={SIZE}, height={SIZE}, stroke_width={PEN}, stroke_color="#ffffff", background_color="#000000",
        return_image_data=True, key=key,
    ).image_data

images = [canvas("left"), canvas("right")]
inks = [0.0 if image is None else float((image[..., 0] > 127).sum()) for image in images]
st.metric("Distance", f"{{abs(inks[0] - inks[1]):.0f}}")
st.metric("Distance to go", "7")
with st.container(key="verdict"):
    st.markdown("Same digit" if inks[0] == inks[1] else "Different digits")
for name, image in zip(("left", "right"), images):
    if image is not None:
        np.save(Path(__file__).with_name(name), image)
st.button("Repair")
if st.button("Break"):
    raise ValueError("broken on purpose")
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("harness")


@pytest.fixture(scope="module")
def small_app(folder: Path) -> Iterator[str]:
    (folder / "app.py").write_text(PAGE, encoding="utf-8")
    with serving(folder / "log.txt", folder / "app.py") as address:
        yield address


@pytest.fixture
def small_page(browser: Browser, small_app: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    with checked_page(browser, request.node, base_url=small_app) as page:
        drawing.open_page(page)
        yield page


def ink(folder: Path, name: str) -> NDArray[np.bool_]:
    image = np.load(folder / f"{name}.npy")
    assert image.shape == (SIZE, SIZE, 4)
    return np.asarray(image[..., 0] > 127)


def follows(found: NDArray[np.bool_], digit: Digit) -> bool:
    """Return whether there is ink under every point of the strokes, and none a pen's width away from all of them."""
    path = np.array([point for stroke in digit for point in stroke]) * SIZE
    y, x = np.nonzero(found)
    gaps = np.hypot(x[:, None] - path[:, 0], y[:, None] - path[:, 1])
    return bool(gaps.min(axis=0).max() < 2 and gaps.min(axis=1).max() < PEN)


def test_strokes_land_on_their_canvas(small_page: Page, folder: Path) -> None:
    drawing.draw(small_page, 0, DIGITS[4][1])
    drawing.draw(small_page, 1, DIGITS[8][0])
    left, right = ink(folder, "left"), ink(folder, "right")
    assert follows(left, DIGITS[4][1])
    assert follows(right, DIGITS[8][0])
    assert not follows(left, DIGITS[8][0])
    assert drawing.distance(small_page) == abs(int(left.sum()) - int(right.sum()))
    assert drawing.verdict(small_page) == "Different digits"


def test_the_answer_read_is_that_to_the_last_stroke(small_page: Page, folder: Path) -> None:
    assert drawing.verdict(small_page) == "Same digit"
    for stroke in DIGITS[4][0]:
        drawing.draw(small_page, 0, [stroke])
        assert drawing.distance(small_page) == ink(folder, "left").sum()


def test_a_finger_draws_too(browser: Browser, small_app: str, folder: Path, request: pytest.FixtureRequest) -> None:
    with checked_page(
        browser,
        request.node,
        base_url=small_app,
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
    ) as phone:
        drawing.open_page(phone)
        drawing.draw_by_touch(phone, 1, DIGITS[7][1])
        assert follows(ink(folder, "right"), DIGITS[7][1])


@pytest.fixture
def failing(browser: Browser, small_app: str, request: pytest.FixtureRequest, tmp_path: Path) -> Failing:
    """Return a check that an action on a page fails its test, with a message that matches these words."""

    def visit(do: Callable[[Page], object]) -> None:
        with checked_page(browser, request.node, tmp_path, base_url=small_app) as page:
            drawing.open_page(page)
            do(page)

    def check(do: Callable[[Page], object], words: str) -> None:
        with pytest.raises(AssertionError, match=words):
            visit(do)

    return check


def test_an_error_box_fails_the_test(failing: Failing, tmp_path: Path) -> None:
    def break_and_repair(page: Page) -> None:
        with drawing.one_run(page):
            page.get_by_role("button", name="Break").click()
        with drawing.one_run(page):
            page.get_by_role("button", name="Repair").click()  # takes the box away
        assert not page.get_by_test_id("stException").count()

    failing(break_and_repair, r"shown by the app: .*broken on purpose")
    assert len(list(tmp_path.glob("*.png"))) == 1


def test_an_uncaught_error_in_the_page_fails_the_test(failing: Failing) -> None:
    def throw(page: Page) -> None:
        with page.expect_event("pageerror"):
            page.evaluate("() => { setTimeout(() => { throw new Error('thrown on purpose') }) }")

    failing(throw, "uncaught in the page: thrown on purpose")


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    start = serving(tmp_path / "log.txt", tmp_path / "missing.py")
    with pytest.raises(RuntimeError, match=r"(?s)did not start:.*File does not exist"):
        start.__enter__()
