"""The Embeddings page as a person uses it: switch, point, click, select, draw; in both themes and on a phone."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageColor
from playwright.sync_api import Browser, Locator, Page, Route, expect

from siamese_core.config import SHIPPED_MODEL
from siamese_core.datasets.mnist import load_test
from siamese_core.networks.card import EMBEDDINGS_FILE
from siamese_core.projection.umap_map import sample
from tests.browser.checking import checked_page
from tests.browser.drawing import (
    RUN_LIMIT,
    canvas_at,
    distance,
    draw,
    draw_by_touch,
    draw_stroke,
    one_run,
    open_page,
    settle,
    swipe,
)
from tests.browser.handwriting import DIGITS
from ui.shared.colours import class_colours

# Where a point of a trace lies in the window, and which digit it is.
WHERE = """([key, name, i]) => {
    const plot = document.querySelector(`.st-key-${key} .js-plotly-plot`);
    const trace = plot._fullData.find((each) => each.name === name), layout = plot._fullLayout;
    const box = plot.getBoundingClientRect();
    return [
        box.x + layout._size.l + layout.xaxis.d2p(trace.x[i]), box.y + layout._size.t + layout.yaxis.d2p(trace.y[i]),
        trace.customdata ? trace.customdata[i] : -1,
    ];
}"""
# Every digit of the map: where it lies in the window, which it is, and how far it is from the middle of the map.
DIGITS_SEEN = """() => {
    const plot = document.querySelector('.st-key-map .js-plotly-plot'), {_size, xaxis, yaxis} = plot._fullLayout;
    const box = plot.getBoundingClientRect(), left = box.x + _size.l, top = box.y + _size.t;
    return plot._fullData.filter((trace) => trace.customdata).flatMap((trace) => Array.from(trace.x, (each, i) => {
        const x = xaxis.d2p(each), y = yaxis.d2p(trace.y[i]);
        return [left + x, top + y, trace.customdata[i], Math.hypot(x - xaxis._length / 2, y - yaxis._length / 2)];
    }));
}"""
CELL = """([column, row]) => {
    const plot = document.querySelector('.st-key-classes .js-plotly-plot'), {_size, xaxis, yaxis} = plot._fullLayout;
    const box = plot.getBoundingClientRect();
    return [box.x + _size.l + xaxis.d2p(column), box.y + _size.t + yaxis.d2p(row)];
}"""
MARKS = """([key, mark]) => {
    const plot = document.querySelector(`.st-key-${key} .js-plotly-plot`);
    return [...plot.querySelectorAll(`.map-marks ${mark}`)].map((each) => {
        const box = each.getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2];
    });
}"""
TRACES = "key => document.querySelector(`.st-key-${key} .js-plotly-plot`)._fullData.map(({name, type}) => [name, type])"
ISOLATED = """name => {
    const traces = document.querySelector('.st-key-map .js-plotly-plot')._fullData;
    return traces.every((each) => (each.visible === true) === (each.legendgroup === name));
}"""
# How many points the traces of one name have, by what Plotly promises: its data, which may come as bytes in base64.
MARKED = """name => (document.querySelector('.st-key-map .js-plotly-plot')?.data ?? [])
    .filter((trace) => trace.name === name)
    .reduce((sum, {x}) => sum + (x.length ?? atob(x.bdata).length / Number(x.dtype.slice(1))), 0)"""
# Where the map stands: the range of its axes, or the camera.
VIEW = """() => {
    const {scene, xaxis, yaxis} = document.querySelector('.st-key-map .js-plotly-plot')._fullLayout;
    return scene ? Object.values(scene._scene.getCamera().eye) : [...xaxis.range, ...yaxis.range];
}"""
# The corners of the box of a map in 3-D, as shares of the way from the middle of the picture to its edge.
CORNERS = """key => {
    const {_scene, ...layout} = document.querySelector(`.st-key-${key} .js-plotly-plot`)._fullLayout.scene;
    const {model, view, projection} = _scene.glplot.cameraParams;
    const ends = [layout.xaxis.range, layout.yaxis.range, layout.zaxis.range];
    const step = (v, m) => [0, 1, 2, 3].map((i) => v.reduce((sum, each, j) => sum + each * m[4 * j + i], 0));
    return [0, 1, 2, 3, 4, 5, 6, 7].map((n) => {
        const at = ends.map((range, i) => range[(n >> i) & 1] * _scene.dataScale[i]);
        const [x, y, , w] = [model, view, projection].reduce(step, [...at, 1]);
        return [x / w, y / w];
    });
}"""
SCROLLED = "() => document.querySelector('[data-testid=stMain]').scrollTop"
PLOTLY = "**/static/js/PlotlyChart.*.js"
AROUND = 12  # px on each side of a star
SIZE = np.load(SHIPPED_MODEL / EMBEDDINGS_FILE, mmap_mode="r").shape[1]
POINTS = """([key, name]) => {
    const trace = document.querySelector(`.st-key-${key} .js-plotly-plot`)._fullData.find((each) => each.name === name);
    return Array.from(trace.x, (x, i) => [x, trace.y[i]]);
}"""


@pytest.fixture(params=["light", "dark"])
def themed(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Give a page in each theme."""
    view = {"width": 1280, "height": 900}
    with checked_page(browser, request.node, base_url=server, viewport=view, color_scheme=request.param) as page:
        yield page


