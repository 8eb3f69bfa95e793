"""The two seams: any data set goes through the core, and a new loss is one function and one entry."""

from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from keras import ops

from siamese_core.config import FAST, RECIPES, EncoderName, OptimizerName, Reduction, TrainingConfig
from siamese_core.datasets.article import watched_part
from siamese_core.datasets.dataset import Dataset, Splits, to_float
from siamese_core.datasets.synthetic.rendering import seen
from siamese_core.metrics.distances import distances_to_all
from siamese_core.networks import encoders
from siamese_core.networks.comparison import compare
from siamese_core.networks.model import SiameseModel, load_model
from siamese_core.projection import quality
from siamese_core.projection.pca import fit_pca, project
from siamese_core.training import loop, losses
from siamese_core.training.monitor import Monitor, Position
from siamese_core.training.recipes import train
from tests.small import small, small_splits

CONFIG = small(FAST, training_images=240, batch_size=80, min_equals=100, epochs=20, embedding_size=16)


def polygons(classes: int, n: int, rng: np.random.Generator) -> Dataset:
    """Draw n figures of so many classes: each class one random polyline, its points strayed."""
    shapes = np.random.default_rng(classes).uniform(0, 100, (classes, 5, 2))
    labels = rng.permutation(np.arange(n, dtype=np.int64) % classes)
    images = np.stack([seen([shapes[label] + rng.normal(0, 4, (5, 2))], rng) for label in labels])
    names = tuple(f"figure {i}" for i in range(classes))
    return Dataset("polylines", np.round(255 * images).astype(np.uint8), labels, names)


@pytest.fixture(scope="module", params=[3, 30])
def data(request: pytest.FixtureRequest) -> Splits:
    rng = np.random.default_rng(0)
    return Splits(*(polygons(request.param, n, rng) for n in (240, 120, 120)))


@pytest.fixture(scope="module")
def model(data: Splits) -> SiameseModel:
    return train(CONFIG, data)


def test_any_data_set_is_trained_and_measured(model: SiameseModel, data: Splits) -> None:
    classes = data.test.classes
    assert model.card["data_set"] == "polylines"
    assert model.card["class_names"] == list(data.test.class_names)
    assert model.card["data"].startswith("240 training images of polylines; ")
    assert model.card["test"]["eer"] < 0.15
    assert np.shape(model.card["test_accepted_by_class"]) == (classes, classes)
    assert np.mean(np.diag(model.card["test_accepted_by_class"])) > 0.7


def test_any_data_set_is_mapped(model: SiameseModel, data: Splits) -> None:
    embeddings, labels = model.embed(to_float(data.test.images)), data.test.labels
    xy = project(fit_pca(embeddings), embeddings)
    assert quality.measure(embeddings, xy, labels).one_nn > 0.8
    table = quality.class_distances(embeddings, labels, data.test.classes)
    assert (np.diag(table) < table.mean(axis=1)).all()


def test_any_data_set_is_compared(model: SiameseModel, data: Splits, tmp_path: Path) -> None:
    model.save(tmp_path / "model")
    again = load_model(tmp_path / "model")
    images, labels = to_float(data.validation.images), data.validation.labels
    first = labels[0]
    mate, stranger = (np.flatnonzero((labels == first) == same)[1] for same in (True, False))
    near, far = (compare(again, images[0], images[i]) for i in (mate, stranger))
    assert near.distance < far.distance
    nearest = [compare(again, image, images[0]).neighbours for image in images[:20]]
    right = [
        data.test.labels[near.indices[0, 0]] == label for near, label in zip(nearest, labels, strict=False) if near
    ]
    assert len(right) == 20
    assert np.mean(right) > 0.7


def test_any_data_set_is_watched_while_it_trains(model: SiameseModel, data: Splits) -> None:
    point, frame = Monitor(CONFIG, watched_part(data), data.train).look(model.embed, 1.0, Position(1.0, 3, 3, 9.0))
    assert point.validation_accuracy_at_threshold > 0.8
    assert frame.xy.shape == (120, 2)


# --- names ---


def test_names_stand_once_and_each_has_what_it_stands_for() -> None:
    assert tuple(encoders.BUILDERS) == get_args(EncoderName)
    assert tuple(loop.OPTIMIZERS) == get_args(OptimizerName)
    assert tuple(losses.REDUCTIONS) == get_args(Reduction)
    assert {recipe.loss for recipe in RECIPES.values()} == set(losses.LOSSES)


# --- losses ---


def pull_to_one_place(embeddings: Any, labels: Any, config: TrainingConfig) -> Any:
    """Return the mean squared length of the embeddings' difference from the first axis: a loss of this test's own."""
    return ops.mean(ops.square(embeddings - ops.eye(config.embedding_size)[:1]))


def test_a_new_loss_is_one_function_and_one_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(losses.LOSSES, "one_place", pull_to_one_place)
    config = small(FAST, loss="one_place", embedding_size=4, epochs=8)
    told: list[float] = []
    model = train(config, small_splits(), lambda progress: told.append(progress.loss))
    embeddings = model.embed(to_float(small_splits().test.images))
    assert embeddings[:, 0].mean() > 0.95
    assert told[-1] < 0.2 * told[0]
    watched = watched_part(small_splits()).subset(slice(1_000))
    point, _ = Monitor(config, watched, watched).look(model.embed, 0.0, Position(0, 0, 1, 0.0))
    assert point.loss == point.validation_loss == pytest.approx(told[-1], rel=0.5)  # the same quantity is drawn


def test_an_unknown_loss_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(ValueError, match="expected a loss out of contrastive, supervised_contrastive, got 'hinge'"):
        train(small(FAST, loss="hinge"), small_splits())


def test_what_is_drawn_of_a_training_is_what_it_lowers() -> None:
    """On the images of one batch the watched loss is the batch's, over all pairs and by kind."""
    config = small(FAST, batch_size=200)
    watched = small_splits().test.subset(slice(200))
    network = load_model()
    point, _ = Monitor(config, watched, watched).look(network.embed, 0.0, Position(0, 0, 1, 0.0))
    embeddings = network.embed(to_float(watched.images))
    apart = distances_to_all(embeddings, embeddings)
    same = watched.labels[:, None] == watched.labels[None, :]
    genuine = same & ~np.eye(200, dtype=bool)
    cost = np.maximum(1 - apart[~same], 0) ** 2
    expected = (np.mean(apart[genuine] ** 2) + (cost[cost > 0].mean() if (cost > 0).any() else 0)) / 2
    assert point.validation_loss == pytest.approx(expected, rel=0.02)
