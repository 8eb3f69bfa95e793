"""The Train page in a real browser: press Train, see it learn, stop, leave and come back, use the network."""

import re
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.drawing import RUN_LIMIT, distance, draw, one_run, open_page, verdict
from tests.browser.handwriting import DIGITS

FAST = "encoder=small_conv&pairing=all_in_batch&embedding_size=64&batch_size=96&optimizer=adam&learning_rate=0.003"
QUICK = f"/Train?epochs=1&training_images=5000&{FAST}"
LONG = "/Train?epochs=50&training_images=42000"
TRAINING_LIMIT = 180_000  # milliseconds, on a machine that does other things as well


def train(page: Page, path: str) -> None:
    open_page(page, path)
    page.get_by_role("button", name="Train", exact=True).click()


def wait_for(page: Page, words: str, limit: float = TRAINING_LIMIT) -> None:
    status = page.locator(".st-key-run_status").last  # for a moment the one of the page before may still be there
    expect(status).to_contain_text(re.compile(rf"^{words}"), timeout=limit)


def points_in(page: Page, chart: str) -> int:
    """Count the points that a chart shows."""
    return page.locator(f".st-key-{chart} .scatterlayer path.point").count()


def stop(page: Page) -> None:
    page.get_by_role("button", name="Stop", exact=True).click()
    wait_for(page, "Stopped")


def test_it_learns_before_ones_eyes_and_ends_in_figures(page: Page) -> None:
    train(page, QUICK)
    wait_for(page, "Done")
    expect(page.get_by_text("Right on test pairs", exact=True)).to_be_visible(timeout=RUN_LIMIT)
    assert points_in(page, "space") == 1_000
    expect(page.get_by_text("16 random pairs")).to_be_visible(timeout=RUN_LIMIT)
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()
    before = page.locator("img[alt*='same']").first.get_attribute("alt")
    page.get_by_role("button", name="16 others").click()
    expect(page.locator("img[alt*='same']").first).not_to_have_attribute("alt", str(before), timeout=RUN_LIMIT)


def test_curves_grow_while_it_runs_and_stop_keeps_what_was_learned(page: Page) -> None:
    train(page, LONG)
    curve = page.locator(".st-key-curves .scatterlayer .trace path.js-line").nth(1)
    expect(curve).to_be_attached(timeout=TRAINING_LIMIT)
    first = curve.get_attribute("d")
    expect(curve).not_to_have_attribute("d", str(first), timeout=TRAINING_LIMIT)
    wait_for(page, "Running: epoch")
    stop(page)
    expect(page.get_by_role("button", name="Draw with it")).to_be_visible(timeout=RUN_LIMIT)


def test_a_run_goes_on_while_its_visitor_is_elsewhere_and_is_found_after_a_reload(page: Page) -> None:
    train(page, LONG)
    wait_for(page, "Running: epoch")
    page.get_by_role("link", name="About").click()
    expect(page.get_by_role("heading", name="About")).to_be_visible(timeout=RUN_LIMIT)
    page.get_by_role("link", name="Train").click()
    wait_for(page, "Running: epoch")
    page.reload()
    wait_for(page, "Running: epoch")
    open_page(page, "/Train")  # the plain address, known by the cookie alone
    wait_for(page, "Running: epoch")
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_disabled()
    stop(page)


def test_another_visitor_waits_sees_the_place_and_leaves(page: Page, phone: Page) -> None:
    train(page, LONG)
    wait_for(page, "Running")
    train(phone, QUICK)
    wait_for(phone, "Waiting: 1 training before yours")
    stop(phone)
    wait_for(page, "Running")
    stop(page)


def test_two_drawings_are_compared_by_the_network_just_trained(page: Page) -> None:
    train(page, QUICK)
    wait_for(page, "Done")
    page.get_by_role("button", name="Draw with it").click()
    expect(page.locator("canvas.upper-canvas")).to_have_count(2, timeout=RUN_LIMIT)
    expect(page.get_by_role("combobox", name="Network")).to_have_value(re.compile(r"^Run \d+ · "), timeout=RUN_LIMIT)
    for side, digit in ((0, 1), (1, 0)):
        draw(page, side, DIGITS[digit][0])
    assert distance(page) > 0.5
    assert verdict(page).startswith("Different digits")


