"""What the tests ask of a browser, whichever it is, and how they draw and wait in it."""

import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from tests.browser.handwriting import Digit

PAGE_LIMIT = 120.0  # seconds a page, or one command to the browser, may take
STOP_LIMIT = 10.0  # seconds a program has to end by itself
# All elements of the page that fit a selector, also those within open shadow roots, as the canvases are.
SEEK = """
const seek = (root, wanted) => [...root.querySelectorAll('*')].flatMap((each) => [
    ...(each.matches(wanted) ? [each] : []), ...(each.shadowRoot ? seek(each.shadowRoot, wanted) : [])]);
"""
CANVAS = f"""(n) => {{
    {SEEK}
    const canvas = seek(document, 'canvas.upper-canvas')[n];
    if (!canvas) return null;
    for (let e = canvas; e; e = e.parentElement ?? e.getRootNode().host)
        if (getComputedStyle(e).pointerEvents === 'none') return null;  // pale: takes no strokes yet
    canvas.scrollIntoView({{block: 'center', behavior: 'instant'}});
    const box = canvas.getBoundingClientRect();
    return [box.x, box.y, box.width, box.height];
}}"""
# Errors of scripts, and those that the app shows, from now on; kept while links of the app are followed.
COLLECT = """() => {
    window.errors_ = [];
    window.addEventListener('error', (event) => window.errors_.push(event.message));
    window.addEventListener('unhandledrejection', (event) => window.errors_.push(String(event.reason)));
    const look = () => {
        for (const box of document.querySelectorAll('[data-testid="stException"]:not([data-told])')) {
            box.setAttribute('data-told', '');
            window.errors_.push(box.innerText);
        }
    };
    new MutationObserver(look).observe(document, {childList: true, subtree: true});
    look();
}"""


class Driver(ABC):
    """A browser with one page open."""

    name: str

    @abstractmethod
    def go(self, address: str) -> None:
        """Open an address and wait until it is loaded."""

    @abstractmethod
    def run(self, function: str, *values: Any) -> Any:
        """Call a JavaScript function in the page, and return what it returns; both as in JSON."""

    @abstractmethod
    def act(self, kind: str, path: list[tuple[float, float]]) -> None:
        """Press a pointer at the first point, move along the path, and lift it. kind: mouse or touch."""

    @abstractmethod
    def resize(self, width: int, height: int) -> None:
        """Give the page this size in its own pixels."""

    @abstractmethod
    def screenshot(self) -> bytes:
        """Return a PNG of what is seen."""

    def open_page(self, address: str) -> None:
        """Open a page of the app as a new tab would, without kept drawings, and wait until its first run is over."""
        self.go(f"{address}/_stcore/health")
        self.run("() => sessionStorage.clear()")
        self.go(address)
        self.run(COLLECT)
        self.settle()

    def settle(self) -> None:
        """Wait until the app has stopped running."""
        state = "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState"
        wait_for(lambda: self.run(state) == "notRunning", "the app has stopped running")

    def until(self, function: str, *values: Any) -> Any:
        """Wait until a JavaScript function returns something true, and return it."""
        return wait_for(lambda: self.run(function, *values), f"{function}{values or ''}")

    def draw(self, canvas: int, digit: Digit, kind: str = "mouse") -> None:
        """Draw on the nth canvas."""
        for stroke in digit:
            x, y, width, height = self.until(CANVAS, canvas)
            self.act(kind, [(x + right * width, y + down * height) for right, down in stroke])

    def errors(self) -> list[str]:
        """Return what scripts and the app have complained of since the page was opened."""
        return list(self.run("() => window.errors_"))


def pointer(kind: str, path: list[tuple[float, float]]) -> dict[str, Any]:
    """Return the actions of a pointer that draws a path, as WebDriver and WebDriver BiDi take them."""
    moves = [{"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0} for x, y in path]
    down, up = ({"type": f"pointer{what}", "button": 0} for what in ("Down", "Up"))
    return {"type": "pointer", "id": kind, "parameters": {"pointerType": kind}, "actions": [moves[0], down, *moves, up]}


def wait_for(ready: Callable[[], Any], words: str) -> Any:
    """Ask until the answer is true, and return it. Raises TimeoutError after `PAGE_LIMIT`."""
    deadline = time.monotonic() + PAGE_LIMIT
    while time.monotonic() < deadline:
        if answer := ready():
            return answer
        time.sleep(0.05)
    raise TimeoutError(f"waited {PAGE_LIMIT:.0f} s in vain until: {words}")


@contextmanager
def ended_at_last(program: subprocess.Popen[bytes]) -> Iterator[None]:
    """End a program when a block ends."""
    try:
        yield
    finally:
        program.terminate()
        with suppress(subprocess.TimeoutExpired):
            program.wait(STOP_LIMIT)
        program.kill()
        program.wait()
