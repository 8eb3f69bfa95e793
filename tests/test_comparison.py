"""Two digits compared: the model's distance and probability, and the nearest of the test digits."""

import numpy as np
import pytest

from siamese_core import evaluation
from siamese_core.comparison import compare
from siamese_core.encoders import build_encoder
from siamese_core.model import SiameseModel
from tests.small import digit


@pytest.fixture(scope="module")
def model() -> SiameseModel:
    card = {"threshold": 0.6, "calibration": {"distances": [0.0, 1.0], "log_odds": [3.0, -2.0]}}
    return SiameseModel(build_encoder("small_conv", 8, np.random.default_rng(0)), card)


@pytest.fixture(scope="module")
def references(model: SiameseModel) -> np.ndarray:
    return model.embed(np.stack([digit(seed) for seed in range(20)]))


def test_it_says_what_the_model_says(model: SiameseModel, references: np.ndarray) -> None:
    found = compare(model, digit(1), digit(2), references, 3)
    assert found.distance == pytest.approx(float(model.distance(digit(1)[None], digit(2)[None])[0]), abs=1e-6)
    assert found.probability_same == pytest.approx(float(model.probability_same(found.distance)))


def test_each_side_has_its_own_nearest(model: SiameseModel, references: np.ndarray) -> None:
    found = compare(model, digit(4), digit(9), references, 3)
    for nearest, seed in ((found.left, 4), (found.right, 9)):
        expected = evaluation.nearest(model.embed(digit(seed)[None]), references, 3)
        assert nearest.indices.tolist() == expected.indices[0].tolist()
        assert nearest.indices[0] == seed
        np.testing.assert_allclose(nearest.distances, expected.distances[0], atol=1e-6)
        assert nearest.distances[0] == pytest.approx(0, abs=1e-6)
        assert (np.diff(nearest.distances) >= 0).all()


def test_identical_digits_have_distance_0_even_if_rounded_apart(
    model: SiameseModel, references: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    embed = model.embed
    monkeypatch.setattr(model, "embed", lambda images: embed(images) + np.float32(1e-6) * np.arange(2)[:, None])
    found = compare(model, digit(4), digit(4).copy(), references, 1)
    assert found.distance == 0.0
    assert found.probability_same == pytest.approx(1 / (1 + np.exp(-3)))
