"""The recipes are the article's and ours, and settings that cannot be trained are refused with one sentence."""

import dataclasses
from typing import Any

import pytest

from siamese_core.config import ARTICLE, ARTICLE_THRESHOLD, FAST, RECIPES

NAN, INFINITY = float("nan"), float("inf")


def test_article_recipe_is_the_articles() -> None:
    assert (ARTICLE.encoder, ARTICLE.embedding_size, ARTICLE.pairing) == ("dense", 128, "one_per_image")
    assert (ARTICLE.training_images, ARTICLE.min_equals) == (40_000, 15_000)
    assert (ARTICLE.epochs, ARTICLE.batch_size, ARTICLE.margin, ARTICLE_THRESHOLD) == (20, 128, 1.0, 0.5)
    assert (ARTICLE.optimizer, ARTICLE.learning_rate, ARTICLE.decay, ARTICLE.augment) == ("rmsprop", 1e-3, False, False)


def test_recipes_are_found_by_their_own_names() -> None:
    assert [config.recipe for config in RECIPES.values()] == list(RECIPES) == ["article", "fast", "shipped", "anything"]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("epochs", 0),
        ("columns", 0),
        ("columns", 2),
        ("normalized", -1),
        ("normalized", 2),
        ("epochs", -3),
        ("margin", 0.0),
        ("margin", -1.0),
        ("margin", NAN),
        ("margin", INFINITY),
        ("min_equals", -1),
        ("min_equals", 40_001),
        ("training_images", 1),
        ("batch_size", 1),
        ("batch_size", 40_001),
        ("learning_rate", 0.0),
        ("learning_rate", NAN),
        ("learning_rate", INFINITY),
        ("embedding_size", 0),
        ("seed", -1),
        ("drawn", -1),
        ("drawn", 10),  # the article's pairs are of MNIST's digits
        ("others", 10),
        ("symbol_classes", 4),
        ("symbol_classes", 43),  # of three images each, in a batch of 128
        ("invented", -1),
        ("per_image", 0),
        ("loss", "supervised_contrastive"),
    ],
)
def test_settings_that_cannot_be_trained_are_named(setting: str, value: float | str) -> None:
    change: dict[str, Any] = {setting: value}
    with pytest.raises(ValueError, match=f"^expected [^\n]*{setting} [^\n]*got {value}$"):
        dataclasses.replace(ARTICLE, **change)


def test_columns_share_an_embedding_evenly_and_need_one_of_length_1() -> None:
    with pytest.raises(ValueError, match=r"expected embedding_size to be a multiple of columns \(3\), got 64"):
        dataclasses.replace(FAST, columns=3)
    with pytest.raises(ValueError, match="expected columns of 1 with the dense encoder, got 2"):
        dataclasses.replace(FAST, encoder="dense", columns=2)


@pytest.mark.parametrize(
    "changes",
    [{"min_equals": 0}, {"min_equals": 40_000}, {"batch_size": 2}, {"training_images": 53_000}, {"epochs": 1}],
)
def test_settings_at_the_limit_are_accepted(changes: dict[str, Any]) -> None:
    config = dataclasses.replace(ARTICLE, **changes)
    assert {name: getattr(config, name) for name in changes} == changes
