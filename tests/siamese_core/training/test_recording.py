"""The recorded trainings of How it works: what is shipped, and how it is written and read."""

from pathlib import Path

import numpy as np
import pytest

from assets import make_explained
from siamese_core.config import EXPLAINED
from siamese_core.datasets.article import VALIDATION_SIZE
from siamese_core.datasets.dataset import DataError
from siamese_core.datasets.mnist import load_mnist
from siamese_core.metrics import verification
from siamese_core.networks.card import config_of, read_card
from siamese_core.training import recording
from siamese_core.training.recording import read_recordings, write_recordings

SHIPPED = EXPLAINED / "training.npz"


def test_what_is_shipped_is_small_and_shows_what_its_chapter_says() -> None:
    found = read_recordings(SHIPPED)
    assert SHIPPED.stat().st_size < 300_000
    assert found.xy.shape == (3, len(found.epochs), 200, 2)
    assert (found.epochs[0], found.epochs[-1]) == (0, 6)
    small, right, _ = found.eer
    third = len(found.epochs) // 3
    assert small[third] > 0.4, "with a small margin nothing is told apart at first"
    assert right[third] < 0.1
    assert right[-1] < small[-1] / 3
    width = [np.abs(frames[-1]).max() for frames in found.xy]
    assert width[2] > 2 * width[1] > 4 * width[0], "the space grows with the margin"


def test_recordings_come_back_as_they_were_written(tmp_path: Path) -> None:
    found = read_recordings(SHIPPED)
    write_recordings(tmp_path / "again.npz", found)
    again = read_recordings(tmp_path / "again.npz")
    np.testing.assert_array_equal(again.xy, found.xy)
    np.testing.assert_array_equal(again.labels, found.labels)
    assert (again.settings, again.class_names) == (found.settings, found.class_names)
    pairs = verification.all_pairs(found.xy[1, -1], found.labels)
    assert again.eer[1, -1] == verification.equal_error_rate(pairs).rate


def test_a_damaged_file_is_told_of_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "cut.npz").write_bytes(SHIPPED.read_bytes()[:2_000])
    for name in ("cut.npz", "none.npz"):
        with pytest.raises(DataError, match="missing or damaged"):
            read_recordings(tmp_path / name)


def test_the_second_network_was_trained_without_its_unseen_classes() -> None:
    cards = [read_card(EXPLAINED / name) for name in ("ten_digits", "without_4_and_9")]
    assert [card["classes"] for card in cards] == [list(range(10)), [0, 1, 2, 3, 5, 6, 7, 8]]
    assert [config_of(card).training_images for card in cards] == [40_000, 32_000]


@pytest.mark.slow
def test_a_recording_is_made_anew_as_it_is_shipped() -> None:
    splits = load_mnist()
    rest = splits.train.subset(slice(VALIDATION_SIZE, None))
    data = make_explained.only(rest, make_explained.SHOWN_DIGITS).subset(slice(2_000))
    watched = make_explained.only(splits.validation, make_explained.SHOWN_DIGITS).subset(slice(200))
    epochs, frames = recording.record(make_explained.RECORDED, data, watched)
    shipped = read_recordings(SHIPPED)
    np.testing.assert_allclose(epochs, shipped.epochs, atol=1e-6)
    np.testing.assert_allclose(frames[0], shipped.xy[1, 0], atol=2e-3)  # where the training began
    assert abs(recording.errors(frames[-1:], watched.labels)[0] - shipped.eer[1, -1]) < 0.03
