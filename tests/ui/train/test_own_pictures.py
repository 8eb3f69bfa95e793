"""Own pictures on the Train page: a zip is uploaded, understood, trained on, with classes left out, and deleted."""

import io
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from streamlit.testing.v1 import AppTest

from siamese_core.jobs import data_sets
from siamese_core.jobs.data_folder import Upload
from siamese_core.jobs.data_queue import DataSets
from tests.jobs import Server
from tests.own_pictures import shapes, write_zip
from tests.ui.app import captions, compare_page, press, words
from ui.shared import resources


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Replace the app's queue by one whose trainings end when the test says so, and its uploads with it."""
    server = Server(tmp_path / "runs")
    sets = DataSets(server.jobs)
    with patch.object(resources, "jobs", lambda: server.jobs), patch.object(resources, "data_sets", lambda: sets):
        yield server


def train_page(**parameters: str) -> AppTest:
    app = compare_page().switch_page("pages/1_Train.py")
    app.query_params.update(parameters)
    return app.run()


def uploaded(server: Server, app: AppTest, path: Path, each: int = 40) -> str:
    """Upload drawn shapes as the page does, have them read, and return their key."""
    content = write_zip(path / "shapes.zip", shapes(each, ("circle", "cross", "square"))).read_bytes()
    here = app.session_state["state"]
    made = resources.data_sets().upload(here.visitor, "shapes.zip", io.BytesIO(content), "ink", 28)
    here.uploading = made.id
    app.run()
    assert not app.exception
    assert resources.data_sets().of_visitor(here.visitor)[-1].state == "reading"
    function, arguments, future = server.executors[-1].calls[-1]
    future.set_result(function(*arguments))
    return made.id


def link(app: AppTest) -> dict[str, str]:
    return {name: value for name, value in app.session_state["state"].link.items() if value is not None}


def test_an_upload_is_chosen_shown_trained_on_and_deleted(server: Server, tmp_path: Path) -> None:
    app = train_page()
    key = uploaded(server, app, tmp_path)
    app.run()
    assert not app.exception
    assert app.selectbox(key="set_data").value == key
    assert "**shapes.zip**: 120 pictures of 3 classes, seen as the ink on them in 28 × 28 pixels." in words(app)
    assert "90 are for training, 12 for validation, 18 for the test" in captions(app)
    assert app.select_slider(key="set_training_images").value == 90
    assert app.slider(key="set_min_equals").value == 34
    assert "different classes apart" in captions(app)
    app.toggle(key="set_left_out_on").set_value(True).run()
    app.multiselect(key="set_left_out").set_value(["cross"]).run()
    assert not app.exception
    assert app.select_slider(key="set_training_images").value == 60
    assert (link(app)["data"], link(app)["left_out"]) == (key, "cross")
    press(app, "Train")
    (run,) = server.jobs.of_visitor(app.session_state["state"].visitor)
    assert (run.data, run.config.left_out, run.config.training_images, run.config.min_equals) == (
        key,
        ("cross",),
        60,
        23,
    )
    press(app, "Delete these pictures")
    assert "under way" in app.warning[0].value
    server.end()
    press(app.run(), "Delete these pictures")
    assert not app.exception
    assert app.selectbox(key="set_data").value == data_sets.MNIST
    assert app.select_slider(key="set_training_images").value == 40_000


def test_what_could_not_be_read_is_said(server: Server, tmp_path: Path) -> None:
    app = train_page()
    here = app.session_state["state"]
    here.uploading = resources.data_sets().upload(here.visitor, "a.zip", io.BytesIO(b"x"), "ink", 28).id
    function, arguments, future = server.executors[-1].calls[-1]
    future.set_result(function(*arguments))
    app.run()
    assert app.warning[0].value == "a.zip is no zip, or is damaged or cut short."
    assert app.selectbox(key="set_data").value == data_sets.MNIST


def test_what_is_read_while_the_page_runs_is_not_missed(server: Server) -> None:
    """Reading ends between two looks of one run: the first takes results over, the second says what is being read."""
    app = train_page()
    here, sets = app.session_state["state"], resources.data_sets()
    here.uploading = sets.upload(here.visitor, "a.zip", io.BytesIO(b"x"), "ink", 28).id
    function, arguments, future = server.executors[-1].calls[-1]
    looks = []

    def of_visitor(visitor: str) -> list[Upload]:
        looks.append(visitor)
        if not future.done():
            future.set_result(function(*arguments))
        return DataSets.of_visitor(sets, visitor)

    first = [True]

    def find(key: str) -> Upload | None:
        found = DataSets.find(sets, key)
        was_first, first[0] = first[0], False
        return found._replace(state="reading") if found and was_first else found

    with patch.object(sets, "of_visitor", of_visitor), patch.object(sets, "find", find):
        app.run()
    assert looks
    assert app.warning[0].value == "a.zip is no zip, or is damaged or cut short."


def test_digits_are_left_out_of_mnist_and_one_alone_cannot_be_trained_on(server: Server) -> None:
    app = train_page(left_out="4|9|x")
    assert app.multiselect(key="set_left_out").value == ["4", "9"]
    assert app.select_slider(key="set_training_images").value == 40_000
    press(app, "Train")
    (run,) = server.jobs.of_visitor(app.session_state["state"].visitor)
    assert run.config.left_out == ("4", "9")
    press(app, "Stop")
    server.end()
    app.run()
    app.multiselect(key="set_left_out").set_value(list("012345678")).run()
    assert "Leave out fewer classes" in app.warning[0].value
    assert next(button for button in app.button if button.label == "Train").disabled


def test_a_data_set_of_the_link_is_found_and_one_that_is_gone_is_said(server: Server, tmp_path: Path) -> None:
    key = uploaded(server, train_page(), tmp_path, each=3)
    app = train_page(data=key)
    assert not app.exception
    assert app.selectbox(key="set_data").value == key
    assert "No class has two test pictures" in app.warning[0].value
    assert not [button for button in app.button if button.label == "Delete these pictures"], "it is somebody else's"
    assert "not here, or not any more" in train_page(data="0123456789ab").warning[0].value


@pytest.mark.parametrize("key", data_sets.MADE)
def test_the_other_sets_that_are_here_can_be_chosen(server: Server, key: str) -> None:
    app = train_page(data=key)
    assert not app.exception
    assert app.selectbox(key="set_data").value == key
    press(app, "Train")
    (run,) = server.jobs.of_visitor(app.session_state["state"].visitor)
    assert run.data == key
    assert run.config.training_images == {data_sets.DRAWN: 1_500, data_sets.SKLEARN: 1_349}[key]