def open_map(page: Page, link: str = "") -> None:
    open_page(page, f"/Embeddings{link}")
    expect(chart(page)).to_be_visible(timeout=RUN_LIMIT)
    measured(page)


def choose(page: Page, label: str) -> None:
    with one_run(page):
        page.get_by_role("radio", name=label, exact=True).click()
    measured(page)


def measured(page: Page) -> None:
    """Wait until the worker has measured the maps: until then the page looks for it in runs of its own."""
    expect(page.get_by_text("…", exact=True)).to_have_count(0, timeout=RUN_LIMIT)
    settle(page)


def chart(page: Page, key: str = "map") -> Locator:
    return page.locator(f".st-key-{key} .js-plotly-plot")


def where(page: Page, name: str, i: int = 0, key: str = "map") -> tuple[float, float, int]:
    chart(page, key).scroll_into_view_if_needed()
    x, y, digit = page.evaluate(WHERE, [key, name, i])
    return x, y, digit


def traces(page: Page) -> dict[str, str]:
    return dict(page.evaluate(TRACES, "map"))


def marked(page: Page, mark: str, key: str = "map") -> np.ndarray:
    """Return the centres of the marks of one kind, in the window."""
    return np.array(page.evaluate(MARKS, [key, mark])).reshape(-1, 2)


def star(page: Page, name: str, key: str = "map") -> Locator:
    return chart(page, key).locator(f'.map-marks [data-star="{name}"]')


def seen_digits(page: Page, digit: int) -> np.ndarray:
    """Return the positions of the digits of one class, in the window."""
    labels = load_test().labels
    shown = sample(len(labels), 2_000)
    return np.array([each[:2] for each in page.evaluate(DIGITS_SEEN) if labels[shown[each[2]]] == digit])


def class_under(page: Page, at: np.ndarray) -> int:
    """Return the class whose colour most pixels under a star have."""
    x, y = map(float, at - AROUND)
    page.add_style_tag(content=".map-marks { visibility: hidden; }")
    shot = page.screenshot(clip={"x": x, "y": y, "width": 2 * AROUND, "height": 2 * AROUND})
    page.add_style_tag(content=".map-marks { visibility: visible !important; }")
    around = np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), np.float64).reshape(-1, 3)
    colours = np.array([ImageColor.getrgb(colour) for colour in class_colours(10)], np.float64)
    apart = np.linalg.norm(around[:, None] - colours, axis=2)
    return int(np.bincount(apart.argmin(axis=1)[apart.min(axis=1) < 40], minlength=10).argmax())


def points(page: Page, name: str, key: str = "map") -> np.ndarray:
    return np.array(page.evaluate(POINTS, [key, name]))


