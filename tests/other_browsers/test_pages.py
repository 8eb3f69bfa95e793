"""Every page in Firefox and in WebKit: two digits drawn and judged, by mouse and by finger, and no error anywhere."""

from pathlib import Path

import pytest

from tests.browser.handwriting import DIGITS
from tests.other_browsers.conftest import SCREENSHOTS
from tests.other_browsers.driving import Driver
from ui.shared.page import PAGES

LEFT, RIGHT = 0, 1
VERDICT = "(word) => document.querySelector('.st-key-verdict')?.innerText.trim().startsWith(word)"
NEEDLE = """() => Math.abs(document.querySelector('.needle')?.textContent.replace('your pair ', '')
    - document.querySelector('[data-testid=stMetricValue]')?.innerText) < 0.006"""
FOLLOW = """(label) => {
    const links = [...document.querySelectorAll('[data-testid=stSidebar] a')];
    const link = links.find((each) => each.innerText.trim().endsWith(label));
    link?.click();
    return Boolean(link);
}"""
TITLE = "() => document.querySelector('h1')?.innerText"
# What a page shows once it has all its parts, beside its title.
SHOWN = {
    "Compare": "() => document.querySelectorAll('.st-key-verdict').length",
    "Train": "() => document.querySelector('.st-key-curves .main-svg')",
    "Embeddings": "() => document.querySelector('.st-key-map .main-svg, .st-key-map canvas')",
    "Evaluate": "() => document.querySelector('.st-key-threshold')",
    "Symbols": "() => document.querySelector('.st-key-answer')",
    "How it works": "() => document.querySelector('.moving')",
    "About": "() => document.querySelector('h2, h3')",
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


def test_every_page_opens_by_its_link_without_an_error(laptop: Driver, server: str, tmp_path: Path) -> None:
    laptop.open_page(server)
    for _, label, _ in PAGES:
        before = laptop.run(TITLE)
        laptop.until(FOLLOW, label)
        if label != "Compare":
            laptop.until("(before) => ![undefined, before].includes(document.querySelector('h1')?.innerText)", before)
        laptop.until(f"() => Boolean(({SHOWN[label]})())")
        laptop.settle()
        (SCREENSHOTS / f"{laptop.name}_{label}.png").write_bytes(laptop.screenshot())
    assert laptop.errors() == []


@pytest.mark.parametrize("label", [label for _, label, _ in PAGES])
def test_no_page_is_wider_than_a_phone(phone: Driver, server: str, label: str) -> None:
    phone.open_page(f"{server}/{'' if label == 'Compare' else label.replace(' ', '_')}")
    phone.until(f"() => Boolean(({SHOWN[label]})())")
    phone.settle()
    assert phone.run("() => document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth")
    assert phone.errors() == []
