"""A data set refuses what does not belong together; parts of it and several of them keep names and labels right."""

import numpy as np
import pytest

from siamese_core.datasets.dataset import Dataset, join, to_float


def dataset(labels: list[int], names: str, name: str = "made") -> Dataset:
    """Return a data set whose image i is full of i."""
    images = np.arange(len(labels), dtype=np.uint8)[:, None, None] * np.ones((1, 2, 3), np.uint8)
    return Dataset(name, images, np.array(labels, np.int64), tuple(names))


def test_it_counts_images_and_classes_also_those_without_an_image() -> None:
    made = dataset([0, 0, 1], "abc")
    assert (len(made), made.classes) == (3, 3)


def test_a_subset_keeps_images_and_labels_together() -> None:
    some = dataset([0, 1, 2, 1], "abc").subset(np.array([3, 2]))
    assert (some.labels.tolist(), some.images[:, 0, 0].tolist(), some.class_names) == ([1, 2], [3, 2], ("a", "b", "c"))
    assert dataset([0, 1, 2, 1], "abc").subset(slice(1, 3)).labels.tolist() == [1, 2]


def test_joined_classes_of_one_name_are_one() -> None:
    both = join([dataset([0, 1], "ab", "first"), dataset([0, 1, 2, 0], "cba", "second")])
    assert both.name == "first"
    assert both.class_names == ("a", "b", "c")
    assert both.labels.tolist() == [0, 1, 2, 1, 0, 2]
    assert both.images[:, 0, 0].tolist() == [0, 1, 0, 1, 2, 3]


@pytest.mark.parametrize(
    ("images", "labels", "sentence"),
    [
        (np.zeros((2, 3, 3), np.float32), np.zeros(2, np.int64), r"expected images \(n, h, w\) uint8, got float32"),
        (np.zeros((2, 3), np.uint8), np.zeros(2, np.int64), r"expected images .* of shape \(2, 3\)"),
        (np.zeros((2, 3, 3), np.uint8), np.zeros(3, np.int64), r"expected 2 labels int64, got int64 of shape \(3,\)"),
        (np.zeros((2, 3, 3), np.uint8), np.zeros(2, np.uint8), "expected 2 labels int64, got uint8"),
        (np.zeros((2, 3, 3), np.uint8), np.array([0, 2]), "expected labels from 0 to 1, .* got 0 to 2"),
        (np.zeros((2, 3, 3), np.uint8), np.array([-1, 1]), "expected labels from 0 to 1, .* got -1 to 1"),
    ],
)
def test_what_does_not_belong_together_is_refused(images: np.ndarray, labels: np.ndarray, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Dataset("bad", images, labels, ("a", "b"))


def test_to_float_scales_to_one() -> None:
    assert to_float(np.array([[[0, 51, 255]]], np.uint8)).tolist() == [[[0.0, pytest.approx(0.2), 1.0]]]
