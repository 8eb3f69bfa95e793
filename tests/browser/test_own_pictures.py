"""Own pictures in a real browser: upload a zip of drawn shapes, train without two, compare, look at the map."""

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.drawing import RUN_LIMIT, one_run, open_page, settle
from tests.browser.test_train import TRAINING_LIMIT, wait_for
from tests.own_pictures import shapes, write_zip

QUICK = (
    "/Train?epochs=8&encoder=small_conv&pairing=all_in_batch&embedding_size=32&batch_size=32&optimizer=adam"
    "&learning_rate=0.003"
)


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    return write_zip(tmp_path / "shapes.zip", shapes(40))


def upload(page: Page, file: Path) -> None:
    page.get_by_text("Train on your own pictures").click()
    page.locator(".st-key-own_pictures input[type=file]").set_input_files(file)


def pick(page: Page, side: int, name: str) -> None:
    """Put a random test picture of a class into a canvas."""
    page.get_by_role("button", name="Test picture").nth(side).click()
    with one_run(page):
        page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)


def test_own_pictures_are_understood_trained_on_compared_and_mapped(page: Page, drawn: Path, tmp_path: Path) -> None:
    open_page(page, QUICK)
    upload(page, drawn)
    sheet = page.locator(".st-key-sheet")
    expect(sheet).to_contain_text("shapes.zip: 160 pictures of 4 classes", timeout=TRAINING_LIMIT)
    expect(page.get_by_role("combobox", name="Data set")).to_have_value("shapes.zip, 160 pictures")
    page.get_by_text("Leave classes out", exact=True).click()
    classes = page.get_by_role("combobox", name="Classes left out")
    for name in ("cross", "square"):
        classes.fill(name)
        with one_run(page):
            classes.press("Enter")
    page.keyboard.press("Escape")  # the list of classes hides the page from roles
    page.get_by_role("button", name="Train", exact=True).click()
    wait_for(page, "Done")
    expect(page.locator(".st-key-parts")).to_contain_text("never seen: cross and square", timeout=RUN_LIMIT)
    crosses = page.locator(".st-key-space .scatterlayer path.point")
    expect(crosses).to_have_count(16)  # of all four classes, four validation pictures each
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    download.value.save_as(tmp_path / "network.zip")
    with zipfile.ZipFile(tmp_path / "network.zip") as archive:
        assert "test_images.npz" in {Path(name).name for name in archive.namelist()}

    page.get_by_role("button", name="Draw with it").click()
    expect(page.get_by_role("heading", name="Compare two pictures")).to_be_visible(timeout=RUN_LIMIT)
    expect(page.get_by_text("It was never trained on cross and square.")).to_be_visible()
    settle(page)
    for side, name, word in ((0, "circle", "Now draw one"), (1, "circle", "Same class"), (1, "triangle", "Different")):
        pick(page, side, name)
        expect(page.locator(".st-key-verdict")).to_contain_text(re.compile(f"^{word}"), timeout=RUN_LIMIT)
    with one_run(page):
        page.get_by_role("button", name="Random same pair").click()
    expect(page.locator(".st-key-verdict")).to_contain_text(re.compile("^(Same class|Different classes)"))

    page.get_by_role("link", name="Embeddings").click()
    expect(page.get_by_text("This network compares pictures of shapes")).to_be_visible(timeout=RUN_LIMIT)
    dots = page.locator(".st-key-map .scatterlayer path.point")
    expect(dots.nth(23)).to_be_attached(timeout=RUN_LIMIT)  # six test pictures of each class
    page.get_by_role("link", name="Evaluate").click()
    expect(page.get_by_role("heading", name="Classes it has seen, and classes it has not")).to_be_visible(
        timeout=TRAINING_LIMIT
    )


def test_what_is_no_data_set_is_said_and_nothing_changes(page: Page, tmp_path: Path) -> None:
    bad = write_zip(tmp_path / "holiday.zip", {"notes.txt": b"no pictures here"})
    open_page(page, QUICK)
    upload(page, bad)
    expect(page.get_by_text("holiday.zip holds no pictures in folders")).to_be_visible(timeout=TRAINING_LIMIT)
    expect(page.get_by_role("combobox", name="Data set")).to_have_value("MNIST, 70,000 digits")
