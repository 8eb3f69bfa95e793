"""The fixture that several pages' tests need: a fake canvas."""

import sys
from collections.abc import Iterator
from types import ModuleType
from unittest.mock import patch

import pytest

from tests.ui.app import FakeCanvas


@pytest.fixture
def canvas() -> Iterator[FakeCanvas]:
    """Replace the real canvas by a fake one; the real package cannot even be imported without a running server."""
    fake = FakeCanvas()
    package = ModuleType("streamlit_drawable_canvas")
    package.__dict__["st_canvas"] = fake
    sys.modules.setdefault("streamlit_drawable_canvas", package)
    from ui.shared import canvas as canvas_module

    with patch.object(canvas_module, "st_canvas", fake):
        yield fake
