"""A page in a Chromium that fails its test on any error the app shows or throws."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.drawing import watch
from tests.browser.serving import ROOT

SCREENSHOTS = ROOT / "test-results"
FAILED = pytest.StashKey[bool]()  # set on a test that has failed
# Tells of every error box at the moment it appears: the next run of the app may take it away again.
REPORT_ERROR_BOXES = """
new MutationObserver(() => {
    for (const box of document.querySelectorAll('[data-testid="stException"]:not([data-told])')) {
        box.setAttribute('data-told', '');
        window.reportError_(box.innerText);
    }
}).observe(document, {childList: true, subtree: true});
"""


@contextmanager
def checked_page(
    browser: Browser, test: pytest.Item, screenshots: Path = SCREENSHOTS, **context: Any
) -> Iterator[Page]:
    """Open a page of its own context; at the end fail on errors, and leave a screenshot of a failed test."""
    errors: list[str] = []
    with browser.new_context(**context) as visit:
        page = visit.new_page()
        page.on("pageerror", lambda error: errors.append(f"uncaught in the page: {error}"))
        page.expose_function("reportError_", lambda text: errors.append(f"shown by the app: {text}"))
        page.add_init_script(REPORT_ERROR_BOXES)
        watch(page)
        yield page
        if test.stash.get(FAILED, False) or errors:
            name = re.sub(r"\W+", "_", test.name)
            page.screenshot(path=screenshots / f"{name}.png", full_page=True)
    assert not errors, "\n".join(errors)