def test_the_network_can_be_taken_along(page: Page, tmp_path: Path) -> None:
    train(page, QUICK)
    wait_for(page, "Done")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    download.value.save_as(tmp_path / "network.zip")
    with zipfile.ZipFile(tmp_path / "network.zip") as archive:
        assert {Path(name).name for name in archive.namelist()} >= {"encoder.keras", "card.json", "load.py"}


def test_back_through_the_training(page: Page) -> None:
    train(page, QUICK)
    wait_for(page, "Done")
    handle = page.get_by_role("slider", name="Back through the training")
    last = page.locator(".st-key-space .scatterlayer path.point").first.get_attribute("transform")
    handle.press("Home")
    moved = page.locator(".st-key-space .scatterlayer path.point").first
    expect(moved).not_to_have_attribute("transform", str(last), timeout=RUN_LIMIT)
    expect(page.get_by_text("untrained", exact=True).first).to_be_visible()
    page.get_by_test_id("stExpander").get_by_text("Play the epochs").click()
    player = page.locator("[class*='st-key-player_'] .moving")
    epochs = player.get_by_role("slider", name="Through the training")
    expect(epochs).to_have_attribute("aria-valuetext", "epoch 1 of 1", timeout=RUN_LIMIT)
    epochs.press("Home")
    expect(epochs).to_have_attribute("aria-valuetext", "untrained")
    player.get_by_role("button", name="Play").click()
    expect(epochs).to_have_attribute("aria-valuetext", "epoch 1 of 1", timeout=RUN_LIMIT)


def test_nonsense_in_a_link_is_ignored_with_a_word(page: Page) -> None:
    open_page(page, "/Train?epochs=many&margin=-1&seed=3&encoder=x")
    expect(page.get_by_text("is ignored")).to_have_count(3)
    expect(page.get_by_text("No run yet")).to_be_visible()


def test_what_is_typed_just_before_the_click_is_trained(page: Page) -> None:
    open_page(page, QUICK)
    page.get_by_test_id("stExpander").get_by_text("More settings").click()
    page.get_by_label("Seed").fill("123")
    page.get_by_role("button", name="Train", exact=True).click()
    wait_for(page, "Done")
    expect(page.get_by_label("Seed")).to_have_value("123")
    expect(page.locator(".st-key-other_settings")).to_have_count(0)


def test_settings_are_no_entries_in_the_history_and_back_leaves_the_page(page: Page) -> None:
    open_page(page)
    page.get_by_role("link", name="Train").click()
    epochs = page.get_by_role("slider", name="Epochs")
    for _ in range(3):
        with one_run(page):
            epochs.press("ArrowRight")
    expect(page).to_have_url(re.compile("epochs=23"))
    page.go_back()
    expect(page.get_by_role("heading", name="Compare two digits")).to_be_visible(timeout=RUN_LIMIT)
    page.go_forward()
    expect(page.get_by_role("heading", name="Train the network")).to_be_visible(timeout=RUN_LIMIT)
    expect(page).to_have_url(re.compile("epochs=23"))


def test_a_run_is_named_and_deleted(page: Page) -> None:
    train(page, QUICK)
    wait_for(page, "Done")
    page.get_by_role("button", name="Name or delete").click()
    page.get_by_label("Name", exact=True).fill("my first")
    page.get_by_label("Name", exact=True).press("Enter")
    expect(page.get_by_role("combobox", name="Run")).to_have_value(re.compile(r"^my first · "))
    page.get_by_role("button", name="Delete this run").click()
    expect(page.get_by_text("No run yet")).to_be_visible(timeout=RUN_LIMIT)


def test_stop_at_once_and_train_again(page: Page) -> None:
    train(page, LONG)
    page.get_by_role("button", name="Stop", exact=True).click(timeout=RUN_LIMIT)
    wait_for(page, "Stopped")
    train(page, QUICK)
    wait_for(page, "Done")