def test_maps_are_switched_in_both_themes(themed: Page) -> None:
    open_map(themed)
    expect(themed.get_by_text("components hold")).to_be_visible()
    before = points(themed, "0")
    choose(themed, "UMAP")
    expect(themed.get_by_text("UMAP keeps neighbourhoods")).to_be_visible()
    assert not np.allclose(points(themed, "0"), before)
    choose(themed, "3-D")
    assert traces(themed)["0"] == "scatter3d"
    expect(themed).to_have_url(re.compile("method=UMAP"))
    ground = "() => document.querySelector('.st-key-map .js-plotly-plot')._fullLayout.paper_bgcolor"
    dark = themed.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches")
    assert themed.evaluate(ground) == ("#12181b" if dark else "#fbfaf7")


def test_pointing_shows_the_picture_and_a_click_the_ten_nearest(page: Page) -> None:
    open_map(page)
    x, y, digit = lonely(page)
    page.mouse.move(x, y)
    picture = page.locator("canvas.digit-pointed-at")
    expect(picture).to_be_visible()
    expect(picture).to_have_attribute("data-digit", str(digit))
    with one_run(page):
        page.mouse.click(x, y)
    expect(page.locator(".st-key-picked")).to_contain_text("The digit you clicked")
    strips = page.locator(".st-key-picked img")
    nearest = [
        float(word.split(" · ")[1]) for i in (1, 2) for word in (strips.nth(i).get_attribute("alt") or "").split(", ")
    ]
    assert len(nearest) == 10
    assert nearest == sorted(nearest)
    page.mouse.move(5, 5)
    expect(picture).to_be_hidden()


def lonely(page: Page) -> tuple[float, float, int]:
    """Return the digit farthest from its nearest neighbour on the screen, so that the pointer hits no other."""
    chart(page).scroll_into_view_if_needed()
    all_ = page.evaluate(DIGITS_SEEN)
    xy = np.array([each[:2] for each in all_])
    gaps = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    np.fill_diagonal(gaps, np.inf)
    x, y, digit, _ = all_[int(gaps.min(axis=1).argmax())]
    return x, y, digit


def test_a_click_leaves_the_zoom_alone(page: Page) -> None:
    open_map(page)
    page.locator('.st-key-map [data-title="Zoom in"]').click()
    read = "() => document.querySelector('.st-key-map .js-plotly-plot')._fullLayout.xaxis.range"
    zoomed = page.evaluate(read)
    x, y = in_the_middle(page)
    with one_run(page):
        page.mouse.click(x, y)
    expect(page.locator(".st-key-picked")).to_be_visible()
    assert page.evaluate(read) == pytest.approx(zoomed, abs=1e-9)
    expect(chart(page).locator('.map-marks [data-mark="neighbour"]')).to_have_count(10)
    ((left, top),) = marked(page, '[data-mark="picked"]')
    assert (left, top) == pytest.approx((x, y), abs=1)


def in_the_middle(page: Page) -> tuple[float, float]:
    """Return the position of the digit nearest to the middle of the map, at its present zoom."""
    x, y, *_ = min(page.evaluate(DIGITS_SEEN), key=lambda each: each[3])
    return x, y


def test_the_star_follows_a_turned_map_and_waits_at_the_edge_of_a_zoomed_one(page: Page) -> None:
    open_map(page, "?axes=3-D")
    draw(page, 0, DIGITS[2][0])
    expect(star(page, "left")).to_be_visible()
    before = star(page, "left").get_attribute("transform")
    chart(page).scroll_into_view_if_needed()
    chart(page).locator(".legendtoggle").nth(2).click()
    page.wait_for_function(ISOLATED, arg="2")
    assert class_under(page, marked(page, "[data-star]")[0]) == 2
    box = chart(page).bounding_box()
    assert box
    page.mouse.move(box["x"] + 200, box["y"] + 250)
    page.mouse.down()
    page.mouse.move(box["x"] + 320, box["y"] + 280, steps=5)
    expect(star(page, "left")).not_to_have_attribute("transform", str(before))
    page.mouse.up()
    choose(page, "2-D")
    expect(star(page, "left")).to_have_attribute("data-beyond", "false")
    for _ in range(6):
        page.locator('.st-key-map [data-title="Zoom in"]').click()
    expect(star(page, "left")).to_have_attribute("data-beyond", "true")
    (at,) = marked(page, "[data-star]")
    box = chart(page).bounding_box()
    assert box
    assert box["x"] < at[0] < box["x"] + box["width"]
    assert box["y"] < at[1] < box["y"] + box["height"]


