"""The Embeddings page runs from top to bottom, with the canvas patched; what needs a mouse is in the browser tests."""

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from siamese_core.config import SHIPPED_MODEL
from siamese_core.jobs.map_queue import MapJobs, MapState
from siamese_core.networks.card import CARD_FILE, EMBEDDINGS_FILE, LITERT_FILE
from siamese_core.projection import umap_map
from siamese_core.projection.umap_map import MapSettings
from tests.browser.handwriting import DIGITS
from tests.ui.app import FakeCanvas, captions, compare_page, measured, tables, words
from ui.embeddings import digits, layouts, network_space
from ui.embeddings.downloads import file_name
from ui.embeddings.layouts import Layout, Method, View
from ui.embeddings.network_space import Space
from ui.shared import colours, resources


@pytest.fixture
def asked() -> Iterator[list[MapSettings]]:
    """Make no maps, and return the settings of those asked for."""
    found: list[MapSettings] = []

    def ask(_: MapJobs, embeddings: np.ndarray, settings: MapSettings, visitor: str) -> MapState:
        found.append(settings)
        return MapState(share=0.5)

    with patch.object(MapJobs, "ask", ask), patch.object(MapJobs, "forget_failure"):
        yield found


def embeddings_page(**link: str) -> AppTest:
    app = compare_page().switch_page("pages/2_Embeddings.py")
    for name, value in link.items():
        app.query_params[name] = value
    return app.run()


@pytest.mark.parametrize("axes", ["2-D", "3-D"])
@pytest.mark.parametrize("method", ["PCA", "UMAP"])
def test_the_shipped_networks_maps_are_there_at_once(
    canvas: FakeCanvas,
    asked: list[MapSettings],
    method: str,
    axes: str,
) -> None:
    app = embeddings_page(method=method, axes=axes)
    assert not app.exception
    assert not asked
    assert len(app.get("plotly_chart")) == 2  # the map and the table of distances
    assert "2,000 test digits" in captions(app)
    assert ("components hold" in captions(app)) == (method == "PCA")
    figures = str(tables(app)[0])
    assert "Trustworthiness" in figures
    assert "Silhouette" in figures


def test_two_drawings_are_placed_and_their_distance_told(canvas: FakeCanvas) -> None:
    canvas.strokes = {"left": DIGITS[1][0], "right": DIGITS[8][0]}
    app = compare_page().run()
    apart = app.metric[0].value
    app.switch_page("pages/2_Embeddings.py").run()
    assert not app.exception
    assert app.metric[0].value == apart
    assert captions(app).count(": nearest in full space") == 2


@pytest.mark.parametrize("axes", ["2-D", "3-D"])
def test_where_nothing_can_be_drawn_over_a_map_the_star_is_in_it(canvas: FakeCanvas, axes: str) -> None:
    canvas.strokes = {"left": DIGITS[1][0]}

    def has_star(app: AppTest) -> bool:
        assert not app.exception
        traces = json.loads(app.get("plotly_chart")[0].proto.spec)["data"]
        return "left" in [trace.get("name") for trace in traces]

    app = embeddings_page(axes=axes)
    assert not has_star(app)
    app.session_state["state"].marks_in_maps.add(int(axes[0]))
    assert has_star(app.run())


@pytest.mark.parametrize(
    ("other", "place", "word"),
    [
        (8, lambda new: np.zeros((len(new), 2)), "Near on the map, far in full space"),
        (1, lambda new: 1e3 * np.arange(2 * len(new)).reshape(-1, 2), "Far on the map, near in full space"),
    ],
)
def test_a_map_that_misleads_about_two_drawings_is_named(
    canvas: FakeCanvas,
    other: int,
    place: Callable[[np.ndarray], np.ndarray],
    word: str,
) -> None:
    canvas.strokes = {"left": DIGITS[1][0], "right": DIGITS[other][-1]}
    app = compare_page().run()
    truly = layouts.layout

    def misplaced(of: Space, method: Method, settings: MapSettings) -> Layout:
        found = truly(of, method, settings)
        assert isinstance(found, Layout)
        return found._replace(place=place)

    with patch.object(layouts, "layout", misplaced):
        app.switch_page("pages/2_Embeddings.py").run()
    assert not app.exception
    assert any(word in warning.value for warning in app.warning)


