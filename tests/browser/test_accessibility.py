"""Who cannot see, sees few colours or has no mouse: axe-core on every page, contrast, focus, and the keyboard alone."""

import re
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.drawing import RUN_LIMIT, canvas_at, draw, one_run, open_page, settle
from tests.browser.handwriting import DIGITS

MEASURES = Path(__file__).with_name("accessibility.js")
SEVERE = ("serious", "critical")
TEXT, GRAPHIC = 4.5, 3.0  # contrast that WCAG 2.2 AA asks for
LAPTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
REST_LIMIT, REST_STEP = 5.0, 200  # seconds until every part of a page has taken a theme; ms between two looks
STYLED = "() => [...document.querySelectorAll('style')].some((each) => each.textContent.includes('stCaptionContainer'))"
STILL = "() => new Promise(requestAnimationFrame).then(() => !document.getAnimations().length)"
QUICK = "/Train?epochs=1&training_images=1000&min_equals=100&embedding_size=8"
# Nothing of the app or of what it is built on is left out of axe's rules; an entry here needs a sentence why.
LEFT_OUT: tuple[str, ...] = ()
VERDICT = re.compile(r"^(Same digit|Different digits)\?? · distance \d")
SPOKEN = """() => { window.spoken = []; new MutationObserver((changes) => {
    const live = "[role=status], [role=alert], [role=log], [aria-live]";
    for (const {target} of changes) {
        const region = (target.nodeType === 1 ? target : target.parentElement)?.closest(live);
        if (region) window.spoken.push([region.id, region.textContent]);
    }
}).observe(document.body, {childList: true, characterData: true, subtree: true}); }"""


def open_shown(page: Page, path: str = "/", last: str = "Random different pair") -> None:
    """Open a page and wait until its last button is on the screen and all has faded in, so that Tab finds it."""
    open_page(page, path)
    expect(page.get_by_role("button", name=last, exact=True)).to_be_visible(timeout=RUN_LIMIT)
    come_to_rest(page)


def come_to_rest(page: Page) -> None:
    """Wait until the page has its style, which comes a little after its words, and until nothing changes any more."""
    page.wait_for_function(STYLED)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_function(STILL)


def take_theme(page: Page, theme: Any) -> None:
    """Let the visitor's system have a theme; the page follows at once."""
    page.emulate_media(color_scheme=theme)
    if page.get_by_test_id("stApp").count():
        expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", theme)
        come_to_rest(page)


def measures(page: Page, call: str) -> Any:
    """Return what `accessibility.js` measures on a page."""
    if not page.evaluate("() => 'accessibility' in window"):
        page.add_script_tag(path=MEASURES)
    return page.evaluate(f"() => accessibility.{call}()")


