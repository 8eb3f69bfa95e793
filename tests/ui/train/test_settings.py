"""Settings survive the way into a link and back; nonsense in a link is ignored, and a sentence says so."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siamese_core.config import ARTICLE, FAST
from siamese_core.jobs.limits import Limits
from ui.train.settings import (
    CHOICES,
    MOST_SEED,
    allowed,
    config_from,
    differences,
    from_link,
    settings_of,
    to_link,
    within_limits,
)

LIMITS = Limits()


@st.composite
def chosen(draw: st.DrawFn) -> dict[str, Any]:
    settings = {name: draw(st.sampled_from(values)) for name, values in CHOICES.items()}
    return settings | {
        "margin": draw(st.integers(1, 30)) / 10,
        "min_equals": draw(st.integers(0, settings["training_images"])),
        "epochs": draw(st.integers(1, LIMITS.epochs)),
        "seed": draw(st.integers(0, MOST_SEED)),
    }


@given(chosen())
def test_a_link_gives_back_what_was_chosen(settings: dict[str, Any]) -> None:
    assert from_link(to_link(settings), LIMITS) == (settings, [])


@given(chosen())
def test_whatever_may_be_chosen_can_be_trained(settings: dict[str, Any]) -> None:
    config = config_from(settings)
    assert config.batch_size <= config.training_images


def test_the_article_needs_no_parameters() -> None:
    assert to_link(settings_of(ARTICLE)) == {}
    assert from_link({}, LIMITS) == (settings_of(ARTICLE), [])


@pytest.mark.parametrize("recipe", [ARTICLE, FAST])
def test_a_recipe_is_recognised_by_its_settings(recipe: Any) -> None:
    assert config_from(settings_of(recipe)) == recipe
    assert config_from(settings_of(recipe) | {"margin": 2.0}).recipe == "own"


@pytest.mark.parametrize(("optimizer", "falls"), [("rmsprop", False), ("adam", True), ("muon", True)])
def test_the_learning_rate_falls_but_with_the_articles_optimizer(optimizer: str, falls: bool) -> None:
    assert config_from(settings_of(ARTICLE) | {"optimizer": optimizer}).decay is falls


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("margin", "0"), ("margin", "nan"), ("margin", "inf"), ("margin", "wide"), ("margin", "1e99"),
        ("epochs", "0"), ("epochs", "51"), ("epochs", "1.5"), ("epochs", ""), ("epochs", "<script>"),
        ("min_equals", "-1"), ("min_equals", "999999"), ("seed", "-3"), ("encoder", "huge"),
        ("embedding_size", "3"), ("training_images", "60000"), ("learning_rate", "nan"), ("pairing", "x" * 500),
    ],
)  # fmt: skip
def test_nonsense_is_ignored_with_a_word(name: str, text: str) -> None:
    settings, complaints = from_link({name: text, "seed": "7"} | ({"seed": text} if name == "seed" else {}), LIMITS)
    assert settings[name] == settings_of(ARTICLE)[name]
    assert len(complaints) == 1
    assert name in complaints[0]
    assert len(complaints[0]) < 200
    assert settings["seed"] == (0 if name == "seed" else 7), "the rest of the link holds"


def test_more_equals_than_images_are_cut_down() -> None:
    settings, complaints = from_link({"training_images": "100", "min_equals": "5000"}, LIMITS)
    assert settings["min_equals"] == 100
    assert "cut down" in complaints[0]


def test_without_a_word_about_it_min_equals_keeps_the_articles_proportion() -> None:
    assert from_link({"training_images": "2000"}, LIMITS) == (
        settings_of(ARTICLE) | {"training_images": 2_000, "min_equals": 750},
        [],
    )


def test_parameters_of_others_are_left_alone() -> None:
    assert from_link({"model": "shipped", "utm_source": "x"}, LIMITS)[1] == []


def test_a_smaller_deployment_offers_fewer_images() -> None:
    assert max(allowed("training_images", Limits(training_images=1_000))) == 1_000
    settings, complaints = from_link({"training_images": "5000"}, Limits(training_images=1_000))
    assert "training_images" in complaints[0]
    assert (settings["training_images"], settings["min_equals"]) == (1_000, 380)


def test_a_smaller_deployment_begins_within_its_limits() -> None:
    settings, complaints = from_link({}, Limits(epochs=7, training_images=3_000))
    assert (settings["epochs"], settings["training_images"], settings["min_equals"]) == (7, 2_000, 750)
    assert not complaints
    assert within_limits(settings_of(FAST), Limits()) == settings_of(FAST)


def test_differences_are_named() -> None:
    assert differences(ARTICLE, dataclasses.replace(ARTICLE, margin=2.0, epochs=3)) == ["margin", "epochs"]
    assert differences(ARTICLE, ARTICLE) == []
