"""What is seen of a network while it learns, with embeddings made by hand."""

import dataclasses

import numpy as np
import pytest

from siamese_core.config import ARTICLE, FAST, TrainingConfig
from siamese_core.datasets.article import watched_pairs, watched_part
from siamese_core.datasets.dataset import Dataset
from siamese_core.training.monitor import MAP_IMAGES, TRAINED_IMAGES, Monitor, Position
from tests.small import small_splits

BEGIN = Position(0.0, 0, 100, 0.0)


@pytest.fixture(scope="module")
def validation() -> Dataset:
    return watched_part(small_splits())


def perfect(digits: Dataset) -> np.ndarray:
    """Return embeddings that lie at ten corners, one for each class, each digit a little beside its own."""
    noise = np.random.default_rng(0).normal(scale=1e-3, size=(len(digits.labels), 10))
    return (np.eye(10)[digits.labels] + noise).astype(np.float32)


def test_a_perfect_network_is_seen_as_perfect(validation: Dataset) -> None:
    point, frame = Monitor(ARTICLE, validation, validation).look(
        lambda _: perfect(validation), 1.5, Position(2.0, 50, 100, 7.0)
    )
    assert (point.seconds, point.epoch, point.step, point.steps) == (1.5, 2.0, 50, 100)
    assert point.validation_accuracy == point.validation_accuracy_at_threshold == 1
    assert point.validation_loss < 1e-4
    assert point.loss is not None
    assert point.loss < 1e-4
    assert 0.1 < point.threshold < 1.4
    assert frame.xy.shape == (MAP_IMAGES, 2)
    assert frame.threshold == point.threshold


def test_a_network_that_sees_nothing_is_seen_as_such(validation: Dataset) -> None:
    still = np.zeros((len(validation.labels), 8), np.float32)
    point, frame = Monitor(ARTICLE, validation, validation).look(lambda _: still, 0, BEGIN)
    assert point.validation_accuracy == pytest.approx(0.46, abs=0.03), "the share of genuine pairs"
    assert not frame.xy.any()


@pytest.mark.parametrize(
    ("margin", "impostor_costs", "impostors_right"),
    [(1.0, (1, 0.16, 0.04, 0), (0, 1, 1, 1)), (3.0, (9, 5.76, 4.84, 4), (0, 0, 0, 0))],  # thresholds of 0.5 and 1.5
)
def test_loss_and_accuracy_of_digits_on_the_corners_of_a_rectangle(
    validation: Dataset, margin: float, impostor_costs: tuple[float, ...], impostors_right: tuple[int, ...]
) -> None:
    """Sides of 0.6, between the digits below 5 and the others, and 0.8, between even and odd places."""
    high, odd = validation.labels >= 5, np.arange(2_000) % 2 == 1
    corners = np.stack([0.6 * high, 0.8 * odd], axis=1).astype(np.float32)
    config = dataclasses.replace(ARTICLE, margin=margin, min_equals=16_000)  # so the pairs are the watched ones
    point, _ = Monitor(config, validation, validation).look(lambda _: corners, 0, BEGIN)
    left, right, same = watched_pairs(validation.labels)
    apart = (high[left] != high[right]) + 2 * (odd[left] != odd[right])  # 0, 0.6, 0.8 or 1: which of the four it is
    genuine, impostor = (np.bincount(apart[same == kind], minlength=4) / 2_000 for kind in (1, 0))
    assert point.validation_loss == pytest.approx(genuine @ (0, 0, 0.64, 0) + impostor @ impostor_costs, rel=1e-5)
    genuine_right = (1, 0, int(margin == 3), 0)  # none of them is 0.6 or 1 apart
    assert point.validation_accuracy == pytest.approx(genuine @ genuine_right + impostor @ impostors_right)


def test_each_picture_is_turned_onto_the_last(validation: Dataset) -> None:
    monitor, embeddings = Monitor(ARTICLE, validation, validation), perfect(validation)
    first = monitor.look(lambda _: embeddings, 0, BEGIN)[1].xy
    turned = np.linalg.qr(np.random.default_rng(1).normal(size=(10, 10)))[0].astype(np.float32)
    second = monitor.look(lambda _: embeddings @ turned, 0, BEGIN)[1].xy
    assert second == pytest.approx(first, abs=1e-3)


def test_two_dimensions_are_shown_as_they_are(validation: Dataset) -> None:
    flat = perfect(validation)[:, :2]
    frame = Monitor(ARTICLE, validation, validation).look(lambda _: flat, 0, BEGIN)[1]
    assert (frame.xy == flat[:MAP_IMAGES]).all()


def test_one_dimension_is_shown_on_a_line(validation: Dataset) -> None:
    line = perfect(validation)[:, :1]
    frame = Monitor(ARTICLE, validation, validation).look(lambda _: line, 0, BEGIN)[1]
    assert (frame.xy[:, 0] == line[:MAP_IMAGES, 0]).all()
    assert not frame.xy[:, 1].any()


@pytest.mark.parametrize(
    "config",
    [
        ARTICLE,
        dataclasses.replace(ARTICLE, min_equals=40_000),
        dataclasses.replace(ARTICLE, pairing="some_per_image", per_image=3),
        FAST,
        dataclasses.replace(FAST, loss="supervised_contrastive"),
    ],
)
def test_of_one_network_on_the_same_digits_both_losses_are_one_number(
    validation: Dataset, config: TrainingConfig
) -> None:
    few = validation.subset(slice(TRAINED_IMAGES))
    embedded = np.random.default_rng(1).normal(size=(TRAINED_IMAGES, 8)).astype(np.float32)
    point, _ = Monitor(config, few, few).look(lambda _: embedded, 0, BEGIN)
    assert point.loss == point.validation_loss > 0


def test_each_loss_is_of_its_own_digits(validation: Dataset) -> None:
    trained = validation.subset(slice(1_500))  # of which the first 1,000 count
    learned, guessed = perfect(trained)[:TRAINED_IMAGES], np.zeros((2_000, 10), np.float32)
    point, _ = Monitor(ARTICLE, validation, trained).look(
        lambda images: learned if len(images) == TRAINED_IMAGES else guessed, 0, BEGIN
    )
    assert point.loss is not None
    assert point.loss < 1e-4
    assert point.validation_loss > 0.5


def test_embeddings_that_are_no_numbers_end_it(validation: Dataset) -> None:
    broken = np.full((len(validation.labels), 4), np.nan, np.float32)
    with pytest.raises(FloatingPointError, match="no longer numbers"):
        Monitor(ARTICLE, validation, validation).look(lambda _: broken, 0, BEGIN)
