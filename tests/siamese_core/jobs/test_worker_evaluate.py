"""What the worker tells the Evaluate page: small enough to be sent, and the same as without a worker."""

import pickle
from collections.abc import Iterator
from unittest.mock import patch

import numpy as np
import pytest

from siamese_core.config import SHIPPED_MODEL
from siamese_core.datasets.dataset import to_float
from siamese_core.imaging.distort import AMOUNTS
from siamese_core.jobs import worker
from siamese_core.metrics.counting import Counted, count_pairs
from siamese_core.metrics.robustness import robustness
from siamese_core.networks.card import ModelError
from siamese_core.networks.model import load_model
from tests.siamese_core.metrics.clouds import cloud
from tests.small import small_splits


@pytest.fixture(autouse=True)
def few_digits() -> Iterator[None]:
    with patch.object(worker, "_splits", small_splits), patch.object(worker, "DISTORTED", 40):
        yield


def test_curves_and_hardest_pairs_can_be_sent() -> None:
    embeddings, labels = cloud(400, 10)
    sent = pickle.dumps(worker.evaluate(embeddings, labels, 10, (0.7,)))
    assert len(sent) < 4e6
    found, own = pickle.loads(sent), count_pairs(embeddings, labels, 10, (0.7,))  # noqa: S301 its own
    assert isinstance(found, Counted)
    for one, other in zip(found.curves, own.curves, strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(found.hardest.impostor.left, own.hardest.impostor.left)


def test_robustness_is_that_of_the_first_test_images() -> None:
    found = worker.robustness(SHIPPED_MODEL, "scale", canonical=True)
    model, test = load_model(), small_splits().test.subset(slice(40))
    own = robustness(
        model, to_float(test.images), test.labels, "scale", AMOUNTS["scale"], model.threshold, canonical=True
    )
    np.testing.assert_array_equal(found.amounts, AMOUNTS["scale"])
    np.testing.assert_allclose(found.distance, own.distance, atol=1e-6)
    assert pickle.loads(pickle.dumps(found)).errors == own.errors  # noqa: S301 its own


def test_a_missing_model_is_an_error() -> None:
    with pytest.raises(ModelError):
        worker.robustness(SHIPPED_MODEL / "nowhere", "turn", canonical=False)