def test_a_box_selects_and_shows_the_pictures(page: Page) -> None:
    open_map(page, "?method=UMAP")
    page.locator('.st-key-map [data-val="select"]').click()
    x, y, _ = where(page, "0", 0)
    page.mouse.move(x - 40, y - 40)
    page.mouse.down()
    page.mouse.move(x, y, steps=3)
    page.mouse.move(x + 40, y + 40, steps=3)
    with one_run(page):
        page.mouse.up()
    selected = page.locator(".st-key-selected")
    expect(selected).to_contain_text("digits selected")
    expect(selected).to_contain_text(re.compile(r"0: \d+"))
    expect(selected.locator("img").first).to_have_attribute("alt", re.compile("^([1-9], )*0, 0"))  # doubtful ones first


def test_a_box_over_all_classes_shows_some_of_each(page: Page) -> None:
    open_map(page)
    page.locator('.st-key-map [data-val="select"]').click()
    box = chart(page).locator(".nsewdrag").bounding_box()
    assert box
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 100, box["y"] + 100, steps=3)
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] - 2, steps=3)
    with one_run(page):
        page.mouse.up()
    selected = page.locator(".st-key-selected")
    expect(selected).to_contain_text("2,000 digits selected; 96 of them are shown, spread over the classes")
    words = [(each.get_attribute("alt") or "").split(", ") for each in selected.locator("img").all()]
    counts = Counter(word for row in words for word in row)
    assert sorted(counts) == list("0123456789")
    assert sorted(counts.values()) == [9] * 4 + [10] * 6


def test_a_drawing_becomes_a_star_among_its_like(themed: Page) -> None:
    open_map(themed, "?method=UMAP")
    for method in ("UMAP", "PCA"):
        if method == "PCA":
            choose(themed, method)
        else:
            draw(themed, 0, DIGITS[7][0])
        expect(star(themed, "left")).to_be_visible()
        (at,) = marked(themed, "[data-star]")
        middles = {digit: np.median(seen_digits(themed, digit), axis=0) for digit in range(10)}
        assert min(middles, key=lambda digit: float(np.hypot(*(middles[digit] - at)))) == 7
        assert np.hypot(*(seen_digits(themed, 7) - at).T).min() < 20


def test_two_drawings_have_a_line_and_a_distance_here_and_on_compare(page: Page) -> None:
    open_map(page)
    draw(page, 0, DIGITS[1][0])
    choose(page, "Right")
    draw(page, 0, DIGITS[8][0])
    for name in ("left", "right"):
        expect(star(page, name)).to_be_visible()
    apart = distance(page)
    expect(page.locator(".st-key-drawings_told")).to_contain_text("full space")
    with one_run(page):
        page.get_by_role("link", name="Compare").click()
    expect(page.get_by_test_id("stMetricValue")).to_have_text(f"{apart:.3f}")
    with one_run(page):
        page.get_by_role("link", name="Embeddings").click()
    expect(page.get_by_test_id("stMetricValue")).to_have_text(f"{apart:.3f}")
    expect(chart(page).get_by_text(f"{apart:.2f}")).to_be_visible()


def test_a_cell_of_the_table_shows_its_closest_pairs(page: Page) -> None:
    open_map(page)
    table = chart(page, "classes")
    table.scroll_into_view_if_needed()
    x, y = page.evaluate(CELL, ["4", "9"])
    with one_run(page):
        page.mouse.click(x, y)
    expect(page.locator(".st-key-closest_pairs")).to_contain_text("closest pairs of a 9 and a 4")


def test_the_doubtful_are_marked(page: Page) -> None:
    open_map(page)
    doubtful = chart(page).locator(".map-marks [data-doubtful]")
    expect(doubtful).to_have_attribute("data-doubtful", "0")
    with one_run(page):
        page.get_by_text("Mark doubtful digits").click()
    row = page.get_by_role("row").filter(has_text="Doubtful digits")
    count = int(row.get_by_role("cell").last.inner_text())
    expect(doubtful).to_have_attribute("data-doubtful", str(count))
    chart(page).locator(".legendtoggle").nth(1).click()
    expect(doubtful).not_to_have_attribute("data-doubtful", str(count))


