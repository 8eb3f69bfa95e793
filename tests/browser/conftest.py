"""Fixtures: a running app, a Chromium, and pages in it."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.checking import FAILED, checked_page
from tests.browser.chromium import chromium
from tests.browser.serving import serving

LOG_TAIL = 4_000  # characters of the server's log shown when a test fails
SERVER_LOG = pytest.StashKey[Path]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests in this folder as browser tests."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the end of the server's log under a failed test."""
    report = yield
    log = item.config.stash.get(SERVER_LOG, None)
    if report.failed and log and log.exists():
        report.sections.append(("the app's log", log.read_text(errors="replace")[-LOG_TAIL:]))
    if report.failed and report.when == "call":
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of the app, started once for all tests."""
    log = tmp_path_factory.mktemp("server") / "log.txt"
    request.config.stash[SERVER_LOG] = log
    with serving(log) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give a Chromium, started once for all tests."""
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Give a fresh page on a laptop's screen; open it with `drawing.open_page`."""
    with checked_page(browser, request.node, base_url=server, viewport={"width": 1280, "height": 900}) as page:
        yield page


@pytest.fixture
def phone(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Give a fresh page on a phone's screen, with touch."""
    screen = {"width": 390, "height": 844}
    with checked_page(
        browser, request.node, base_url=server, viewport=screen, has_touch=True, is_mobile=True, device_scale_factor=2
    ) as page:
        yield page
