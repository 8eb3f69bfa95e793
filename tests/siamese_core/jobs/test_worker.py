"""A run trained from its folder, in this process: what it leaves behind, and how it ends when asked to."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from siamese_core.config import ARTICLE, FAST, TrainingConfig
from siamese_core.jobs import recorder, records, run_folder, worker
from siamese_core.jobs.run_folder import Run, Status
from siamese_core.networks.card import read_card
from siamese_core.networks.model import load_model
from tests.small import small, small_splits

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def few_digits() -> Iterator[None]:
    """Validate and test on few digits."""
    with patch.object(worker, "_splits", small_splits):
        yield


def begun(root: Path, config: TrainingConfig) -> Run:
    return run_folder.create(root, config, "someone")


def test_a_run_leaves_points_pictures_and_a_model(tmp_path: Path) -> None:
    run = begun(tmp_path, small(FAST, epochs=2))
    assert worker.train(run.folder, 60) == Status("done")
    points, frames = records.read_points(run.folder), records.read_frames(run.folder)
    assert points[0].step == 0, "the untrained network comes first"
    assert points[0].loss == pytest.approx(points[0].validation_loss, rel=0.2), "it has seen none of the images"
    assert points[-1].step == points[-1].steps == 12
    assert [frame.epoch for frame in frames] == [point.epoch for point in points]
    assert frames[-1].epoch == 2
    folder = run.model_folder
    assert folder
    model = load_model(folder)
    assert model.test_embeddings is not None
    assert len(model.test_embeddings) == 400
    assert model.card["frozen"]["accuracy"]["low"] < model.card["frozen"]["accuracy"]["rate"]
    assert "stopped_at_step" not in model.card


def test_the_same_settings_end_in_the_same_network(tmp_path: Path) -> None:
    ended = []
    for seconds_between_pictures in (0.0, 100.0):
        run = begun(tmp_path, small(ARTICLE, epochs=2))
        with (
            patch.object(recorder, "FRAME_SECONDS", seconds_between_pictures),
            patch.object(recorder, "MOST_SECONDS", seconds_between_pictures),
        ):
            worker.train(run.folder, 60)
        assert run.model_folder
        ended.append((load_model(run.model_folder), len(records.read_points(run.folder))))
    (one, many), (again, few) = ended
    assert many > few, "one was looked at more often"
    assert one.test_embeddings is not None
    np.testing.assert_array_equal(one.test_embeddings, again.test_embeddings)
    assert {**one.card, "training_seconds": 0} == {**again.card, "training_seconds": 0}


def test_asked_to_stop_it_keeps_what_it_had_learned(tmp_path: Path) -> None:
    run = begun(tmp_path, small(ARTICLE, epochs=50))
    run_folder.ask_to_stop(run.folder)
    state, sentence = worker.train(run.folder, 60)
    assert (state, sentence) == ("stopped", "The network keeps what it has learned.")
    assert run.model_folder
    assert read_card(run.model_folder)["stopped_at_step"] == records.read_points(run.folder)[-1].step == 1


def test_at_its_time_limit_it_ends_and_says_so(tmp_path: Path) -> None:
    run = begun(tmp_path, small(ARTICLE, epochs=50))
    state, sentence = worker.train(run.folder, 0)
    assert state == "stopped"
    assert "time limit of 0 s" in sentence
    assert run.model_folder


def test_a_loss_that_is_no_number_fails_with_a_sentence(tmp_path: Path) -> None:
    run = begun(tmp_path, small(ARTICLE, learning_rate=1e30, margin=3.0, epochs=5))
    state, sentence = worker.train(run.folder, 60)
    assert state == "failed"
    assert "smaller learning rate or margin may help" in sentence
    assert sentence[0].isupper()
    assert run.model_folder is None


def test_too_little_memory_fails_with_a_sentence(tmp_path: Path) -> None:
    run = begun(tmp_path, small(ARTICLE))
    import tensorflow as tf

    errors = (MemoryError(), np.exceptions.AxisError("x"), tf.errors.ResourceExhaustedError(None, None, "OOM"))
    for error in (errors[0], errors[2]):
        with patch.object(worker, "_train", side_effect=error):
            state, sentence = worker.train(run.folder, 60)
        assert state == "failed"
        assert sentence == "The server ran out of memory: try fewer images or shorter embeddings."
    with patch.object(worker, "_train", side_effect=errors[1]), pytest.raises(np.exceptions.AxisError):
        worker.train(run.folder, 60)


@pytest.mark.parametrize("recipe", [ARTICLE, FAST])
def test_embeddings_of_one_number_are_trained_and_shown(tmp_path: Path, recipe: TrainingConfig) -> None:
    run = begun(tmp_path, small(recipe, embedding_size=1))
    assert worker.train(run.folder, 60) == Status("done")
    assert run.model_folder
    assert load_model(run.model_folder).embedding_size == 1
    frame = records.read_frames(run.folder)[-1]
    assert frame.xy.shape == (1_000, 2)
    assert not frame.xy[:, 1].any()


def test_pictures_are_thinned_evenly_and_the_last_stays(tmp_path: Path) -> None:
    run = begun(tmp_path, small(ARTICLE, epochs=2))
    with (
        patch.object(recorder, "FRAME_SECONDS", 0),
        patch.object(recorder, "MOST_SHARE", 1),
        patch.object(recorder, "MOST_FRAMES", 5),
        patch.object(recorder, "MOST_SECONDS", 0),
    ):
        worker.train(run.folder, 60)
    epochs = [frame.epoch for frame in records.read_frames(run.folder)]
    assert epochs[0] == 0
    assert epochs[-1] == 2
    assert 3 <= len(epochs) <= 5
    assert len(set(np.round(np.diff(epochs[:-1]), 6))) == 1