@pytest.mark.parametrize(
    ("axes", "field"), [("2-D", "_fullLayout"), ("2-D", "_offset"), ("3-D", "cameraParams"), ("3-D", "dataScale")]
)
def test_where_plotly_has_lost_a_field_the_marks_come_as_traces(page: Page, axes: str, field: str) -> None:
    rename(page, field)
    open_map(page, f"?axes={axes}")
    with one_run(page):  # by which the app learns that nothing can be drawn over the map
        draw_stroke(page, 0, DIGITS[1][0][0])
    page.wait_for_function(f"name => ({MARKED})(name) === 1", arg="left", timeout=RUN_LIMIT)
    settle(page)
    assert not page.locator(".map-marks").count()
    with one_run(page):
        page.get_by_text("Mark doubtful digits").click()
    row = page.get_by_role("row").filter(has_text="Doubtful digits")
    assert page.evaluate(MARKED, "doubtful") == int(row.get_by_role("cell").last.inner_text())
    choose(page, "Right")
    draw(page, 0, DIGITS[8][0])
    assert [page.evaluate(MARKED, name) for name in ("left", "right")] == [1, 1]


def test_with_its_marks_as_traces_a_map_is_pointed_at_and_clicked_as_ever(page: Page) -> None:
    rename(page, "_offset")
    open_map(page, "?doubtful=true")
    page.wait_for_function(f"name => ({MARKED})(name) > 0", arg="doubtful", timeout=RUN_LIMIT)
    settle(page)
    x, y, digit = lonely(page)
    page.mouse.move(x, y)
    expect(page.locator("canvas.digit-pointed-at")).to_have_attribute("data-digit", str(digit))
    with one_run(page):
        page.mouse.click(x, y)
    expect(page.locator(".st-key-picked")).to_contain_text("The digit you clicked")
    assert [page.evaluate(MARKED, name) for name in ("picked", "neighbour")] == [1, 10]


def test_a_field_lost_in_space_leaves_the_plane_alone(page: Page) -> None:
    rename(page, "dataScale")
    open_map(page, "?axes=3-D")
    draw(page, 0, DIGITS[1][0])
    page.wait_for_function(f"name => ({MARKED})(name) === 1", arg="left", timeout=RUN_LIMIT)
    settle(page)
    choose(page, "2-D")
    expect(star(page, "left")).to_be_visible()
    assert not page.evaluate(MARKED, "left")


def rename(page: Page, field: str) -> None:
    """Serve the page a version of Plotly in which one of its private fields has another name."""

    def serve(route: Route) -> None:
        answer = route.fetch()
        assert field in answer.text()
        route.fulfill(response=answer, body=answer.text().replace(field, f"{field}Renamed"))

    page.route(PLOTLY, serve)


def test_the_vectors_are_downloaded(page: Page, tmp_path: Path) -> None:
    open_map(page, "?digits=1%2C000")
    with page.expect_download() as download:
        page.get_by_role("button", name="Vectors (TSV)").click()
    assert download.value.suggested_filename == "siamese-lab-vectors-shipped.tsv"
    download.value.save_as(tmp_path / "vectors.tsv")
    assert np.loadtxt(tmp_path / "vectors.tsv", delimiter="\t").shape == (1_000, SIZE)


def test_the_umap_of_a_retrained_network_is_made_by_the_worker_beside_the_untrained(page: Page) -> None:
    open_page(page, "/Train?epochs=1&training_images=500&min_equals=100&embedding_size=8")
    with one_run(page):
        page.get_by_role("button", name="Train", exact=True).click()
    status = page.locator(".st-key-run_status")
    expect(status).to_contain_text(re.compile("^Done"), timeout=RUN_LIMIT)
    run = page.url.partition("run=")[2].partition("&")[0]
    open_page(page, f"/Embeddings?model={run}&against=untrained:{run}&method=UMAP&digits=1%2C000")
    expect(chart(page, "map_beside")).to_be_visible(timeout=RUN_LIMIT)
    expect(page.get_by_text("1,000 test digits, 8 dimensions")).to_have_count(2)
    draw(page, 0, DIGITS[0][0])
    for key in ("map", "map_beside"):
        expect(star(page, "left", key)).to_be_visible()
    page.reload()
    expect(chart(page, "map_beside")).to_be_visible(timeout=RUN_LIMIT)


