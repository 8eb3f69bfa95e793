"""Principal components against scikit-learn, and one map turned onto another."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from siamese_core.projection.pca import fit_pca, project, turn_onto


def cloud(n: int = 60, d: int = 7, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)) * np.arange(1, d + 1) + rng.normal(size=d)


def test_points_on_a_line_need_one_axis() -> None:
    pca = fit_pca(np.array([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]]), 2)
    assert pca.explained == pytest.approx([1, 0])
    assert pca.axes[0] == pytest.approx([0.6, 0.8])
    assert project(pca, np.array([[6.0, 8.0]]))[0] == pytest.approx([5, 0])


@pytest.mark.parametrize("k", [1, 2, 3, 7])
def test_as_scikit_learn_has_it(k: int) -> None:
    x = cloud()
    theirs = PCA(k, svd_solver="full").fit(x)
    ours = fit_pca(x, k)
    assert ours.explained == pytest.approx(theirs.explained_variance_ratio_)
    assert np.abs(project(ours, x)) == pytest.approx(np.abs(theirs.transform(x)))


def test_the_largest_entry_of_each_axis_is_positive() -> None:
    axes = fit_pca(cloud(), 5).axes
    assert (np.take_along_axis(axes, np.abs(axes).argmax(1)[:, None], 1) > 0).all()


def test_points_without_variance_give_no_nonsense() -> None:
    pca = fit_pca(np.ones((4, 3)), 2)
    assert pca.explained.tolist() == [0, 0]
    assert project(pca, np.ones((4, 3))) == pytest.approx(np.zeros((4, 2)))


@pytest.mark.parametrize(("shape", "k"), [((4, 3), 0), ((4, 3), 4), ((0, 3), 2), ((4,), 1)])
def test_what_cannot_be_fitted_is_refused(shape: tuple[int, ...], k: int) -> None:
    with pytest.raises(ValueError, match="expected embeddings"):
        fit_pca(np.zeros(shape), k)


@given(st.floats(0, 2 * np.pi), st.booleans())
def test_a_turned_or_mirrored_map_comes_back(angle: float, mirrored: bool) -> None:
    points = cloud(20, 2)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = points @ turn * ([-1, 1] if mirrored else [1, 1])
    assert turn_onto(moved, points) == pytest.approx(points)


def test_turning_keeps_the_distances() -> None:
    points = cloud(20, 2)
    turned = turn_onto(points, cloud(20, 2, seed=1))
    assert np.linalg.norm(turned[3] - turned[7]) == pytest.approx(np.linalg.norm(points[3] - points[7]))


def test_maps_of_different_digits_are_refused() -> None:
    with pytest.raises(ValueError, match="the same shape"):
        turn_onto(np.zeros((3, 2)), np.zeros((4, 2)))
