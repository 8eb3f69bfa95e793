"""Every page in Firefox and in WebKit: two digits drawn and judged, by mouse and by finger, and no error anywhere."""

from tests.browser.handwriting import DIGITS
from tests.other_browsers.conftest import SCREENSHOTS
from tests.other_browsers.driving import SEEK, Driver
from ui.shared.page import PAGES

LEFT, RIGHT = 0, 1
VERDICT = "(word) => document.querySelector('.st-key-verdict')?.innerText.trim().startsWith(word)"
NEEDLE = """() => Math.abs(document.querySelector('.needle')?.textContent.replace('your pair ', '')
    - document.querySelector('[data-testid=stMetricValue]')?.innerText) < 0.006"""
FOLLOW = """(label) => {
    const links = [...document.querySelectorAll('[data-testid=stSidebar] a')];
    const link = links.find((each) => each.textContent.trim().endsWith(label));
    link?.click();
    return Boolean(link);
}"""
TITLE = "() => document.querySelector('h1')?.innerText"
OTHER_TITLE = "(before) => ![undefined, before].includes(document.querySelector('h1')?.innerText)"
FITS = "() => document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth"
# Whether a page has all its parts.
SHOWN = {
    label: f"() => {{ {SEEK} return seek(document, '{part}').length > 0; }}"
    for label, part in {
        "Compare": ".st-key-verdict",
        "Train": ".st-key-curves .main-svg",
        "Embeddings": ".st-key-map .main-svg",
        "Evaluate": ".st-key-threshold",
        "Symbols": ".st-key-answer",
        "How it works": ".moving",
        "About": "h3",
    }.items()
}


def judged(driver: Driver, kind: str) -> None:
    """Draw two sevens of different hands, then a three over on the right, and expect both verdicts."""
    driver.draw(LEFT, DIGITS[7][0], kind)
    driver.draw(RIGHT, DIGITS[7][1], kind)
    driver.until(VERDICT, "Same digit")
    driver.until("() => document.querySelector('.st-key-clear_right button')?.click() ?? true")
    driver.until("(word) => document.querySelector('.st-key-verdict')?.innerText.includes(word)", "right box")
    driver.draw(RIGHT, DIGITS[3][0], kind)
    driver.until(VERDICT, "Different digits")
    driver.until(NEEDLE)
    driver.settle()
    assert driver.errors() == []


def test_two_digits_drawn_with_the_mouse(laptop: Driver, server: str) -> None:
    laptop.open_page(server)
    judged(laptop, "mouse")


def test_two_digits_drawn_with_a_finger_on_a_phone(phone: Driver, server: str) -> None:
    phone.open_page(server)
    judged(phone, "touch")


def walked(driver: Driver, server: str, size: str) -> None:
    """Follow the link to every page, look at each, and expect no error and nothing wider than the window."""
    driver.open_page(server)
    for _, label, _ in PAGES:
        before = driver.run(TITLE)
        driver.until(FOLLOW, label)
        if label != "Compare":  # it is open already
            driver.until(OTHER_TITLE, before)
        driver.until(SHOWN[label])
        driver.settle()
        (SCREENSHOTS / f"{driver.name}_{size}_{label}.png").write_bytes(driver.screenshot())
        assert driver.run(FITS), f"{label} is wider than the window"
    assert driver.errors() == []


def test_every_page_opens_by_its_link(laptop: Driver, server: str) -> None:
    walked(laptop, server, "laptop")


def test_every_page_fits_a_phone(phone: Driver, server: str) -> None:
    walked(phone, server, "phone")
