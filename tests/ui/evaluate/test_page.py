"""The Evaluate page runs from top to bottom, on the pairs of the first test digits."""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from siamese_core.config import FAST
from siamese_core.jobs import worker
from siamese_core.metrics import summary, verification
from siamese_core.metrics.counting import Counted, count_pairs
from siamese_core.networks.model import load_model
from tests.browser.handwriting import DIGITS
from tests.jobs import Server
from tests.small import small, small_splits
from tests.ui.app import FakeCanvas, captions, compare_page, press, tables, words
from ui.shared import resources

FEW = 600  # test digits whose pairs are counted


def count_few(embeddings: np.ndarray, labels: np.ndarray, classes: int, thresholds: Sequence[float]) -> Counted:
    """Count the pairs of the first digits."""
    return count_pairs(embeddings[:FEW], labels[:FEW], classes, thresholds)


@pytest.fixture(autouse=True)
def few_pairs() -> Iterator[None]:
    """Count few pairs, so that the page opens at once."""
    count_few.__name__ = "evaluate"
    with patch.object(worker, "evaluate", count_few), patch.object(worker, "DISTORTED", 40):
        yield


def evaluate_page() -> AppTest:
    return compare_page().switch_page("pages/3_Evaluate.py").run()


def metric(app: AppTest, label: str) -> str:
    return next(each.value for each in app.metric if each.label == label)


def rates_at(threshold: float) -> list[str]:
    """Return FAR and FRR at a threshold as the page shows them, from the distances themselves."""
    model, test = load_model(), resources.test_digits()
    assert model.test_embeddings is not None
    pairs = verification.all_pairs(model.test_embeddings[:FEW], test.labels[:FEW])
    rates = verification.false_accept_rate(pairs, threshold), verification.false_reject_rate(pairs, threshold)
    return [f"{float(rate):.2%}" for rate in rates]


def test_it_opens_at_the_fitted_threshold_with_its_exact_rates(canvas: FakeCanvas) -> None:
    app = evaluate_page()
    assert not app.exception
    assert app.slider(key="threshold").value == pytest.approx(load_model().threshold, abs=0.005)
    assert f"at the threshold {load_model().threshold:.3f}" in captions(app)
    assert [metric(app, "FAR"), metric(app, "FRR")] == rates_at(load_model().threshold)
    assert "pairs of the **same** digit it would reject" in words(app)
    assert "Draw a pair on Compare" in captions(app)


def test_the_threshold_moves_everything(canvas: FakeCanvas) -> None:
    app = evaluate_page()
    app.slider(key="threshold").set_value(0.5).run()
    assert not app.exception
    assert [metric(app, "FAR"), metric(app, "FRR")] == rates_at(0.5)
    press(app, "The article's 0.5")
    assert "at the threshold 0.500" in captions(app)
    press(app, "Fitted")
    assert f"at the threshold {load_model().threshold:.3f}" in captions(app)


def test_rare_pairs_lower_the_precision(canvas: FakeCanvas) -> None:
    app = evaluate_page()
    app.slider(key="threshold").set_value(1.40).run()
    half = next(each for each in captions(app).splitlines() if each.startswith("precision"))
    app.select_slider(key="share").set_value(0.01).run()
    rare = next(each for each in captions(app).splitlines() if each.startswith("precision"))
    assert float(rare.split()[1][:-1]) < float(half.split()[1][:-1])
    assert "Where 1 % of all pairs are the same digit" in words(app)


def test_a_hard_pair_is_sent_to_compare(canvas: FakeCanvas) -> None:
    app = evaluate_page()
    app.segmented_control(key="mistakes").set_value("Only just different").run()
    assert not app.exception
    with patch("ui.evaluate.mistakes.put_test_digits") as sent:
        app.button(key="send_overall_0").click().run()
    assert not app.exception
    labels = resources.test_digits().labels
    ((left, right),) = [each.args for each in sent.call_args_list]
    assert labels[left] != labels[right]
    assert app.title[0].value == "Compare two digits"


def test_a_pair_drawn_on_compare_is_explained(canvas: FakeCanvas) -> None:
    canvas.strokes = {"left": DIGITS[7][0], "right": DIGITS[1][0]}
    app = compare_page().run()
    distance = app.metric[0].value
    app.switch_page("pages/3_Evaluate.py").run()
    assert not app.exception
    assert f"The distance is **{distance}**" in words(app)
    app.selectbox(key="distorted").set_value("your left drawing").run()
    assert not app.exception


@pytest.mark.parametrize("kind", ["Noise"])
def test_digits_are_changed_step_by_step(canvas: FakeCanvas, kind: str) -> None:
    app = evaluate_page()
    app.segmented_control(key="distortion").set_value(kind).run()
    assert not app.exception


@pytest.mark.slow
def test_networks_are_compared_and_ranked(canvas: FakeCanvas, tmp_path: Path) -> None:
    server = Server(tmp_path)
    with (
        patch.object(resources, "jobs", lambda: server.jobs),
        patch.object(server.jobs.worker, "submit_once", lambda _key, function, *rest: done(function(*rest))),
        patch.object(worker, "_splits", small_splits),
    ):
        app = evaluate_page()
        visitor = app.session_state["state"].visitor
        for seed in (1, 2):
            run = server.jobs.submit(small(FAST, seed=seed), visitor)
            server.end(worker.train(run.folder, 60))
        app.run()
        app.selectbox(key="evaluated_beside").set_value(run.id).run()
        assert not app.exception
        assert "more than noise" in words(app)
        app.toggle(key="rank").set_value(True).run()
        assert not app.exception
        table = tables(app)[-1]
        assert [place[0] for place in table["Place"]] in (["1", "2"], ["1", "1"])


def done(result: object) -> object:
    future: Future[object] = Future()
    future.set_result(result)
    return future


def test_the_report_is_that_of_the_command_line(canvas: FakeCanvas) -> None:
    app = evaluate_page()
    from ui.evaluate.report import as_json  # the real canvas, which it imports, needs a running server

    model = load_model()
    assert model.test_embeddings is not None
    labels = resources.test_digits().labels
    counted = count_few(model.test_embeddings, labels, 10, summary.special_thresholds(model.card))
    expected = summary.report(counted, model.threshold, model.calibration)
    loaded = resources.load(resources.SHIPPED, resources.model_version(resources.SHIPPED))
    assert json.loads(as_json("shipped", loaded, counted, 0.5)) == json.loads(
        json.dumps({"model": "shipped", **expected})
    )
    assert app.get("download_button")