def test_a_map_with_other_settings_is_asked_for_and_its_progress_shown(
    canvas: FakeCanvas,
    asked: list[MapSettings],
) -> None:
    app = embeddings_page(method="UMAP", neighbours="30")
    assert not app.exception
    assert set(asked) == {MapSettings(neighbours=30)}
    assert "50%" in words(app)
    assert not app.get("plotly_chart")


def test_a_map_that_does_not_fit_is_refused_with_a_word(
    canvas: FakeCanvas,
    asked: list[MapSettings],
    tmp_path: Path,
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(SHIPPED_MODEL, folder)
    other = np.zeros((umap_map.MOST_DIGITS, 64), np.float32)
    umap_map.write_map(folder / umap_map.file_name(MapSettings()), other, other[:, :2])
    with patch.object(resources, "SHIPPED_MODEL", folder):
        app = embeddings_page(method="UMAP")
    assert not app.exception
    assert "other embeddings than this network's. A new one is made instead." in app.info[0].value
    assert asked


@pytest.fixture
def collapsed(tmp_path: Path) -> Iterator[str]:
    """Give the name of a network to which all digits, and all drawings, are the same."""
    folder = tmp_path / "collapsed"
    folder.mkdir()
    for name in (CARD_FILE, LITERT_FILE):
        shutil.copyfile(SHIPPED_MODEL / name, folder / name)
    all_ = np.full(np.load(SHIPPED_MODEL / EMBEDDINGS_FILE, mmap_mode="r").shape, 0.1, np.float32)
    np.save(folder / EMBEDDINGS_FILE, all_)

    def embed(of: Space, images: np.ndarray) -> np.ndarray:
        return all_[: len(images)]

    with patch.object(resources, "RUNS", tmp_path), patch.object(network_space, "embed", embed):
        yield folder.name


@pytest.mark.parametrize("axes", ["2-D", "3-D"])
@pytest.mark.parametrize("method", ["PCA", "UMAP"])
def test_of_a_collapsed_network_it_is_said_so_and_nothing_is_measured(
    canvas: FakeCanvas, asked: list[MapSettings], collapsed: str, method: str, axes: str
) -> None:
    app = embeddings_page(model=collapsed, method=method, axes=axes)
    assert not app.exception
    assert not asked
    assert [each.value for each in app.warning if "it has **collapsed**" in each.value]
    assert set(list(tables(app)[0].values())[-1]) == {"–"}
    assert "They are the same for every digit" in captions(app)
    assert "All pairs are at distance 0" in captions(app)
    assert "variance" not in captions(app)


def test_no_map_is_said_to_mislead_about_the_drawings_and_digits_of_a_collapsed_network(
    canvas: FakeCanvas, collapsed: str
) -> None:
    canvas.strokes = {"left": DIGITS[1][0], "right": DIGITS[8][-1]}
    app = compare_page()
    app.query_params["model"] = collapsed
    app.run().switch_page("pages/2_Embeddings.py").run()
    app.session_state["state"].picked = 5
    app.run()
    assert not app.exception
    assert app.metric[0].value == "0.000"
    assert captions(app).count("Most digits lie at one point here, so near and far mean nothing.") == 2
    assert not [each.value for each in app.warning if "on the map" in each.value]


def test_of_very_many_selected_digits_some_of_every_class_are_shown(canvas: FakeCanvas) -> None:
    app = embeddings_page()
    with patch.object(digits, "show_strip") as strips:
        app.session_state["state"].selected = list(range(2_000))
        app.run()
    assert not app.exception
    assert "2,000 digits selected; 96 of them are shown, spread over the classes, doubtful ones first" in captions(app)
    rows = [each.args for each in strips.call_args_list if each.args[2] == digits.SMALL]
    assert sorted(Counter(word for row in rows for word in row[1]).values()) == [9] * 4 + [10] * 6
    count = int(list(tables(app)[0].values())[-1][-1])
    assert rows[0][3] == [colours.DIFFERENT] * count + [colours.NEUTRAL] * (digits.ROW - count)


def test_what_is_downloaded_is_named_after_its_network(canvas: FakeCanvas) -> None:
    app = embeddings_page()
    config = json.loads(app.get("plotly_chart")[0].proto.config)
    assert config["toImageButtonOptions"]["filename"] == "siamese-lab-map-shipped"
    space = Space("untrained:1a2b", 0.0, "test", 1_000, 1_000)
    none = Layout(np.zeros((0, 2)), lambda new: new)
    assert file_name("map", View("Für Anna, untrained", space, none)) == "siamese-lab-map-fur-anna-untrained"
    assert file_name("vectors", View("数字", space, none)) == "siamese-lab-vectors-untrained-1a2b"


TERMS = {  # a term, and where it is explained: beside it, or in the tooltip that stands beside it
    "Principal components": "the directions in which they differ most",
    "variance": "how much the numbers differ from digit to digit",
    "in full space": "all the numbers of its embedding",
    "Mark doubtful digits": "most of its ten nearest digits in full space are of other classes",
    "Silhouette": "1 if every digit lies close to its own class",
    "Trustworthiness": "1 if the ten nearest of each digit on the map",
    "10-NN": "k nearest neighbours",
    "UMAP": "UMAP keeps neighbours together",
    "dimensions": "the numbers of each embedding",
}


def test_each_term_is_explained_where_it_stands(canvas: FakeCanvas) -> None:
    app = embeddings_page()
    said = [*(each.value for each in app.info), words(app), captions(app), str(tables(app)[0])]
    helps = [each.proto.help for kind in ("caption", "toggle", "button_group") for each in app.get(kind)]
    all_ = "\n".join([*said, *helps, *(each.label for each in app.toggle)])
    assert not [term for term, words_ in TERMS.items() if term not in all_ or words_ not in all_]


@pytest.mark.slow
def test_the_untrained_network_stands_beside(canvas: FakeCanvas) -> None:
    app = embeddings_page(against="untrained:shipped", digits="1,000")
    assert not app.exception
    assert len(app.get("plotly_chart")) == 3
    figures = tables(measured(app))[0]
    assert list(figures)[-2:] == ["Shipped", "Shipped, untrained"]
    known, random = (float(figures[name][0]) for name in ("Shipped", "Shipped, untrained"))
    assert known > 0.5 > random


def test_a_letter_among_the_digits_gets_a_word(canvas: FakeCanvas) -> None:
    def line(x0: float, y0: float, x1: float, y1: float) -> list[tuple[float, float]]:
        return [(float(x), float(y)) for x, y in np.linspace((x0, y0), (x1, y1), 60)]

    letter = [line(0.3, 0.2, 0.3, 0.8), line(0.7, 0.2, 0.7, 0.8), line(0.3, 0.5, 0.7, 0.5)]

    def told(right: list[list[tuple[float, float]]]) -> list[str]:
        canvas.strokes = {"left": DIGITS[7][0], "right": right}
        app = compare_page().run().switch_page("pages/2_Embeddings.py").run()
        assert not app.exception
        return [element.value for element in app.warning if "unlike" in element.value]

    (word,) = told(letter)
    assert word.startswith("The right drawing is unlike any digit")
    assert not told(DIGITS[3][0])


def test_training_digits_are_those_it_was_trained_on(canvas: FakeCanvas) -> None:
    app = embeddings_page(split="training", digits="1,000")
    assert not app.exception
    assert "1,000 training digits" in captions(app)


def test_a_network_that_cannot_be_used_is_named_and_replaced(canvas: FakeCanvas, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    with patch.object(resources, "RUNS", tmp_path):
        app = embeddings_page(model="mine")
    assert not app.exception
    assert "“mine” cannot be shown" in app.warning[0].value
    assert len(app.get("plotly_chart")) == 2
