"""The one-shot test: right is who finds the example of the query's class nearest."""

from pathlib import Path

import numpy as np

from benchmarks.one_shot import read_trials, right_answers


def test_the_nearest_example_answers() -> None:
    support = np.array([[0, 0], [1, 0], [0, 1]], np.float32)
    query = np.array([[0.1, 0], [0.9, 0.2], [1, 0.1]], np.float32)
    assert right_answers(support, query, np.array([0, 1, 2])).tolist() == [True, True, False]


def test_trials_are_read_in_their_order(tmp_path: Path) -> None:
    bitmaps = np.zeros((1, 2, 105, 105), bool)
    bitmaps[0, 0, 20:80, 50:54] = True  # upright
    bitmaps[0, 1, 50:54, 20:80] = True  # lying
    bits = np.packbits(bitmaps, axis=-1)
    np.savez(tmp_path / "t.npz", support=bits, query=bits[:, ::-1], query_label=np.array([[1, 0]]))
    support, query, right = read_trials(tmp_path / "t.npz")
    assert support.shape == (1, 2, 28, 28)
    np.testing.assert_array_equal(support[0][right[0]], query[0])
    assert np.ptp(np.nonzero(support[0, 0])[0]) > np.ptp(np.nonzero(support[0, 0])[1])
