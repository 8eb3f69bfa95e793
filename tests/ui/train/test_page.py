"""The Train page runs from top to bottom, with a queue whose trainings end when the test says so."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from unittest.mock import patch

import pytest
from streamlit.testing.v1 import AppTest

from siamese_core.config import FAST
from siamese_core.datasets.dataset import DataError
from siamese_core.jobs import records, worker
from siamese_core.jobs.limits import Limits
from siamese_core.jobs.run_folder import Run, Status
from tests.jobs import POINT, Server
from tests.small import small, small_splits
from tests.ui.app import captions, compare_page, press, tables, words
from ui.shared import resources
from ui.train import results


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Replace the app's queue by one whose trainings end when the test says so."""
    server = Server(tmp_path)
    with patch.object(resources, "jobs", lambda: server.jobs):
        yield server


def train_page(**parameters: str) -> AppTest:
    app = compare_page().switch_page("pages/1_Train.py")
    app.query_params.update(parameters)
    return app.run()


def link(app: AppTest) -> dict[str, str]:
    """Return what the page's link carries."""
    return {name: value for name, value in app.session_state["state"].link.items() if value is not None}


def only_run(server: Server, app: AppTest) -> Run:
    (run,) = server.jobs.of_visitor(app.session_state["state"].visitor)
    return run


def test_train_opens_with_the_articles_settings_and_a_word(server: Server) -> None:
    app = train_page()
    assert not app.exception
    assert app.slider(key="set_min_equals").value == 15_000
    assert "**43.7%** of all pairs" in captions(app)
    assert "No run yet" in words(app)
    assert not link(app)


@pytest.mark.parametrize("epochs", [1, 10])
def test_train_keeps_within_a_small_deployments_limits(server: Server, epochs: int) -> None:
    limits = Limits(epochs=epochs, training_images=150)
    with patch.object(resources, "limits", lambda: limits):
        app = train_page()
        for label in ("Fast settings", "The article's settings"):
            press(app, label)
            assert not app.exception
            assert not app.warning
            assert app.slider(key="set_epochs").value == (1 if label == "Fast settings" else epochs)
            assert app.select_slider(key="set_training_images").value == 100
        press(app, "Train")
    run = only_run(server, app)
    assert (run.config.epochs, run.config.training_images) == (epochs, 100)


def test_settings_are_a_link(server: Server) -> None:
    app = train_page(margin="2.5", epochs="3", encoder="small_conv")
    assert (app.slider(key="set_margin").value, app.slider(key="set_epochs").value) == (2.5, 3)
    app.slider(key="set_epochs").set_value(7).run()
    assert link(app)["epochs"] == "7"
    press(app, "The article's settings")
    assert not link(app)


def test_nonsense_in_the_link_is_ignored_with_a_word(server: Server) -> None:
    app = train_page(epochs="many", margin="1e9", seed="5")
    assert not app.exception
    assert app.warning[0].value.count("is ignored") == 2
    assert app.number_input(key="set_seed").value == 5


def test_min_equals_rests_where_it_does_not_act_and_follows_the_images(server: Server) -> None:
    app = train_page()
    app.select_slider(key="set_training_images").set_value(1_000).run()
    assert app.slider(key="set_min_equals").value == 380
    press(app, "Fast settings")
    assert app.slider(key="set_min_equals").disabled


def test_train_runs_what_is_set_and_stop_asks_it_to_end(server: Server) -> None:
    app = press(train_page(epochs="2", margin="0.5"), "Train")
    assert not app.exception
    run = only_run(server, app)
    assert (run.config.epochs, run.config.margin) == (2, 0.5)
    assert "**Running**: the training process is starting" in words(app)
    assert link(app)["run"] == run.id
    records.add_point(run.folder, POINT)
    app.run()
    assert "step 10 of 20" in words(app)
    press(app, "Stop")
    assert "stopping" in words(app)
    server.end(Status("stopped", "It keeps what it had learned."))
    app.run()
    assert "**Stopped.** It keeps" in words(app)


def test_without_mnist_it_says_so(server: Server) -> None:
    with patch.object(resources, "training_labels", side_effect=DataError("mnist.npz is damaged")):
        app = train_page()
    assert [error.value for error in app.error] == ["MNIST cannot be used: mnist.npz is damaged."]
    assert not app.exception


def test_others_wait_and_see_their_place(server: Server) -> None:
    server.jobs.submit(FAST, "someone else")
    app = press(train_page(), "Train")
    assert "**Waiting**: 1 training before yours, about 3 minutes until it begins." in words(app)
    press(app, "Stop")
    assert "**Stopped.** It had not begun yet." in words(app)


