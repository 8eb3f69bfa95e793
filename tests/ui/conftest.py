"""What the tests of several pages need: a canvas in the real one's place, and a worker in this process."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from unittest.mock import patch

import pytest

from siamese_core.jobs import queue
from tests.ui.app import FakeCanvas


@pytest.fixture
def canvas() -> Iterator[FakeCanvas]:
    """Put a canvas in the real one's place, whose package cannot even be imported without a running server."""
    fake = FakeCanvas()
    package = ModuleType("streamlit_drawable_canvas")
    package.__dict__["st_canvas"] = fake
    sys.modules.setdefault("streamlit_drawable_canvas", package)
    from ui.shared import canvas as canvas_module

    with patch.object(canvas_module, "st_canvas", fake):
        yield fake


@pytest.fixture(scope="session", autouse=True)
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let a thread work instead of a process, and keep runs and maps in a folder of the tests."""
    from ui.shared import resources

    with (
        patch.object(queue, "process_executor", lambda: ThreadPoolExecutor(1)),
        patch.object(resources, "TRAINED", tmp_path_factory.mktemp("trained")),
    ):
        yield