def canvas_below_map(page: Page) -> float:
    """Return how far the canvas lies below the map, in pixels."""
    canvas, above = canvas_at(page, 0).bounding_box(), chart(page).bounding_box()
    assert canvas
    assert above
    return canvas["y"] - above["y"]


@pytest.mark.parametrize("axes", ["2-D", "3-D"])
def test_a_vertical_swipe_over_the_map_scrolls_a_phone(phone: Page, axes: str) -> None:
    open_map(phone, f"?axes={axes}")
    x, y = middle(phone, "map")
    before, view = phone.evaluate(SCROLLED), phone.evaluate(VIEW)
    swipe(phone, (x, y), (x + 6, y - 200))
    phone.wait_for_function(f"before => ({SCROLLED})() > before + 100", arg=before)
    assert phone.evaluate(VIEW) == pytest.approx(view)


def test_a_swipe_over_the_table_of_distances_scrolls_a_phone_too(phone: Page) -> None:
    open_map(phone)
    x, y = middle(phone, "classes")
    before = phone.evaluate(SCROLLED)
    swipe(phone, (x, y), (x, y + 200))
    phone.wait_for_function(f"before => ({SCROLLED})() < before - 100", arg=before)


def test_on_a_phone_a_tap_is_a_click_and_a_swipe_to_the_side_turns_the_map_in_space(phone: Page) -> None:
    open_map(phone, "?axes=3-D")
    x, y = middle(phone, "map")
    view = phone.evaluate(VIEW)
    swipe(phone, (x, y), (x + 100, y + 5))
    phone.wait_for_function(f"x => Math.abs(({VIEW})()[0] - x) > 0.1", arg=view[0])
    choose(phone, "2-D")
    x, y, _ = lonely(phone)
    with one_run(phone):
        phone.touchscreen.tap(x, y)
    expect(phone.locator(".st-key-picked")).to_contain_text("The digit you clicked")


def test_on_a_phone_a_finger_uses_the_lasso_that_it_has_chosen(phone: Page) -> None:
    open_map(phone)
    phone.locator('.st-key-map [data-val="select"]').tap()
    x, y = middle(phone, "map")
    with one_run(phone):
        swipe(phone, (x - 100, y - 150), (x + 90, y + 150))
    expect(phone.locator(".st-key-selected")).to_contain_text("selected")


def middle(page: Page, key: str) -> tuple[float, float]:
    """Scroll a chart to the middle of the window, and return its own middle there."""
    chart(page, key).evaluate("chart => chart.scrollIntoView({block: 'center'})")
    box = chart(page, key).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize("screen", ["page", "phone"])
@pytest.mark.parametrize("method", ["PCA", "UMAP"])
def test_two_maps_in_space_are_seen_whole(request: pytest.FixtureRequest, screen: str, method: str) -> None:
    page: Page = request.getfixturevalue(screen)
    open_map(page, f"?axes=3-D&method={method}&against=untrained:shipped&digits=1%2C000")
    expect(chart(page, "map_beside")).to_be_visible(timeout=RUN_LIMIT)
    for key in ("map", "map_beside"):
        page.wait_for_function(f"key => ({CORNERS})(key).flat().every(Number.isFinite)", arg=key)
        assert np.abs(page.evaluate(CORNERS, key)).max() < 1


def test_a_phone_shows_and_draws(phone: Page) -> None:
    open_map(phone)
    below = canvas_below_map(phone)
    draw_by_touch(phone, 0, DIGITS[3][0])
    expect(star(phone, "left")).to_be_visible()
    assert canvas_below_map(phone) == pytest.approx(below, abs=1)  # so that a second stroke lands where the hand is
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