@pytest.mark.parametrize(("state", "word"), [("failed", "**Failed.**"), ("interrupted", "**Interrupted.**")])
def test_what_went_wrong_is_said(server: Server, state: Literal["failed", "interrupted"], word: str) -> None:
    app = press(train_page(), "Train")
    server.end(Status(state, "This is why."))
    app.run()
    assert not app.exception
    assert f"{word} This is why." in words(app)


def test_a_second_training_of_the_same_visitor_is_refused_with_a_word(server: Server) -> None:
    app = train_page()
    server.jobs.submit(FAST, app.session_state["state"].visitor)
    press(app, "Train")
    assert "under way already" in app.warning[0].value


@pytest.mark.slow
def test_a_finished_run_shows_its_figures_and_is_compared_with(server: Server) -> None:
    app = train_page()
    visitor = app.session_state["state"].visitor
    with (
        patch.object(worker, "_splits", small_splits),
        patch.object(resources, "test_digits", lambda: small_splits().test),
    ):
        for margin in (1.0, 2.0):
            run = server.jobs.submit(small(FAST, margin=margin), visitor)
            server.end(worker.train(run.folder, 60))
        app.run()
        assert not app.exception
        assert "**Done.**" in words(app)
        assert [metric.label for metric in app.metric] == ["Right on test pairs", "As the article counts"]
        for least, told in ((0.0, 0), (1.0, 1)):
            with patch.object(results, "POOR_ACCURACY", least):
                assert captions(app.run()).count("do not expect much") == told
        table = tables(app)[-1]
        assert table["Run"] == ["Run 2, shown above", "Run 1"]
        assert table["margin"] == ["2", "1"]
        server.jobs.rename(run.id, visitor, "*mine*")
        assert tables(app.run())[-1]["Run"][0] == r"\*mine\*, shown above"
        slider = next(s for s in app.select_slider if s.label == "Back through the training")
        slider.set_value(0).run()
        assert not app.exception


def test_a_link_to_a_run_shows_it_to_others(server: Server) -> None:
    run = server.jobs.submit(FAST, "a teacher")
    server.end()
    app = train_page(run=run.id)
    assert "**Done.**" in words(app)
    assert "No run yet" in words(train_page(run="nothing"))


def test_what_is_set_in_the_same_breath_as_the_click_is_trained(server: Server) -> None:
    app = train_page()
    app.slider(key="set_margin").set_value(2.5)
    app.number_input(key="set_seed").set_value(7)
    app.select_slider(key="set_training_images").set_value(1_000)
    press(app, "Train")
    config = only_run(server, app).config
    assert (config.margin, config.seed, config.training_images, config.min_equals) == (2.5, 7, 1_000, 380)


def test_a_run_with_other_settings_says_which_and_they_can_be_taken_over(server: Server) -> None:
    run = server.jobs.submit(small(FAST, margin=2.0, training_images=1_000), "a teacher")
    server.end()
    app = train_page(run=run.id)
    assert "other settings than those above: margin 2, " in captions(app)
    assert app.selectbox(key="run").format_func(run.id).startswith("Somebody else's run")
    press(app, "Take over its settings")
    assert app.slider(key="set_margin").value == 2
    assert "other settings" not in captions(app)


def test_a_run_is_named_and_deleted(server: Server) -> None:
    app = press(train_page(), "Train")
    run = only_run(server, app)
    assert next(button for button in app.button if button.label.startswith("Delete")).disabled
    server.end()
    app.run()
    app.text_input(key=f"name_{run.id}").set_value("my  first").run()
    assert app.selectbox(key="run").format_func(run.id).startswith("my first")
    press(app, "Delete this run and its network")
    assert not app.exception
    assert "No run yet" in words(app)
    assert not server.jobs.of_visitor(app.session_state["state"].visitor)


def test_a_link_to_a_run_that_is_gone_says_so_until_the_next_training(server: Server) -> None:
    app = train_page(run="0123456789ab")
    assert "not here, or not any more" in app.warning[0].value
    assert not press(app, "Train").warning


def test_the_time_limit_is_said_before_and_no_estimate_is_beyond_it(server: Server) -> None:
    app = train_page(epochs="50")
    assert "ends after 3 minutes at the latest" in captions(app)
    press(app, "Train")
    records.add_point(only_run(server, app).folder, POINT._replace(seconds=100.0, step=1, steps=10_000))
    assert "about 80 s left" in words(app.run())


def test_stop_is_acknowledged_before_the_first_point(server: Server) -> None:
    app = press(press(train_page(), "Train"), "Stop")
    assert "**Running**: stopping" in words(app)
    assert next(button for button in app.button if button.label == "Stop").disabled
