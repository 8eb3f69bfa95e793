"""Fixtures: a running app, and a Firefox and a WebKit with one page open."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.serving import ROOT, serving
from tests.other_browsers import firefox, webkit
from tests.other_browsers.driving import Driver

SCREENSHOTS = ROOT / "test-results"
BROWSERS = {"firefox": (firefox.PROGRAMS, firefox.firefox), "webkit": (webkit.PROGRAMS, webkit.webkit)}
MISSING = "no {name} here: none of {programs} is on the PATH (make browsers says how to get it)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests in this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.other_browsers)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of the app, started once for all tests."""
    with serving(tmp_path_factory.mktemp("server") / "log.txt") as address:
        yield address


@pytest.fixture(scope="session", params=BROWSERS)
def driver(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    """Give a browser, started once for all its tests."""
    name = request.param
    programs, start = BROWSERS[name]
    program = next(filter(None, map(shutil.which, programs)), None)
    if not program:
        pytest.skip(MISSING.format(name=name, programs=", ".join(programs)))
    with start(program, tmp_path_factory.mktemp(name)) as found:
        yield found


@pytest.fixture
def laptop(driver: Driver, request: pytest.FixtureRequest) -> Iterator[Driver]:
    """Give the browser with a laptop's screen; what it shows at the end is kept as a picture."""
    yield from sized(driver, request.node.name, 1280, 900)


@pytest.fixture
def phone(driver: Driver, request: pytest.FixtureRequest) -> Iterator[Driver]:
    """Give the browser with a phone's screen."""
    yield from sized(driver, request.node.name, 390, 844)


def sized(driver: Driver, test: str, width: int, height: int) -> Iterator[Driver]:
    SCREENSHOTS.mkdir(exist_ok=True)
    driver.resize(width, height)
    yield driver
    (SCREENSHOTS / f"{test.replace('[', '_').rstrip(']')}.png").write_bytes(driver.screenshot())
