"""A recipe ends in a model with a full card: what it says is measured here again."""

import dataclasses
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from siamese_core.config import FAST
from siamese_core.datasets.article import training_part, watched_pairs, watched_part
from siamese_core.datasets.dataset import Dataset, to_float
from siamese_core.datasets.pairs import Pairs
from siamese_core.datasets.synthetic.gallery import UNTRAINED, drawn_symbols
from siamese_core.datasets.synthetic.non_digits import SIGNS
from siamese_core.metrics import novelty, report, verification
from siamese_core.metrics.calibration import fit_calibration, fit_threshold
from siamese_core.metrics.distances import nearest
from siamese_core.networks.model import SiameseModel, load_model
from siamese_core.training import finishing, recipes
from siamese_core.training.loop import Progress
from siamese_core.training.plans import training_pairs
from siamese_core.training.recipes import train
from tests.small import small, small_splits

CONFIG = small(FAST, epochs=6, seed=2)


@pytest.fixture(scope="module")
def told() -> list[Progress]:
    return []


@pytest.fixture(scope="module")
def model(told: list[Progress]) -> SiameseModel:
    return train(CONFIG, small_splits(), told.append)


def accuracy(model: SiameseModel, digits: Dataset, pairs: Pairs, threshold: float) -> float:
    left, right = (to_float(digits.images[side]) for side in (pairs.left, pairs.right))
    return float(np.mean((model.distance(left, right) <= threshold) == pairs.same))


def test_it_learns(model: SiameseModel, told: list[Progress]) -> None:
    assert told[-1].step == told[-1].steps
    assert model.card["test"]["balanced_accuracy"] > 0.8
    assert model.card["test"]["one_nn"] > 0.7


def test_card_tells_how_it_was_made(model: SiameseModel) -> None:
    assert model.card["recipe"] == "fast"
    assert model.card["config"] == dataclasses.asdict(CONFIG)
    assert model.card["same_share"] == 0.5


def test_threshold_and_calibration_come_from_the_validation_digits_alone(model: SiameseModel) -> None:
    splits = small_splits()
    blind = splits._replace(test=dataclasses.replace(splits.test, images=splits.test.images[::-1].copy()))
    again = train(CONFIG, blind)
    assert again.card["test"] != model.card["test"]
    for name in ("threshold", "calibration", "figures"):
        assert again.card[name] == model.card[name]
    pairs = verification.all_pairs(model.embed(to_float(splits.validation.images)), splits.validation.labels)
    half = fit_calibration(*pairs).threshold()
    assert model.threshold == verification.even_threshold(pairs, half)
    assert float(model.probability_same(half)) == pytest.approx(0.5)
    assert verification.balanced_accuracy(pairs, model.threshold) == pytest.approx(
        max(verification.balanced_accuracy(pairs, t) for t in np.linspace(0, 2, 201)), abs=0.01
    )


def test_figures_are_those_of_the_articles_pairs(model: SiameseModel) -> None:
    splits = small_splits()
    trained, watched = training_part(splits, CONFIG.training_images), watched_part(splits)
    sets = {
        "train": (trained, training_pairs(CONFIG, trained)),
        "validation": (watched, watched_pairs(watched.labels)),
    }
    for name, digits_and_pairs in sets.items():
        found = [accuracy(model, *digits_and_pairs, threshold) for threshold in (0.5, model.threshold)]
        said = [model.card["figures"][f"{name}_{kind}"] for kind in ("accuracy", "accuracy_at_threshold")]
        assert said == pytest.approx(found, abs=1e-3)


def test_test_figures_are_those_of_all_pairs_of_the_test_digits(model: SiameseModel) -> None:
    test = small_splits().test
    embeddings = model.embed(to_float(test.images))
    np.testing.assert_array_equal(model.test_embeddings, embeddings)
    assert model.card["test"]["pairs"] == 400 * 399 // 2
    assert model.card["test"] == report.measure(embeddings, test.labels, model.threshold)._asdict()
    by_class = report.accepted_by_class(embeddings, test.labels, model.threshold, 10)
    assert model.card["test_accepted_by_class"] == by_class.tolist()
    thin, _, thick = model.card["test_by_stroke_width"]
    assert 1 < thin["from"] < thin["to"] < thick["from"] < thick["to"] < 8


def test_at_most_a_small_share_of_validation_digits_lies_beyond_the_limit(model: SiameseModel) -> None:
    images = to_float(small_splits().validation.images)
    assert model.novelty_limit is not None
    near = nearest(model.embed(images), model.embed(to_float(small_splits().test.images)), 5)
    beyond = novelty.is_novel(near.distances, model.novelty_limit)
    assert 0 < beyond.mean() <= novelty.SHARE


def test_card_names_the_digits_it_was_trained_on(model: SiameseModel) -> None:
    assert model.card["data"].startswith("400 training images of MNIST; ")
    assert (model.card["data_set"], model.card["class_names"]) == ("MNIST", list("0123456789"))
    drawn = finishing._describe(small(FAST, drawn=2_000, others=30), small_splits(), 1.0)["data"]
    assert drawn.startswith("400 training images of MNIST, 2,000 digits and 30 non-digits drawn by the project; ")


def test_symbols_are_judged_by_what_the_network_makes_of_symbols_it_was_not_trained_on() -> None:
    config = small(FAST, invented=6, symbol_classes=5)
    model = train(config, small_splits())
    drawings = drawn_symbols(finishing.SYMBOLS_EACH, np.random.default_rng([config.seed, 7]), UNTRAINED)
    assert not set(drawings.class_names) & set(SIGNS)
    embeddings = model.embed(to_float(drawings.images))
    fit = fit_threshold(verification.all_pairs(embeddings, drawings.labels))
    assert model.symbols is not None
    assert model.symbols.threshold == pytest.approx(fit.threshold, abs=1e-6)
    assert model.card["symbols"]["classes"] == len(UNTRAINED)
    assert model.symbols.threshold != model.threshold


def test_a_finished_model_survives_its_folder(model: SiameseModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = load_model(tmp_path)
    assert {name: again.card[name] for name in model.card} == json.loads(json.dumps(model.card))
    assert again.threshold == model.threshold
    np.testing.assert_array_equal(again.test_embeddings, model.test_embeddings)


@pytest.mark.parametrize("which", ["train", "validation", "test"])
@pytest.mark.parametrize("run", [train, recipes.train_live])
def test_images_of_one_class_are_refused_before_the_training(
    which: str, run: Callable[..., SiameseModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    splits = small_splits()
    data = getattr(splits, which)
    ones = splits._replace(**{which: replace(data, labels=np.ones_like(data.labels))})
    monkeypatch.setattr(recipes, "train_encoder", lambda *_: pytest.fail("it has begun"))
    word = "training" if which == "train" else which
    with pytest.raises(ValueError, match=rf"^expected {word} images of two classes at least, .*, got \d+ of 1$"):
        run(CONFIG, ones)


def test_a_training_that_taught_nothing_still_ends_in_a_model_that_loads(tmp_path: Path) -> None:
    """At a high learning rate the dense encoder dies: all embeddings zero, all distances zero."""
    config = small(FAST, encoder="dense", augment=True, learning_rate=50.0, decay=False)
    model = train(config, small_splits())
    assert not model.embed(to_float(small_splits().test.images)).any()
    assert model.card["figures"]["validation_eer"] == 0.5
    model.save(tmp_path)
    assert float(load_model(tmp_path).probability_same(0.0)) == 0.5
