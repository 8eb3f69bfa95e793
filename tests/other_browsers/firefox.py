"""A headless Firefox, driven over WebDriver BiDi, which Firefox speaks by itself: no other program is needed."""

import base64
import itertools
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.other_browsers.driving import PAGE_LIMIT, Driver, ended_at_last, pointer, wait_for

PROGRAMS = ("firefox-esr", "firefox")
PREFERENCES = {
    "dom.w3c_touch_events.enabled": 1,  # as on a phone: touches reach the page
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "browser.aboutwelcome.enabled": False,
}


class Firefox(Driver):
    """One tab of a Firefox."""

    name = "Firefox"

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._ids = socket, itertools.count(1)
        self._ask("session.new", capabilities={})
        self._tab = self._ask("browsingContext.getTree")["contexts"][0]["context"]

    def go(self, address: str) -> None:
        self._ask("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def run(self, function: str, *values: Any) -> Any:
        call = f"JSON.stringify(({function})(...{json.dumps(values)}) ?? null)"
        answer = self._ask("script.evaluate", expression=call, target={"context": self._tab}, awaitPromise=False)
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]
        return json.loads(answer["result"]["value"])

    def act(self, kind: str, path: list[tuple[float, float]]) -> None:
        self._ask("input.performActions", context=self._tab, actions=[pointer(kind, path)])

    def resize(self, width: int, height: int) -> None:
        self._ask("browsingContext.setViewport", context=self._tab, viewport={"width": width, "height": height})

    def screenshot(self) -> bytes:
        return base64.b64decode(self._ask("browsingContext.captureScreenshot", context=self._tab)["data"])

    def _ask(self, method: str, **params: Any) -> Any:
        """Send a command and return its result. Raises RuntimeError with Firefox's own words where it fails."""
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(timeout=PAGE_LIMIT))
            if answer.get("id") == number:
                break
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['message']}")
        return answer["result"]


@contextmanager
def firefox(program: str, folder: Path) -> Iterator[Firefox]:
    """Start a Firefox with a profile of its own in the folder, and end it."""
    profile = folder / "profile"
    profile.mkdir()
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    command = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port=0"]
    with (folder / "log").open("wb") as log, ended_at_last(subprocess.Popen(command, stdout=log, stderr=log)):
        server = profile / "WebDriverBiDiServer.json"
        wait_for(lambda: server.exists() and server.stat().st_size, "Firefox listens")
        port = json.loads(server.read_text(encoding="utf-8"))["ws_port"]
        with connect(f"ws://127.0.0.1:{port}/session", max_size=None, proxy=None) as socket:
            yield Firefox(socket)
