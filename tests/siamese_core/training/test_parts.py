"""Classes are left out of training and measured apart; a small data set is trained on, and what stood in is said."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from siamese_core.config import ANYTHING, ARTICLE, FAST, TrainingConfig
from siamese_core.datasets.dataset import Dataset, Splits, to_float
from siamese_core.datasets.reading.read import read_dataset
from siamese_core.metrics import report
from siamese_core.networks.card import ModelError, left_out, look_of, side_of
from siamese_core.networks.kept import has_own_test, read_test
from siamese_core.networks.model import load_model
from siamese_core.training.loop import train_encoder
from siamese_core.training.parts import fitted, prepare
from siamese_core.training.recipes import train, untrained
from tests.own_pictures import shapes, write_zip
from tests.small import small, small_splits

UNSEEN = ("cross", "square")


@pytest.fixture(scope="module")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_zip(tmp_path_factory.mktemp("own") / "drawn.zip", shapes(30))


@pytest.fixture(scope="module")
def splits(zipped: Path) -> Splits:
    return read_dataset(zipped, side=56)


def test_the_classes_left_out_are_nowhere_but_in_the_test(splits: Splits) -> None:
    parts = prepare(dataclasses.replace(FAST, left_out=UNSEEN), splits)
    assert {part.class_names for part in parts.seen} == {("circle", "triangle")}
    assert [len(part) for part in parts.seen] == [len(part) // 2 for part in splits]
    assert parts.test is splits.test
    assert prepare(FAST, splits) == (splits, splits.test, ())


def test_what_cannot_be_left_out_is_refused(splits: Splits) -> None:
    with pytest.raises(ValueError, match="expected classes to leave out of circle, cross, square, triangle; got 4"):
        prepare(dataclasses.replace(FAST, left_out=("4",)), splits)
    with pytest.raises(ValueError, match="expected two classes at least to train on"):
        prepare(dataclasses.replace(FAST, left_out=("circle", *UNSEEN)), splits)


def test_settings_follow_the_data_and_min_equals_keeps_its_proportion(splits: Splits) -> None:
    config = fitted(ARTICLE, splits)
    assert (config.training_images, config.min_equals, config.batch_size) == (92, 34, 92)
    assert fitted(config, splits) == config
    assert fitted(dataclasses.replace(ARTICLE, left_out=UNSEEN), splits).training_images == 46


def test_drawn_digits_of_a_class_left_out_are_not_trained_on(monkeypatch: pytest.MonkeyPatch) -> None:
    from siamese_core.training import loop
    from siamese_core.training.material import Material

    plain = {"embedding_size": 4, "columns": 1, "normalized": 0, "symbol_classes": 0, "invented": 0}
    config = small(ANYTHING, drawn=20, left_out=("4", "9"), **plain)
    seen = prepare(config, small_splits()).seen.train.subset(slice(config.training_images))
    found: list[Dataset] = []

    def plan(_config: TrainingConfig, material: Material, _rng: np.random.Generator) -> None:
        found.append(material.images)
        raise StopIteration

    monkeypatch.setattr(loop, "plan_steps", plan)
    with pytest.raises(StopIteration):
        train_encoder(config, seen)
    assert set(found[0].class_names) == set("01235678")
    assert len(found[0]) == config.training_images + 16


@pytest.mark.slow
def test_seen_and_unseen_stand_apart_and_all_of_it_survives_its_folder(splits: Splits, tmp_path: Path) -> None:
    config = fitted(dataclasses.replace(FAST, epochs=10, left_out=UNSEEN, embedding_size=16), splits)
    model = train(config, splits)
    model.save(tmp_path / "model")
    again = load_model(tmp_path / "model")
    test = read_test(tmp_path / "model")
    assert (again.side, side_of(again.card), look_of(again.card), left_out(again.card)) == (56, 56, "ink", list(UNSEEN))
    assert again.card["class_names"] == list(test.class_names) == ["circle", "cross", "square", "triangle"]
    np.testing.assert_array_equal(test.images, splits.test.images)
    away = np.isin(test.labels, [1, 2])
    for which, chosen in (("seen", ~away), ("unseen", away)):
        part = again.card["parts"][which]
        embeddings = again.embed(to_float(test.images[chosen]))
        frozen = report.measure_frozen(embeddings, test.labels[chosen], again.threshold)
        assert part["images"] == chosen.sum() == 8
        assert part["accuracy"] == frozen.accuracy._asdict()
        assert part["classes"] == [test.class_names[i] for i in ((0, 3) if which == "seen" else (1, 2))]
    assert again.card["frozen"]["accuracy"] == again.card["parts"]["seen"]["accuracy"]
    assert again.card["data"].startswith("46 training images of drawn without cross and square; ")
    assert untrained(tmp_path / "model").input_shape == (None, 56, 56)
    with pytest.raises(ValueError, match=r"expected images of shape \(n, 56, 56\)"):
        again.embed(np.zeros((1, 28, 28), np.float32))
    (tmp_path / "model" / "test_images.npz").write_bytes(b"damaged")
    with pytest.raises(ModelError, match=r"test_images.npz is damaged"):
        read_test(tmp_path / "model")


@pytest.mark.slow
def test_a_class_left_out_alone_says_what_it_takes(splits: Splits) -> None:
    model = train(fitted(small(FAST, left_out=("cross",)), splits), splits)
    unseen = model.card["parts"]["unseen"]
    assert "accuracy" not in unseen
    assert "takes test images of two classes" in unseen["why"]


@pytest.mark.slow
@pytest.mark.parametrize("recipe", [FAST, ARTICLE])
def test_two_classes_of_two_pictures_are_enough_and_what_stood_in_is_said(
    tmp_path: Path, recipe: TrainingConfig
) -> None:
    splits = read_dataset(write_zip(tmp_path / "x.zip", shapes(2, UNSEEN)))
    assert [len(part) for part in splits] == [4, 0, 0]
    model = train(fitted(dataclasses.replace(recipe, epochs=1), splits), splits)
    assert model.card["stood_in"] == ["validation", "test"]
    assert model.card["data"].endswith("threshold and calibration from the same, as it has too few for validation")
    model.save(tmp_path / "model")
    assert len(read_test(tmp_path / "model")) == 4


@pytest.mark.slow
def test_mnist_without_two_digits_keeps_its_own_test(tmp_path: Path) -> None:
    model = train(small(FAST, left_out=("4", "9")), small_splits())
    model.save(tmp_path / "model")
    assert not has_own_test(tmp_path / "model")
    assert model.card["class_names"] == list("0123456789")
    assert model.card["parts"]["unseen"]["classes"] == ["4", "9"]
    assert model.test_embeddings is not None
    assert len(model.test_embeddings) == 400
