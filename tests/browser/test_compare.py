"""The Compare page as a person uses it: real strokes, buttons, uploads, another page and back."""

import io
import re

import numpy as np
import pytest
from PIL import Image, ImageColor
from playwright.sync_api import FloatRect, Locator, Page, WebSocket, expect

from siamese_core.config import SHIPPED_MODEL
from siamese_core.networks.card import read_card
from tests.browser.drawing import (
    RUN_LIMIT,
    canvas_at,
    distance,
    draw,
    draw_by_touch,
    draw_stroke,
    one_run,
    open_page,
    settle,
)  # fmt: skip
from tests.browser.handwriting import DIGITS, Digit, pen
from ui.shared.colours import DIFFERENT

LEFT, RIGHT = 0, 1
NEEDLE_PIXELS = 100  # at least, of a line 149 px high and 2 px wide
# Whether the needle over the scale names the distance on the page.
POINTS = """() => Math.abs(document.querySelector(".needle")?.textContent.replace("your pair ", "")
    - document.querySelector("[data-testid=stMetricValue]")?.innerText) < 0.006"""


def metric(page: Page) -> Locator:
    return page.get_by_test_id("stMetricValue")


def answer(page: Page) -> Locator:
    return page.locator(".st-key-verdict")


def draw_both(page: Page, left: Digit, right: Digit, path: str = "/") -> None:
    """Open a page and draw on both canvases."""
    open_page(page, path)
    draw(page, LEFT, left)
    draw(page, RIGHT, right)
    page.locator(".needle").wait_for()  # another run follows the first answer, and shows the scale
    settle(page)


def starting(word: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{word}")


def expect_distance_near(page: Page, value: float) -> None:
    """Wait for about this distance: a drawing given back to the canvas is drawn anew, its edges a trace different."""
    page.wait_for_function(
        "([value, most]) => Math.abs(document.querySelector('[data-testid=stMetricValue]')?.innerText - value) < most",
        arg=[value, 0.05],
        timeout=RUN_LIMIT,
    )


def click(page: Page, label: str) -> None:
    with one_run(page):
        page.get_by_role("button", name=label, exact=True).first.click()


def upload(page: Page, side: str, name: str, content: bytes) -> None:
    page.locator(f".st-key-photo_{side} button").first.click()
    with one_run(page):
        page.locator(f"[class*=st-key-upload_{side}] input[type=file]").set_input_files(
            {"name": name, "mimeType": "image/png", "buffer": content}
        )
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)