def severe_findings(page: Page) -> list[str]:
    """Return what axe finds serious or critical on a page as it is, a line for each element."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    run = "exclude => axe.run({include: [['html']], exclude}, {resultTypes: ['violations']})"
    rules = page.evaluate(run, [[each] for each in LEFT_OUT])["violations"]
    severe = [rule for rule in rules if rule["impact"] in SEVERE]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in severe for node in rule["nodes"]]


def severe_findings_at_rest(page: Page) -> list[str]:
    """Return what stays severe once the page has taken its theme: for some frames its parts have two themes."""
    end = time.monotonic() + REST_LIMIT
    while (found := severe_findings(page)) and time.monotonic() < end:
        page.wait_for_timeout(REST_STEP)
    return found


def expect_no_barrier(page: Page) -> None:
    """Check a page as it is: axe's rules, the words in charts, one title, and words for each picture.

    On a wide screen in both themes; the colours of a narrow one are the same.
    """
    for theme in ("light", "dark") if page.viewport_size == LAPTOP else ("light",):
        take_theme(page, theme)
        severe = severe_findings_at_rest(page)
        assert not severe, "\n".join([theme, *severe])
        faint = [word for word in measures(page, "chartWords") if word[1] < TEXT]
        assert not faint, theme
    assert page.locator("html[lang=en]").count() == 1
    assert page.locator("h1").count() == 1
    assert page.locator("img:not([alt]), img[alt='']").count() == 0


def open_all(page: Page) -> None:
    page.locator("details:not([open]) > summary").evaluate_all("(closed) => closed.forEach((each) => each.click())")
    come_to_rest(page)


def popover(page: Page, button: Locator) -> Locator:
    """Open a popover and return it."""
    button.click()
    body = page.get_by_test_id("stPopoverBody")
    expect(body).to_be_visible()
    settle(page)
    return body


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def screen(request: pytest.FixtureRequest, page: Page) -> Page:
    """Give a page on a wide screen and on a narrow one."""
    page.set_viewport_size(request.param)
    return page


def test_compare_has_no_barrier(screen: Page) -> None:
    open_page(screen)
    expect_no_barrier(screen)
    picker = popover(screen, screen.locator(".st-key-pick_left button"))
    expect(picker.get_by_role("button")).to_have_count(10)
    expect_no_barrier(screen)
    with one_run(screen):
        picker.get_by_role("button", name="3").click()
    expect(picker).to_have_count(0)  # it lay over the other canvas
    draw(screen, 1, DIGITS[2][0])
    expect(screen.locator(".needle")).to_be_visible()
    open_all(screen)
    expect_no_barrier(screen)
    popover(screen, screen.locator(".st-key-photo_left button"))
    expect_no_barrier(screen)


def test_train_has_no_barrier(page: Page) -> None:
    open_page(page, QUICK)
    open_all(page)
    expect_no_barrier(page)
    for number in (1, 2):  # the second gives a table of runs
        page.get_by_role("button", name="Train", exact=True).click()
        name = re.compile(rf"^Run {number} · ")
        expect(page.get_by_role("combobox", name="Run")).to_have_value(name, timeout=RUN_LIMIT)
        expect(page.locator(".st-key-run_status")).to_contain_text(re.compile("^Done"), timeout=RUN_LIMIT)
        expect(page.get_by_text("16 random pairs")).to_be_visible(timeout=RUN_LIMIT)
    settle(page)
    open_all(page)
    expect_no_barrier(page)
    popover(page, page.get_by_role("button", name="Name or delete"))
    expect_no_barrier(page)


def test_embeddings_have_no_barrier(page: Page) -> None:
    open_page(page, "/Embeddings?doubtful=true")
    expect(page.locator(".st-key-map .js-plotly-plot")).to_be_visible(timeout=RUN_LIMIT)
    expect_no_barrier(page)
    popover(page, page.get_by_role("button", name="More"))
    expect_no_barrier(page)


def test_evaluate_has_no_barrier(screen: Page) -> None:
    open_page(screen)
    draw(screen, 0, DIGITS[7][0])
    draw(screen, 1, DIGITS[1][0])
    screen.evaluate("() => [...document.querySelectorAll('a')].find((link) => link.href.endsWith('/Evaluate')).click()")
    expect(screen.get_by_role("button", name="Report (JSON)")).to_be_visible(timeout=2 * RUN_LIMIT)
    settle(screen)
    expect_no_barrier(screen)


def test_symbols_have_no_barrier(page: Page) -> None:
    open_page(page, "/Symbols")
    expect_no_barrier(page)
    draw(page, 1, DIGITS[7][0])
    expect(page.locator(".st-key-answer")).to_contain_text("probability of same")
    settle(page)
    open_all(page)
    expect_no_barrier(page)
    picker = popover(page, page.locator(".st-key-pick_ask button").first)
    expect(picker.get_by_role("button", name="heart")).to_be_visible()
    expect_no_barrier(page)
    page.keyboard.press("Escape")
    popover(page, page.get_by_role("button", name="Change").first)
    expect_no_barrier(page)


def test_how_it_works_has_no_barrier(screen: Page) -> None:
    open_shown(screen, "/How_it_works", "A 4 and a 0")
    open_all(screen)
    expect_no_barrier(screen)


def test_about_has_no_barrier(page: Page) -> None:
    open_page(page, "/About")
    expect_no_barrier(page)


def test_a_canvas_says_what_is_in_it(page: Page) -> None:
    open_shown(page)
    left, right = canvas_at(page, 0), canvas_at(page, 1)
    expect(left).to_have_attribute("role", "img")
    expect(left).to_have_attribute("aria-label", "Left drawing, blank")
    expect(page.get_by_role("group", name="Right drawing").get_by_role("button", name="Undo")).to_have_count(1)
    for strokes in ("1 stroke", "2 strokes"):
        draw(page, 1, [DIGITS[4][0][0]])
        expect(right).to_have_attribute("aria-label", f"Right drawing, {strokes}")
    page.locator(".st-key-undo_right button").click()
    expect(right).to_have_attribute("aria-label", "Right drawing, 1 stroke")
    page.get_by_role("button", name="Random same pair").click()
    expect(left).to_have_attribute("aria-label", "Left drawing, a test digit")
    settle(page)
    draw(page, 0, [DIGITS[4][0][0]])
    expect(left).to_have_attribute("aria-label", re.compile("and 1 stroke$"))


def focused(page: Page) -> str:
    """Return the name of what has the focus, and check that one sees where it is."""
    name, contrast = measures(page, "focused")
    for _ in range(10):  # some fade in
        if name and contrast <= GRAPHIC:
            page.wait_for_timeout(50)
            name, contrast = measures(page, "focused")
    assert not name or contrast > GRAPHIC, f"{name}: {contrast}"
    return str(name)


def tab_to(page: Page, name: str, key: str = "Tab") -> list[str]:
    """Press Tab until something of this name has the focus, and return what had it on the way."""
    passed: list[str] = []
    while not passed or passed[-1] != name:
        page.keyboard.press(key)
        passed.append(focused(page))
        assert len(passed) < 60, passed
    return passed


def test_two_digits_are_compared_by_keyboard_alone_and_the_verdict_is_said_once(page: Page) -> None:
    open_shown(page)
    page.evaluate(SPOKEN)
    status = page.get_by_role("status")
    for side in ("left", "right"):
        tab_to(page, "Test digit")
        page.keyboard.press("Enter")
        expect(page.locator(f".st-key-digits_{side}").get_by_role("button", name="0")).to_be_focused()
        tab_to(page, "3")
        page.keyboard.press("Enter")
        expect(page.locator(f".st-key-pick_{side} button")).to_be_focused()
        settle(page)
    expect(status).to_have_text(VERDICT)
    expect(page.get_by_text("A test digit, labelled 3, as it is.")).to_have_count(2)
    expect(page.locator(".needle")).to_be_visible()  # from here on nothing more comes of this answer
    settle(page)
    first = status.inner_text()
    tab_to(page, "Random different pair")
    page.keyboard.press("Enter")
    expect(status).not_to_have_text(first)
    expect(status).to_have_text(VERDICT)
    settle(page)
    assert page.evaluate("() => window.spoken") == [["answer-bar", first], ["answer-bar", status.inner_text()]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_tab_leads_through_all_in_order_and_shows_where_it_is(page: Page, theme: str) -> None:
    take_theme(page, theme)
    open_shown(page)
    side = ["Test digit", "Undo", "Clear", "Photo"]
    passed = tab_to(page, "Random different pair")
    assert [name for name in passed if name in (*side, "Swap", "Random same pair")] == [
        *side, *side, "Swap", "Random same pair",
    ]  # fmt: skip
    assert tab_to(page, "The network's card")
    assert {"Compare", "Train", "Embeddings", "About"} <= set(tab_to(page, "Network"))
    open_shown(page, "/Train", "Fast settings")
    open_all(page)
    page.get_by_role("heading", name="Train the network").click()
    passed = tab_to(page, "Train")
    assert {"Margin", "Epochs", "More settings", "Encoder", "Seed"} <= set(passed)


def test_a_popover_lets_the_focus_in_and_out(page: Page) -> None:
    open_shown(page)
    button = page.locator(".st-key-photo_left button").first
    button.focus()
    page.keyboard.press("Enter")
    upload = page.get_by_test_id("stPopoverBody").get_by_role("button").last
    expect(upload).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(button).to_be_focused()
    page.keyboard.press("Tab")
    expect(upload).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".st-key-pick_right button")).to_be_focused()
    button.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    expect(button).to_be_focused()


def test_nothing_glides_where_motion_is_unwanted(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 390, "height": 700})
    open_shown(page)
    page.get_by_role("button", name="Random same pair").click()
    expect(page.locator(".needle")).to_have_css("transition-property", "none")
    page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    bar = page.get_by_role("status")
    expect(bar).to_be_in_viewport(ratio=1)
    bar.evaluate("(bar) => bar.click()")
    assert page.locator(".st-key-verdict").evaluate("(verdict) => verdict.getBoundingClientRect().top") < 700
