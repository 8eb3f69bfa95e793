"""The Evaluate page in a real browser: one threshold moves all, pairs lead to Compare, figures go home as a file."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from siamese_core.config import SHIPPED_MODEL
from siamese_core.networks.card import read_card
from tests.browser.drawing import RUN_LIMIT, draw, one_run, open_page, settle, swipe
from tests.browser.handwriting import DIGITS

COUNTING = 120_000  # milliseconds, for all pairs on a machine that does other things as well


def open_evaluate(page: Page) -> None:
    page.goto("/Evaluate")
    expect(page.get_by_text("it would reject")).to_be_visible(timeout=COUNTING)
    expect(page.get_by_role("button", name="Report (JSON)")).to_be_visible(timeout=COUNTING)
    settle(page)


def metric(page: Page, label: str) -> str:
    shown = page.get_by_test_id("stMetric").filter(has=page.get_by_text(label, exact=True))
    return shown.get_by_test_id("stMetricValue").inner_text()


def test_one_threshold_moves_all(page: Page) -> None:
    open_evaluate(page)
    far, frr = (f"{read_card(SHIPPED_MODEL)['test'][rate]:.2%}" for rate in ("far", "frr"))
    assert (metric(page, "FAR"), metric(page, "FRR")) == (far, frr)
    expect(page.get_by_text("All 49,995,000 pairs")).to_be_visible()
    chart = page.locator(".st-key-rates .js-plotly-plot")
    before = chart.screenshot()
    with one_run(page):
        page.get_by_role("button", name="The article's 0.5").click()
    expect(page.get_by_text("at the threshold 0.500")).to_be_visible()
    assert metric(page, "FAR") != far
    assert chart.screenshot() != before
    with one_run(page):
        page.get_by_role("slider", name="Threshold").press("ArrowRight")
    expect(page.get_by_text("at the threshold 0.510")).to_be_visible()


def test_a_cell_opens_its_pairs_and_a_pair_leads_to_compare(page: Page) -> None:
    open_evaluate(page)
    expect(page.get_by_text(re.compile("of a (1 and a 7|7 and a 1), the nearest first"))).to_be_visible()
    cells = page.locator(".st-key-errors .heatmaplayer")
    cells.scroll_into_view_if_needed()
    box = cells.bounding_box()
    assert box
    with one_run(page):
        page.mouse.click(box["x"] + box["width"] * 0.35, box["y"] + box["height"] * 0.55)  # the cell of 3 and 5
    expect(page.get_by_text("of a 5 and a 3, the nearest first")).to_be_visible()
    page.locator(".st-key-send_cell_0 button").first.click()
    expect(page.get_by_text(re.compile("A test digit, labelled [35]"))).to_have_count(2, timeout=RUN_LIMIT)


def test_the_pair_of_compare_is_explained_and_the_report_goes_home(page: Page, tmp_path: Path) -> None:
    open_page(page)
    draw(page, 0, DIGITS[7][0])
    draw(page, 1, DIGITS[1][0])
    page.get_by_role("link", name="Evaluate").click()
    expect(page.locator("img[alt*='its ink coloured']")).to_have_count(2, timeout=COUNTING)
    button = page.get_by_role("button", name="Report (JSON)")
    expect(button).to_be_visible(timeout=COUNTING)
    settle(page)
    with page.expect_download() as download:
        button.click()
    download.value.save_as(tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["model"], report["pairs"]) == ("shipped", 49_995_000)
    assert report["far"] == pytest.approx(read_card(SHIPPED_MODEL)["test"]["far"], abs=1e-12)


def test_a_vertical_swipe_over_a_chart_scrolls_a_phone(phone: Page) -> None:
    open_evaluate(phone)
    chart = phone.locator(".st-key-rates .js-plotly-plot")
    chart.evaluate("chart => chart.scrollIntoView({block: 'center'})")
    box = chart.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    swipe(phone, (x, y), (x + 6, y - 200))
    phone.wait_for_function(
        "y => document.querySelector('.st-key-rates').getBoundingClientRect().y < y - 100", arg=box["y"]
    )
