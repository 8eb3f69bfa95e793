"""How it works: every number that its moving pictures show is the core's, and every link leads to a chapter."""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from siamese_core.config import EXPLAINED, ROOT
from siamese_core.jobs.limits import Limits
from siamese_core.metrics import verification
from siamese_core.metrics.counting import count_pairs
from siamese_core.metrics.curves import precision as precision_of_curves
from siamese_core.metrics.reliability import shifted_probability
from siamese_core.metrics.worth import precision
from siamese_core.training.recording import read_recordings
from tests.browser.handwriting import DIGITS
from tests.ui.app import FakeCanvas, compare_page, words
from ui.explain import limit, partners, replay
from ui.explain.chapters import CHAPTERS, QUESTIONS
from ui.shared import resources, terms
from ui.shared.player import Panel, _panel
from ui.train import settings

SOURCES = [*ROOT.glob("ui/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "streamlit_app.py"]


def explain_page() -> AppTest:
    return compare_page().switch_page("pages/5_How_it_works.py")


@pytest.fixture(scope="module")
def loaded() -> resources.Loaded:
    return resources.load(resources.SHIPPED, resources.model_version(resources.SHIPPED))


# --- the words ---


def test_a_chapter_is_at_most_sixty_words() -> None:
    counts = {each.anchor: len(each.words.split()) for each in CHAPTERS}
    assert {anchor: count for anchor, count in counts.items() if count > 60} == {}
    assert tuple(counts) == terms.ANCHORS


def test_every_link_of_the_app_leads_to_a_chapter_and_every_question_stands_where_it_comes_up() -> None:
    sources = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in SOURCES}
    linked = {anchor for source in sources.values() for anchor in re.findall(r"How_it_works#(\w+)", source)}
    assert linked <= set(terms.ANCHORS)
    assert linked >= {terms.ENCODER, terms.PAIRS, terms.LOSS, terms.TRAINING, terms.LIMIT}
    places = {  # where each of the five is asked
        "What is the margin?": "ui/train/controls.py",
        "Why this threshold?": "ui/compare/scale.py",
        "Why is my 7 taken for a 1?": "ui/compare/pictures.py",
        "What does min_equals do?": "ui/train/controls.py",
        "What is this map?": "pages/2_Embeddings.py",
    }
    assert [question for question, file in places.items() if question not in sources[file]] == []
    assert {anchor for _, anchor in QUESTIONS} <= set(terms.ANCHORS)
    with pytest.raises(ValueError, match="expected an anchor"):
        terms.explained("nowhere")


# --- the page ---


def test_the_page_takes_the_pair_of_compare_and_two_networks_judge_it(canvas: FakeCanvas) -> None:
    canvas.strokes = {"left": DIGITS[4][0], "right": DIGITS[9][0]}
    app = compare_page().run().switch_page("pages/5_How_it_works.py").run()
    assert not app.exception
    blended = data_of(app, "blend_picture")
    assert [pair["name"] for pair in blended["pairs"]] == ["Your pair", "A 7 and a 7", "A 7 and a 1"]
    said = re.findall(r"distance ([\d.]+) ([≤>]) ([\d.]+), its threshold", words(app))
    assert len(said) == 2
    assert all((float(d) <= float(t)) == (sign == "≤") for d, sign, t in said)


def data_of(app: AppTest, key: str) -> dict[str, Any]:
    """Return what a moving picture of the page was given."""
    for node in walk(app.main):
        proto = getattr(node, "proto", None)
        if proto is not None and key in getattr(proto, "id", ""):
            return dict(json.loads(proto.json))
    raise LookupError(key)


def walk(block: Any) -> Any:
    for child in getattr(block, "children", {}).values():
        yield child
        yield from walk(child)


def test_a_blend_shows_the_networks_own_distances(canvas: FakeCanvas, loaded: resources.Loaded) -> None:
    from ui.explain import encoder

    digits = resources.test_digits().images[[3, 8]].astype(np.float32) / 255
    found = encoder._blended(loaded.model, *digits)
    d = loaded.model.distance(digits[:1], digits[1:])[0]
    assert found["distances"][0] == 0
    assert found["distances"][-1] == pytest.approx(d, abs=2e-5)
    assert found["same"] == [each <= loaded.model.threshold for each in found["distances"]]
    last = found["sums"][-1]
    assert np.sqrt(sum(last["largest"]) + last["others"]) == pytest.approx(d, abs=1e-4)
    assert last["count"] + len(last["largest"]) == loaded.model.embedding_size


def test_thirty_pictures_make_30_120_or_435_pairs() -> None:
    found = partners.data()
    one, several, every = found["ways"]
    assert [len(one["left"]), len(several["left"]), len(every["left"])] == [30, 120, 435]
    labels = np.array(found["labels"])
    for k, (right, same) in enumerate(zip(one["right"], one["same"], strict=True)):
        assert same == (labels[one["left"]] == labels[right]).astype(int).tolist()
        assert same[:k] == [1] * k, "who is sure of a partner of its own class has one"
    assert sum(several["same"]) == 60
    assert sum(every["same"]) == sum(n * (n - 1) // 2 for n in np.bincount(labels))


def test_the_rates_at_a_limit_are_those_of_the_core(loaded: resources.Loaded) -> None:
    found = limit.data(loaded)
    digits = resources.test_digits()
    some = np.random.default_rng(0).choice(len(digits), limit.DIGITS, replace=False)[:400]
    few = loaded._replace(test_embeddings=loaded.test_embeddings[some])
    k = round(found["fitted"] / found["step"])
    assert found["far"][k] == pytest.approx(loaded.model.card["test"]["far"], abs=3e-3)
    assert found["frr"][k] == pytest.approx(loaded.model.card["test"]["frr"], abs=3e-3)
    p = shifted_probability(loaded.model.probability_same(k * found["step"]), 0.01)
    assert found["shares"][2]["p"][k] == pytest.approx(float(p), abs=1e-5)
    counted = count_pairs(few.test_embeddings, digits.labels[some], 10, [1.0]).curves
    pairs = verification.all_pairs(few.test_embeddings, digits.labels[some])
    at = int(np.abs(counted.thresholds - 1.0).argmin())
    far, frr = (
        rate(pairs, np.array([1.0])) for rate in (verification.false_accept_rate, verification.false_reject_rate)
    )
    for share in (0.5, 0.01):
        assert precision(far, frr, share)[0] == pytest.approx(precision_of_curves(counted, share)[at])


def test_a_link_to_train_carries_the_settings_of_the_recordings() -> None:
    found = read_recordings(EXPLAINED / "training.npz")
    for margin in found.margins:
        parameters = dict(parse_qsl(replay.train_link(found.settings, margin).removeprefix("Train?")))
        chosen, complaints = settings.from_link(parameters, Limits())
        assert not complaints
        assert chosen["margin"] == margin
        assert differing(chosen, found.settings) == {}


def differing(chosen: Mapping[str, Any], recorded: Mapping[str, Any]) -> dict[str, Any]:
    return {name: chosen[name] for name in replay.SETTINGS if chosen[name] != recorded[name]}


def test_a_player_is_given_places_within_its_square() -> None:
    xy = np.array([[[0.0, 0.0], [2.0, 1.0]], [[4.0, 1.0], [0.0, 2.0]]])
    found = _panel(Panel("a", xy, ["", ""], ruler=1.0))
    places = np.frombuffer(base64.b64decode(found["points"]), np.uint8).reshape(2, 2, 2)
    assert places[..., 0].tolist() == [[0, 128], [255, 0]]
    assert places[..., 1].tolist() == [[64, 128], [128, 191]]
    assert (found["ruler"], found["arrows"]) == (0.25, None)