def picture_of(ink: np.ndarray) -> bytes:
    """Return a PNG of dark ink on light paper."""
    file = io.BytesIO()
    Image.fromarray(np.where(ink, 40, 235).astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def ring() -> np.ndarray:
    y, x = np.mgrid[:300, :300]
    radius = np.hypot((x - 150) / 0.7, y - 150)
    return (radius > 90) & (radius < 115)


@pytest.mark.parametrize(("digit", "other"), list(enumerate([6, 7, 7, 5, 9, 3, 0, 1, 3, 4])))
def test_a_digit_in_three_styles_is_the_same_and_one_much_like_it_is_not(page: Page, digit: int, other: int) -> None:
    open_page(page)
    draw(page, LEFT, DIGITS[digit][0])
    compared = [(style, "Same digit") for style in DIGITS[digit][1:]]
    for style, word in [*compared, *((style, "Different digits") for style in DIGITS[other][:2])]:
        draw(page, RIGHT, style)
        expect(answer(page)).to_have_text(starting(word))
        with one_run(page):
            page.locator(".st-key-clear_right button").click()


def test_blank_canvases_get_a_friendly_word_and_no_number(page: Page) -> None:
    open_page(page)
    expect(answer(page)).to_contain_text("each box")
    draw(page, RIGHT, DIGITS[1][0])
    expect(answer(page)).to_contain_text("left box")
    expect(metric(page)).to_have_count(0)


def test_undo_and_clear(page: Page) -> None:
    draw_both(page, DIGITS[7][0], DIGITS[7][0])
    before = distance(page)
    draw(page, RIGHT, DIGITS[8][0])
    assert distance(page) > before + 0.1
    for _ in DIGITS[8][0]:
        with one_run(page):
            page.locator(".st-key-undo_right button").click()
    expect_distance_near(page, before)
    page.locator(".st-key-clear_right button").click()
    expect(answer(page)).to_contain_text("right box")
    draw(page, RIGHT, DIGITS[7][0])
    expect(answer(page)).to_contain_text("Same digit")


def painted(page: Page, place: Locator, colour: str) -> int:
    """Return how many pixels around the middle of a place on the screen have about this colour."""
    place.scroll_into_view_if_needed()
    page.wait_for_timeout(400)  # the needle has come to rest
    box = place.bounding_box()
    assert box
    clip: FloatRect = {"x": box["x"] - 4, "y": box["y"], "width": 9, "height": box["height"]}
    seen = np.asarray(Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB"), np.int64)
    return int((np.abs(seen - ImageColor.getrgb(colour)).max(axis=2) < 24).sum())


def test_a_stroke_runs_the_answer_alone_and_moves_the_needle_over_a_chart_that_stays(page: Page) -> None:
    frames: list[bytes] = []

    def listen(stream: WebSocket) -> None:
        stream.on("framereceived", lambda frame: frames.append(frame if isinstance(frame, bytes) else frame.encode()))

    page.on("websocket", listen)
    draw_both(page, DIGITS[7][0], DIGITS[7][1])
    needle, chart = page.locator(".needle"), page.locator(".st-key-scale .js-plotly-plot")
    page.wait_for_function(POINTS)
    chart.evaluate("(chart) => { chart.known = true; }")
    settle(page)
    frames.clear()
    before = needle.text_content()
    draw(page, RIGHT, [DIGITS[1][0][0]])
    page.wait_for_function(POINTS)
    assert needle.text_content() != before
    assert chart.evaluate("(chart) => chart.known"), "the chart is another"
    assert needle.bounding_box() is not None
    sent = b"".join(frames)
    assert b"verdict" in sent
    assert not [part for part in (b"undo_", b"clear_", b"canvas_left", b"threshold_") if part in sent]
    click(page, "Clear")
    assert b"undo_left" in b"".join(frames), "what is looked for is there when it should be"


def test_the_needle_is_seen_over_a_chart_that_came_after_it(page: Page) -> None:
    open_page(page)
    click(page, "Random different pair")
    expect(page.locator(".st-key-scale .js-plotly-plot")).to_be_visible()
    settle(page)
    assert painted(page, page.locator(".needle"), DIFFERENT) > NEEDLE_PIXELS


def test_a_stroke_just_before_a_change_of_page_breaks_nothing(page: Page) -> None:
    draw_both(page, DIGITS[7][0], DIGITS[1][0])
    draw_stroke(page, RIGHT, DIGITS[3][0][0])
    page.get_by_role("link", name="About").click()
    expect(page.get_by_role("heading", name="About")).to_be_visible()
    page.wait_for_timeout(500)  # by then the canvas has sent what it had to send
    settle(page)
    page.get_by_role("link", name="Compare").click()
    expect(metric(page)).to_be_visible()


def test_a_stroke_right_after_clear_is_kept(page: Page) -> None:
    open_page(page)
    draw(page, LEFT, DIGITS[6][0])
    clear = page.locator(".st-key-clear_right button")
    for digit in range(6):
        draw(page, RIGHT, DIGITS[digit][0])
        clear.click()
        draw_stroke(page, RIGHT, DIGITS[1][0][0])  # as soon as the canvas takes it, without waiting for anything else
        expect(metric(page)).to_be_visible()
        clear.click()
        expect(answer(page)).to_contain_text("right box")


def test_swap_keeps_the_distance(page: Page) -> None:
    draw_both(page, DIGITS[1][0], DIGITS[8][0])
    before = distance(page)
    click(page, "Swap")
    expect_distance_near(page, before)
    page.locator(".st-key-clear_left button").click()
    expect(answer(page)).to_contain_text("left box")
    draw(page, LEFT, DIGITS[1][0])  # the one now lies right
    expect(answer(page)).to_contain_text("Same digit")


def test_the_threshold_goes_back_to_the_fitted_one_on_the_slider_too(page: Page) -> None:
    open_page(page)
    click(page, "Random different pair")
    slider, fitted = page.get_by_role("slider", name="Threshold"), read_card(SHIPPED_MODEL)["threshold"]
    expect(slider).to_be_visible()
    settle(page)
    with one_run(page):
        slider.press("Home")
    expect(answer(page)).to_contain_text("> 0.000, the threshold")
    with one_run(page):
        page.get_by_role("button", name=f"Back to {fitted:.2f}").click()
    expect(answer(page)).to_contain_text(f"{fitted:.3f}, the threshold")
    expect(page.get_by_role("group", name="Threshold").get_by_test_id("stSliderThumbValue")).to_have_text(
        f"{fitted:.2f}"
    )


def test_random_pairs_are_compared_and_can_be_drawn_over(page: Page) -> None:
    open_page(page)
    click(page, "Random different pair")
    expect(page.get_by_text("A test digit, labelled")).to_have_count(2)
    draw(page, LEFT, DIGITS[0][0])
    expect(page.get_by_role("img", name="Left drawing, a test digit and 1 stroke")).to_be_visible()
    expect(page.get_by_role("img", name="Right drawing, a test digit", exact=True)).to_be_visible()


def test_drawings_survive_a_change_of_page(page: Page) -> None:
    draw_both(page, DIGITS[2][0], DIGITS[3][0])
    before = distance(page)
    with one_run(page):
        page.get_by_role("link", name="About").click()
    expect(page.get_by_role("heading", name="The words")).to_be_visible()
    with one_run(page):
        page.get_by_role("link", name="Compare").click()
    expect(metric(page)).to_have_text(f"{before:.3f}")
    draw(page, RIGHT, DIGITS[3][0])  # the canvas holds the drawing, not Python alone: the stroke is added to it
    assert distance(page) == pytest.approx(before, abs=0.2)


def test_an_uploaded_photo_is_compared(page: Page) -> None:
    open_page(page)
    upload(page, "left", "zero.png", picture_of(ring()))
    draw(page, RIGHT, DIGITS[0][0])
    expect(answer(page)).to_have_text(starting("Same digit"))


def test_a_picture_can_be_cropped_to_the_digit_that_is_meant(page: Page) -> None:
    open_page(page)
    bar = np.zeros((300, 300), bool)
    bar[40:260, 135:165] = True
    upload(page, "left", "two.png", picture_of(np.hstack([ring(), bar])))
    draw(page, RIGHT, DIGITS[0][0])
    page.get_by_role("button", name="Crop or turn the picture").click()
    end = page.get_by_role("slider", name="From left to right").last
    with one_run(page):
        end.press("PageDown")
    for _ in range(4):
        with one_run(page):
            end.press("PageDown")
    expect(page.get_by_role("dialog").locator("img[alt*='network sees']")).to_be_visible()
    page.get_by_role("button", name="Use this part").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(answer(page)).to_have_text(starting("Same digit"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("text.png", b"this is no picture"),
        ("cut.png", picture_of(ring())[:200]),
        ("blank.png", picture_of(np.zeros((50, 50), bool))),
        ("dot.png", picture_of(np.zeros((1, 1), bool))),
    ],
    ids=["text", "cut", "blank", "dot"],
)
def test_an_upload_that_cannot_be_used_gets_a_sentence_and_loses_nothing(page: Page, name: str, content: bytes) -> None:
    draw_both(page, DIGITS[7][0], DIGITS[7][0])
    before = distance(page)
    upload(page, "left", name, content)
    expect(page.get_by_test_id("stAlert")).to_contain_text(name)
    expect(metric(page)).to_have_text(f"{before:.3f}")
    draw(page, LEFT, [DIGITS[7][0][0]])
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_a_stroke_may_begin_and_a_finger_rest_where_the_canvas_has_its_own_toolbar(phone: Page) -> None:
    """The component's toolbar is unseen there: it took strokes, and a tap on it cleared the drawing."""
    open_page(phone)
    corner = (0.94, 0.04)
    for canvas in (LEFT, RIGHT):
        draw_by_touch(phone, canvas, [pen((0.3, 0.04), corner, corner, (0.6, 0.5), (0.45, 0.9))])
        draw_by_touch(phone, canvas, [pen(corner, (0.8, 0.12))])
    expect(metric(phone)).to_be_visible()
    before = distance(phone)
    with one_run(phone):
        canvas_at(phone, RIGHT).tap(position={"x": 270, "y": 5})
    expect(metric(phone)).to_be_visible()
    expect_distance_near(phone, before)


def test_drawing_by_touch_on_a_phone(phone: Page) -> None:
    open_page(phone)
    draw_by_touch(phone, LEFT, DIGITS[7][0])
    draw_by_touch(phone, RIGHT, DIGITS[7][1])
    expect(answer(phone)).to_have_text(starting("Same digit"))
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_on_a_phone_the_answer_is_in_view_after_the_second_drawing(phone: Page) -> None:
    open_page(phone)
    draw_by_touch(phone, LEFT, DIGITS[7][0])
    draw_by_touch(phone, RIGHT, DIGITS[7][1])
    bar = phone.get_by_role("status").filter(has_text="Same digit · distance")
    expect(bar).to_be_in_viewport()
    expect(answer(phone)).not_to_be_in_viewport(ratio=0.5)
    bar.tap()
    expect(answer(phone)).to_be_in_viewport(ratio=0.9)
    expect(bar).to_have_css("height", "1px")


def test_two_tabs_do_not_share_their_drawings(page: Page) -> None:
    draw_both(page, DIGITS[7][0], DIGITS[7][0])
    with page.context.new_page() as other:
        other.goto("/")
        expect(answer(other)).to_contain_text("each box")
    expect(answer(page)).to_have_text(starting("Same digit"))


def test_a_reload_in_the_middle_of_a_run_leaves_a_working_page(page: Page) -> None:
    open_page(page)
    draw(page, LEFT, DIGITS[7][0])
    page.get_by_role("button", name="Random same pair").click()
    page.reload()
    settle(page)
    for side in ("left", "right"):  # the pair may have been kept in the tab, or not yet
        page.locator(f".st-key-clear_{side} button").click()
    expect(answer(page)).to_contain_text("each box")
    draw(page, LEFT, DIGITS[7][0])
    draw(page, RIGHT, DIGITS[7][0])
    expect(answer(page)).to_have_text(starting("Same digit"))


def test_a_reload_finds_the_drawings_again_and_what_was_cleared_stays_away(page: Page) -> None:
    draw_both(page, DIGITS[7][0], DIGITS[4][0])
    before = distance(page)
    page.reload()
    expect_distance_near(page, before)
    settle(page)
    click(page, "Undo")  # of the left box, its only stroke
    page.reload()
    expect(canvas_at(page, RIGHT)).to_have_attribute("aria-label", "Right drawing, 2 strokes", timeout=RUN_LIMIT)
    expect(canvas_at(page, LEFT)).to_have_attribute("aria-label", "Left drawing, blank", timeout=RUN_LIMIT)


def test_a_reload_finds_test_digits_with_the_very_distance(page: Page) -> None:
    open_page(page)
    click(page, "Random different pair")
    before = metric(page).inner_text()
    settle(page)
    page.reload()
    expect(metric(page)).to_have_text(before, timeout=RUN_LIMIT)


def test_every_page_opens_by_its_own_link(page: Page) -> None:
    open_page(page, "/About")
    expect(page.get_by_role("heading", name="The network's card")).to_be_visible()
    expect(page.get_by_role("link", name="Compare")).to_be_visible()


def test_a_link_to_an_unknown_network_opens_with_the_shipped_one(page: Page) -> None:
    draw_both(page, DIGITS[7][0], DIGITS[7][0], "/?model=nonsense")
    expect(answer(page)).to_have_text(starting("Same digit"))
