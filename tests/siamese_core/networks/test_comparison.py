"""Two digits compared: the model's distance and probability."""

from unittest.mock import patch

import numpy as np
import pytest

from siamese_core.metrics.distances import References
from siamese_core.networks.comparison import compare
from siamese_core.networks.encoders import build_encoder
from siamese_core.networks.keras_encoder import KerasEncoder
from siamese_core.networks.model import SiameseModel
from tests.small import digit


@pytest.fixture(scope="module")
def model() -> SiameseModel:
    card = {"threshold": 0.6, "calibration": {"distances": [0.0, 1.0], "log_odds": [3.0, -2.0]}}
    return SiameseModel(KerasEncoder(build_encoder("small_conv", 8, np.random.default_rng(0))), card)


def test_it_says_what_the_model_says(model: SiameseModel) -> None:
    found = compare(model, digit(1), digit(2))
    assert found.distance == pytest.approx(float(model.distance(digit(1)[None], digit(2)[None])[0]), abs=1e-6)
    assert found.probability_same == pytest.approx(float(model.probability_same(found.distance)))


def test_it_gives_the_nearest_known_of_left_and_right(model: SiameseModel) -> None:
    images = np.stack([digit(seed) for seed in range(20)])
    knows = SiameseModel(model.encoder, model.card, model.embed(images))
    near = compare(knows, digit(4), digit(9)).neighbours
    assert near is not None
    assert near.indices.shape == (2, 6)
    assert near.indices[:, 0].tolist() == [4, 9]
    assert compare(model, digit(4), digit(9)).neighbours is None


def test_the_known_ones_are_searched_once(model: SiameseModel) -> None:
    knows = SiameseModel(model.encoder, {**model.card, "novelty_limit": 1.0}, np.zeros((9, 8), np.float32))
    with patch.object(References, "nearest", autospec=True, side_effect=References.nearest) as searched:
        compare(knows, digit(4), digit(9))
    searched.assert_called_once()


def test_identical_digits_have_distance_0_even_if_rounded_apart(
    model: SiameseModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    embed = model.embed
    monkeypatch.setattr(model, "embed", lambda images: embed(images) + np.float32(1e-6) * np.arange(2)[:, None])
    found = compare(model, digit(4), digit(4).copy())
    assert found.distance == 0.0
    assert found.probability_same == pytest.approx(1 / (1 + np.exp(-3)))


def test_it_says_which_is_unlike_any_known_digit(model: SiameseModel) -> None:
    known = model.embed(np.stack([digit(1)] * 5))
    assert compare(model, digit(1), digit(2)).unlike == (False, False), "no limit was fitted"
    limited = SiameseModel(model.encoder, {**model.card, "novelty_limit": 1e-4}, known)
    assert compare(limited, digit(1), digit(2)).unlike == (False, True)
    assert compare(limited, np.zeros((28, 28), np.float32), digit(1)).unlike == (True, False)


def test_a_pair_with_one_that_is_no_digit_is_judged_as_symbols_if_the_model_knows_how(model: SiameseModel) -> None:
    fit = {"threshold": 0.3, "calibration": {"distances": [0.0, 1.0], "log_odds": [1.0, -1.0]}}
    known = model.embed(np.stack([digit(1)] * 5))
    knows = SiameseModel(model.encoder, {**model.card, "novelty_limit": 1e-4, "symbols": fit}, known)
    digits, symbols = compare(knows, digit(1), digit(1)), compare(knows, digit(1), digit(2))
    assert (digits.symbols, digits.threshold) == (False, 0.6)
    assert (symbols.symbols, symbols.threshold) == (True, 0.3)
    assert symbols.probability_same == pytest.approx(1 / (1 + np.exp(2 * symbols.distance - 1)))
    beside = compare(SiameseModel(model.encoder, model.card, known), digit(1), digit(2), knows)
    assert (beside.symbols, beside.threshold, beside.unlike) == (True, 0.3, (False, True)), "another model judges it"
    alone = compare(SiameseModel(model.encoder, model.card, known), digit(1), digit(1), knows)
    assert (alone.symbols, alone.threshold) == (False, 0.6)
    without = compare(SiameseModel(model.encoder, {**model.card, "novelty_limit": 1e-4}, known), digit(1), digit(2))
    assert (without.symbols, without.threshold, without.unlike) == (False, 0.6, (False, True))
