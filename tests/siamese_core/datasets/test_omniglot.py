"""A file of symbols that people wrote: read, drawn, and every quarter turn a class unless it looks like another."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from siamese_core.datasets.dataset import DataError
from siamese_core.datasets.omniglot import Omniglot, bitmap_images, omniglot_images, read_omniglot

SIDE = 105


def bitmap(strokes: list[np.ndarray]) -> np.ndarray:
    """Draw strokes given in tenths of a pixel, three pixels wide."""
    ink = np.zeros((SIDE, SIDE), bool)
    for stroke in strokes:
        along = np.linspace(0, len(stroke) - 1, 400)
        xy = np.stack([np.interp(along, np.arange(len(stroke)), side) for side in stroke.T / 10], axis=1).astype(int)
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                ink[xy[:, 1] + dy, xy[:, 0] + dx] = True
    return ink


CORNER = [np.array([[200, 100], [200, 800], [700, 800]], float)]  # looks different after each quarter turn
CROSS = [np.array([[500, 100], [500, 900]], float), np.array([[100, 500], [900, 500]], float)]  # looks the same
BAR = [np.array([[500, 100], [500, 900]], float), np.array([[450, 300], [550, 300]], float)]


def some(*drawings: list[np.ndarray], labels: list[int]) -> Omniglot:
    names = tuple(f"class {i}" for i in range(max(labels) + 1))
    return Omniglot(list(drawings), np.stack([bitmap(d) for d in drawings]), np.array(labels, np.int64), names)


def written(path: Path, symbols: Omniglot, **changes: Any) -> Path:
    """Write symbols as a file."""
    strokes = [stroke for drawing in symbols.strokes for stroke in drawing]
    arrays: dict[str, Any] = {
        "points": np.concatenate(strokes).astype(np.int16),
        "stroke_ends": np.cumsum([len(stroke) for stroke in strokes]),
        "symbol_ends": np.cumsum([len(drawing) for drawing in symbols.strokes]),
        "labels": symbols.labels.astype(np.int16),
        "class_names": np.array(symbols.class_names),
        "images": np.packbits(symbols.bitmaps, axis=-1),
    }
    arrays |= changes
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    return path


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    symbols = some(CORNER, CROSS, labels=[0, 1])
    again = read_omniglot(written(tmp_path / "symbols.npz", symbols))
    assert again.class_names == symbols.class_names
    np.testing.assert_array_equal(again.labels, symbols.labels)
    np.testing.assert_array_equal(again.bitmaps, symbols.bitmaps)
    for drawing, expected in zip(again.strokes, symbols.strokes, strict=True):
        for stroke, points in zip(drawing, expected, strict=True):
            np.testing.assert_array_equal(stroke, points)


@pytest.mark.parametrize("change", [{"labels": None}, {"labels": np.array([0, 9])}, {"images": np.zeros((1, 105, 14))}])
def test_other_files_are_refused_in_one_sentence(tmp_path: Path, change: dict[str, Any]) -> None:
    path = written(tmp_path / "symbols.npz", some(CORNER, CROSS, labels=[0, 1]), **change)
    with pytest.raises(DataError, match=r"symbols\.npz is no file of symbols"):
        read_omniglot(path)


def test_missing_and_foreign_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no file"):
        read_omniglot(tmp_path / "none.npz")
    (tmp_path / "text.npz").write_text("no archive")
    with pytest.raises(DataError, match=r"text\.npz is no file of symbols"):
        read_omniglot(tmp_path / "text.npz")


def test_quarter_turns_are_classes_unless_they_look_the_same() -> None:
    found = omniglot_images(some(CORNER, CROSS, labels=[0, 1]), np.random.default_rng(0), versions=2)
    count = {name: int((found.labels == i).sum()) for i, name in enumerate(found.class_names)}
    kept = {name for name, images in count.items() if images}
    assert kept == {"class 0", "class 1", "class 0 turned 90", "class 0 turned 180", "class 0 turned 270"}
    assert {count[name] for name in kept} == {3}, "the bitmap, and two drawn anew"
    upright, turned = (
        found.images[found.labels == found.class_names.index(n)][0] for n in ("class 0", "class 0 turned 90")
    )
    np.testing.assert_array_equal(np.rot90(upright), turned)


def test_a_half_turn_that_looks_the_same_is_no_class() -> None:
    found = omniglot_images(some(BAR, BAR, labels=[0, 0]), np.random.default_rng(0), versions=0)
    kept = {found.class_names[label] for label in np.unique(found.labels)}
    assert "class 0 turned 90" in kept
    assert "class 0 turned 270" not in kept


def test_bitmaps_become_images_like_drawings() -> None:
    images = bitmap_images(np.stack([bitmap(CORNER)]))
    assert images.shape == (1, 28, 28)
    assert images.dtype == np.uint8
    rows, columns = (np.flatnonzero(images[0].max(axis=axis)) for axis in (1, 0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
