"""A WebKit, GTK's, driven over WebDriver by its own WebKitWebDriver, on a screen that nobody sees."""

import base64
import json
import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.browser.serving import free_port
from tests.other_browsers.driving import PAGE_LIMIT, Driver, ended_at_last, pointer, wait_for

PROGRAMS = ("WebKitWebDriver",)
SCREEN = "1400x1000x24"


class WebKit(Driver):
    """One window of a WebKit."""

    name = "WebKit"

    def __init__(self, address: str) -> None:
        self._session = f"{address}/session"
        self._session += "/" + self._ask("", capabilities={"alwaysMatch": {}})["sessionId"]

    def go(self, address: str) -> None:
        self._ask("/url", url=address)

    def run(self, function: str, *values: Any) -> Any:
        return self._ask("/execute/sync", script=f"return ({function})(...arguments) ?? null", args=list(values))

    def act(self, kind: str, path: list[tuple[float, float]]) -> None:
        self._ask("/actions", actions=[pointer(kind, path)])

    def resize(self, width: int, height: int) -> None:
        """Give the page this size: the window is larger by its bars, and not narrower than some 450 pixels."""
        outer = width, height
        for _ in range(3):
            self._ask("/window/rect", width=outer[0], height=outer[1])
            inner = self.run("() => [innerWidth, innerHeight]")
            outer = outer[0] + width - inner[0], outer[1] + height - inner[1]

    def screenshot(self) -> bytes:
        return base64.b64decode(self._get("/screenshot"))

    def close(self) -> None:
        self._send(urllib.request.Request(self._session, method="DELETE"))

    def _ask(self, command: str, **values: Any) -> Any:
        return self._send(urllib.request.Request(self._session + command, json.dumps(values).encode()))

    def _get(self, command: str) -> Any:
        return self._send(urllib.request.Request(self._session + command))

    def _send(self, request: urllib.request.Request) -> Any:
        """Return the value of the answer. Raises RuntimeError with WebKit's own words where the command fails."""
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=PAGE_LIMIT) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{request.full_url}: {error.read().decode(errors='replace')}") from error


@contextmanager
def webkit(program: str, folder: Path) -> Iterator[WebKit]:
    """Start a screen, the driver and a WebKit, and end them."""
    port = free_port()
    with (folder / "log").open("wb") as log, _screen(log) as display:
        environment = os.environ | {"DISPLAY": display, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
        command = [program, f"--port={port}"]
        with ended_at_last(subprocess.Popen(command, env=environment, stdout=log, stderr=log)):
            wait_for(lambda: _answers(f"http://127.0.0.1:{port}/status"), "WebKitWebDriver answers")
            driver = WebKit(f"http://127.0.0.1:{port}")
            try:
                yield driver
            finally:
                driver.close()


@contextmanager
def _screen(log: Any) -> Iterator[str]:
    """Start an X server without a screen on a display that is free, and give the display's name."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    with ended_at_last(subprocess.Popen(command, pass_fds=[writing], stdout=log, stderr=log)):
        os.close(writing)
        with open(reading) as pipe:  # noqa: PTH123, a pipe has no path
            yield f":{pipe.readline().strip()}"


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=1):
            return True
    except OSError:
        return False
