"""How it works in a real browser: each chapter's one thing is moved, and what it then shows is the core's."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from siamese_core.config import EXPLAINED
from siamese_core.datasets.dataset import to_float
from siamese_core.datasets.mnist import load_test
from siamese_core.imaging.blending import blend
from siamese_core.networks.model import load_model
from siamese_core.training import forces
from siamese_core.training.recording import read_recordings
from tests.browser.drawing import RUN_LIMIT, one_run, open_page, settle

LAST = "A 4 and a 0"  # the last button of the page


def open_chapters(page: Page, motion: bool = False) -> None:
    page.emulate_media(reduced_motion="no-preference" if motion else "reduce")
    open_page(page, "/How_it_works")
    expect(page.get_by_role("button", name=LAST)).to_be_visible(timeout=RUN_LIMIT)
    settle(page)


def picture(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key} .moving")


def move(part: Locator, name: str, value: float) -> None:
    """Set a slider as a hand does."""
    part.get_by_role("slider", name=name, exact=True).fill(f"{value:g}")


def test_a_blend_moves_the_distance_without_a_run_of_the_page(page: Page) -> None:
    messages: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: messages.append(frame)))
    open_chapters(page)
    before = len(messages)
    part = picture(page, "blend")
    part.get_by_role("button", name="A 7 and a 1").click()
    slider = part.get_by_role("slider")
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    digits, model = load_test(), load_model()
    seven, one = (np.flatnonzero(digits.labels == label)[i] for label, i in ((7, 0), (1, 1)))
    first, last = to_float(digits.images[[seven, one]])
    vectors = model.embed(blend(first, last, 26))
    d = np.linalg.norm(vectors - vectors[0], axis=1)
    word = "same digit" if model.is_same(d[20]) else "different digits"
    expect(part.locator(".answer")).to_have_text(re.compile(rf"^{d[20]:.3f} [≤>] {model.threshold:.3f}: {word}$"))
    expect(part.get_by_role("status")).to_contain_text(f"80 % of the way: distance {d[20]:.3f}")
    assert len(messages) == before, "what is moved answers in the browser"


def test_pairs_are_made_and_a_force_is_the_derivative_of_the_loss(page: Page) -> None:
    open_chapters(page)
    pairs = picture(page, "pairs")
    for way, equals, told in (
        ("One partner each", 30, "30 of 30 pairs, 30 of them same (100.0 %)"),
        ("Two of each kind", None, "120 of 120 pairs, 60 of them same (50.0 %)"),
        ("Every pair of a batch", None, "435 of 435 pairs, 30 of them same (6.9 %)"),
    ):
        pairs.get_by_role("button", name=way).click()
        if equals is not None:
            move(pairs, "min_equals", equals)
        pairs.get_by_role("button", name="All pairs").click()
        expect(pairs.locator(".answer")).to_have_text(told)
    part = picture(page, "force")
    for margin, d in ((1.0, 0.4), (2.2, 1.5), (0.6, 0.9)):
        move(part, "Margin", margin)
        move(part, "Distance of the same pair", d)
        move(part, "Distance of the different pair", d)
        same, different = ((forces.pair_loss(s, d, margin), abs(forces.pair_force(s, d, margin))) for s in (1, 0))
        expect(part.locator(".sum").first).to_contain_text(f"= {same[0]:.3f}, pulled together by {same[1]:.2f}")
        push = f"= {different[0]:.3f}, pushed apart by {different[1]:.2f}" if d < margin else "nothing pulls"
        expect(part.locator(".sum").last).to_contain_text(push)
    part.get_by_role("button", name="Start again").click()
    part.get_by_role("button", name="Let go").click()
    at, speed = np.array([1.4, 0.35]), np.zeros(2)
    for _ in range(300):
        at, speed = forces.step(np.array([1.0, 0.0]), at, speed, 1.0)
    assert at[1] > 1
    resting = part.get_by_role("slider", name="Distance of the different pair")
    assert abs(float(resting.input_value()) - at[1]) < 0.02
    assert float(part.get_by_role("slider", name="Distance of the same pair").input_value()) < 0.01


def test_a_recorded_training_plays_pauses_and_is_scrubbed(page: Page) -> None:
    open_chapters(page, motion=True)
    part, found = picture(page, "replay"), read_recordings(EXPLAINED / "training.npz")
    slider = part.get_by_role("slider")
    part.get_by_role("button", name="Play").click()
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^epoch [12]\."), timeout=RUN_LIMIT)
    part.get_by_role("button", name="Pause").click()
    paused = slider.input_value()
    assert 0 < int(paused) < len(found.epochs) - 1
    move(part, "Through the training", 0)
    expect(slider).to_have_attribute("aria-valuetext", "untrained")
    for k, figure in enumerate(part.locator("figure").all()):
        expect(figure).to_contain_text(f"{found.eer[k, 0]:.0%} of pairs wrong")
    expect(part.get_by_role("status")).to_contain_text("untrained. margin 0.2: ")
    assert all(re.search(r"\bmargin=", link.get_attribute("href") or "") for link in
               page.get_by_role("link", name=re.compile("^margin")).all())  # fmt: skip


def test_a_limit_is_told_in_pairs_and_two_networks_judge_a_four_and_a_nine(page: Page) -> None:
    open_chapters(page)
    part = picture(page, "limit")
    words = part.locator(".answer").first
    figures = re.compile(r"rejects (\d+\.?\d*); of 1,000 different ones it accepts (\d+\.?\d*)")
    fitted = [float(x) for x in figures.findall(words.inner_text())[0]]
    move(part, "The limit, a threshold", 0.5)
    low = [float(x) for x in figures.findall(words.inner_text())[0]]
    assert low[0] > fitted[0]
    assert low[1] < fitted[1]
    p = part.locator(".answer").last
    half = p.inner_text()
    part.get_by_role("button", name="one in a hundred").click()
    expect(p).not_to_have_text(half)
    with one_run(page):
        page.get_by_role("button", name="A 4 and a 9").click()
    told = page.locator("[class*='st-key-verdict_']")
    expect(told).to_have_count(2)
    for each in told.all():
        d, sign, threshold = re.findall(r"distance ([\d.]+) ([≤>]) ([\d.]+), its", each.inner_text())[0]
        assert (float(d) <= float(threshold)) == (sign == "≤")


@pytest.mark.parametrize("anchor", ["limit", "loss"])
def test_a_link_leads_to_its_chapter(page: Page, anchor: str) -> None:
    open_page(page, f"/How_it_works#{anchor}")
    expect(page.locator(f"#{anchor}")).to_be_in_viewport(timeout=RUN_LIMIT)
    expect(page.get_by_role("button", name=LAST)).to_be_visible(timeout=RUN_LIMIT)
    settle(page)
    expect(page.locator(".st-key-limit .moving")).to_be_attached(timeout=RUN_LIMIT)  # the last picture but the canvases
    expect(page.locator(f"#{anchor}")).to_be_in_viewport(timeout=RUN_LIMIT)


def test_on_a_phone_nothing_is_cut_and_a_bead_follows_the_finger(phone: Page) -> None:
    open_chapters(phone)
    assert phone.evaluate("() => document.documentElement.scrollWidth") <= 390
    part = picture(phone, "force")
    part.scroll_into_view_if_needed()
    bead = part.locator("g.bead circle").nth(3)
    bead.evaluate("(bead) => bead.scrollIntoView({block: 'center'})")
    box = bead.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = float(part.get_by_role("slider", name="Distance of the different pair").input_value())
    touch = phone.context.new_cdp_session(phone)
    for kind, dx in (("touchStart", 0), ("touchMove", 40), ("touchMove", 80)):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x + dx, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(part.locator(".sum").last).to_contain_text("different: ")
    after = float(part.get_by_role("slider", name="Distance of the different pair").input_value())
    assert after > before + 0.3
