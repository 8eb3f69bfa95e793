"""Assets that are missing or damaged: every page opens all the same, and says so where it needs them."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from siamese_core.config import ROOT
from siamese_core.datasets import mnist
from tests.ui.app import FakeCanvas, compare_page
from ui.explain import replay
from ui.shared import resources

PAGES = ("", *(f"pages/{path.name}" for path in sorted((ROOT / "pages").glob("*.py"))))
CACHES = (resources.test_digits, resources.training_labels, resources._load, resources.kept, resources.read_card)


@pytest.fixture(autouse=True)
def nothing_cached() -> Iterator[None]:
    """Let each page read its files itself."""
    for cache in (*CACHES, resources.jobs):
        cache.clear()
    yield
    for cache in CACHES:
        cache.clear()


def patched(asset: str, file: Path) -> list[Any]:
    """Return what lets the pages find a file, or a folder, where an asset should be."""
    if asset == "MNIST":
        readers = {"load_test": mnist.load_test, "load_train_labels": mnist.load_train_labels}
        return [patch.object(resources, name, partial(read, file)) for name, read in readers.items()]
    if asset == "recordings":
        return [patch.object(replay, "EXPLAINED", file.parent)]
    return [patch.object(resources, asset, file)]


TOLD = {  # by which words a page tells it, and which pages need it
    "MNIST": ("mnist.npz is missing", PAGES[:6]),
    "SHIPPED_MODEL": ("cannot be", ("", "pages/2_Embeddings.py", "pages/3_Evaluate.py", "pages/5_How_it_works.py")),
    "ANYTHING_MODEL": ("cannot be used", ("pages/4_Symbols.py",)),
    "recordings": ("The recordings cannot be shown", ("pages/5_How_it_works.py",)),
}


@pytest.mark.parametrize("asset", list(TOLD))
def test_without_an_asset_every_page_opens_and_says_so(asset: str, canvas: FakeCanvas, tmp_path: Path) -> None:
    told: dict[str, str] = {}
    for page in PAGES:
        with ExitStack() as stack:
            for each in patched(asset, tmp_path / "mnist.npz"):
                stack.enter_context(each)
            app = compare_page()
            app = (app.switch_page(page) if page else app).run()
        assert [error.value for error in app.exception] == [], page
        assert app.title, page
        told[page] = " ".join(each.value for each in (*app.error, *app.warning))
    word, pages = TOLD[asset]
    assert [page for page in PAGES if word in told[page]] == list(pages)
