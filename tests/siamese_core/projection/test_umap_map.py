"""UMAP: a seeded fit, new points placed on it, and maps kept in files."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siamese_core.config import SHIPPED_MODEL
from siamese_core.metrics.distances import nearest
from siamese_core.projection import umap_map
from siamese_core.projection.umap_map import MapError, MapSettings

RNG = np.random.default_rng(0)
LABELS = np.repeat([0, 1, 2], 30)
CLUSTERS = (np.eye(3, 8)[LABELS] * 5 + RNG.normal(size=(90, 8))).astype(np.float32)  # three, far apart
PLANE = RNG.normal(size=(90, 2)).astype(np.float32)  # stands for a map of them


@pytest.fixture(scope="module")
def fitted() -> tuple[np.ndarray, list[float]]:
    """Fit once, for the compiler takes seconds, and note what was told on the way."""
    told: list[float] = []
    return umap_map.fit_umap(CLUSTERS, MapSettings(neighbours=10), told.append), told


@pytest.mark.slow  # compiles UMAP
def test_a_fit_parts_what_lies_apart_and_tells_how_far_it_is(fitted: tuple[np.ndarray, list[float]]) -> None:
    xy, told = fitted
    assert xy.shape == (90, 2)
    middles = np.stack([xy[c == LABELS].mean(axis=0) for c in range(3)])
    assert (np.linalg.norm(xy[:, None] - middles, axis=2).argmin(axis=1) == LABELS).all()
    assert told == sorted(told)
    assert told[-1] == 1


@pytest.mark.slow  # compiles UMAP
def test_the_same_fit_gives_the_same_map(fitted: tuple[np.ndarray, list[float]]) -> None:
    np.testing.assert_array_equal(umap_map.fit_umap(CLUSTERS, MapSettings(neighbours=10)), fitted[0])


@pytest.mark.slow  # compiles UMAP
@pytest.mark.parametrize(("n", "dimensions"), [(5, 2), (5, 3), (30, 2)])
def test_few_and_even_identical_embeddings_have_a_map(n: int, dimensions: int) -> None:
    for embeddings in (CLUSTERS[:n], np.ones((n, 8), np.float32), CLUSTERS[:n, :1]):
        xy = umap_map.fit_umap(embeddings, MapSettings(neighbours=n - 1, dimensions=dimensions))
        assert xy.shape == (n, dimensions)
        assert np.isfinite(xy).all()


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4])
def test_too_few_embeddings_are_refused_with_a_sentence(n: int) -> None:
    sentence = rf"^A map of this kind needs from 5 to 4,000 images, not {n}\.$"
    with pytest.raises(MapError, match=sentence):
        umap_map.fit_umap(CLUSTERS[:n], MapSettings(neighbours=2))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_embeddings_that_are_no_numbers_are_refused_with_a_sentence(value: float) -> None:
    broken = CLUSTERS.copy()
    broken[3, 3] = value
    with pytest.raises(MapError, match=r"^The embeddings are not all numbers, so there is no map of them\.$"):
        umap_map.fit_umap(broken, MapSettings())


@pytest.mark.slow  # compiles UMAP
def test_new_embeddings_are_placed_where_umap_begins_to_place_them(fitted: tuple[np.ndarray, list[float]]) -> None:
    from scipy.sparse import csr_matrix
    from umap.umap_ import compute_membership_strengths, init_graph_transform, smooth_knn_dist

    new = CLUSTERS[:12] + np.random.default_rng(1).normal(size=(12, 8), scale=0.5).astype(np.float32)
    near = nearest(new, CLUSTERS, 10)
    sigmas, rhos = smooth_knn_dist(near.distances, 10.0, local_connectivity=0.0)
    rows, columns, strengths, _ = compute_membership_strengths(
        near.indices.astype(np.int32), near.distances, sigmas, rhos, bipartite=True
    )
    graph = csr_matrix((strengths, (rows, columns)), shape=(12, 90))
    expected = init_graph_transform(graph, fitted[0])
    np.testing.assert_allclose(umap_map.place(new, CLUSTERS, fitted[0], 10), expected, atol=1e-3)


@pytest.mark.parametrize("neighbours", [2, 15, 90])
def test_a_fitted_embedding_lands_on_its_own_point(neighbours: int) -> None:
    np.testing.assert_allclose(umap_map.place(CLUSTERS, CLUSTERS, PLANE, neighbours), PLANE, atol=1e-6)


def test_an_embedding_rounded_otherwise_lands_there_too() -> None:
    rounded = CLUSTERS * np.float32(1 + 3e-7)
    np.testing.assert_allclose(umap_map.place(rounded, CLUSTERS, PLANE, 15), PLANE, atol=1e-6)


def test_between_two_alike_neighbours_lies_the_middle() -> None:
    embeddings = np.array([[0.0, 0], [2, 0], [50, 0], [0, 50]], np.float32)
    placed = umap_map.place(
        np.array([[1.0, 0]], np.float32), embeddings, np.array([[0, 0], [4, 2], [9, 9], [7, 7.0]]), 2
    )
    np.testing.assert_allclose(placed, [[2, 1]])


@given(st.integers(2, 40), st.integers(0, 2**32 - 1), st.floats(1e-3, 1e3))
def test_memberships_fall_with_distance_and_add_up(k: int, seed: int, scale: float) -> None:
    distances = np.sort(np.random.default_rng(seed).uniform(0.2, 1, (3, k))) * scale
    strengths = umap_map.memberships(distances)
    assert (np.diff(strengths, axis=1) <= 0).all()
    wanted = min(np.log2(k), k - 1)
    np.testing.assert_allclose(strengths[:, 1:].sum(axis=1), wanted, rtol=1e-3)


def test_a_place_needs_a_point_for_each_embedding() -> None:
    with pytest.raises(ValueError, match="90 for 89"):
        umap_map.place(CLUSTERS, CLUSTERS[:89], PLANE, 5)


@pytest.mark.parametrize(
    ("settings", "n", "word"),
    [
        (MapSettings(neighbours=1), 90, "neighbours"),
        (MapSettings(neighbours=90), 90, "neighbours"),
        (MapSettings(min_dist=0.9), 90, "min_dist"),
        (MapSettings(min_dist=float("nan")), 90, "min_dist"),
        (MapSettings(dimensions=4), 90, "dimensions"),
        (MapSettings(), 4_001, "4,000 images"),
    ],
)
def test_settings_that_cannot_be_are_named(settings: MapSettings, n: int, word: str) -> None:
    with pytest.raises(MapError, match=rf"^A map of this kind needs [^\n]*{word}[^\n]*, not [^\n]*\.$"):
        umap_map.check_settings(settings, n)


def test_a_larger_sample_holds_the_smaller() -> None:
    large = umap_map.sample(10_000, 4_000)
    assert len(set(large.tolist())) == 4_000
    np.testing.assert_array_equal(umap_map.sample(10_000, 1_000), large[:1_000])
    assert sorted(umap_map.sample(5, 10)) == [0, 1, 2, 3, 4]


# --- files ---


def test_a_map_is_read_as_it_was_written(tmp_path: Path) -> None:
    umap_map.write_map(tmp_path / "new" / "map.npz", CLUSTERS, PLANE)
    np.testing.assert_array_equal(umap_map.read_map(tmp_path / "new" / "map.npz", CLUSTERS, 2), PLANE)
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["map.npz"]


def test_a_map_of_other_embeddings_is_refused(tmp_path: Path) -> None:
    umap_map.write_map(tmp_path / "map.npz", CLUSTERS, PLANE)
    other = CLUSTERS.copy()
    other[3, 3] += 1e-3
    with pytest.raises(MapError, match="other embeddings"):
        umap_map.read_map(tmp_path / "map.npz", other, 2)
    with pytest.raises(MapError, match="other embeddings"):
        umap_map.read_map(tmp_path / "map.npz", CLUSTERS, 3)


def test_a_missing_or_damaged_map_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MapError, match=r"^There is no map map\.npz\.$"):
        umap_map.read_map(tmp_path / "map.npz", CLUSTERS, 2)
    umap_map.write_map(tmp_path / "map.npz", CLUSTERS, PLANE)
    whole = (tmp_path / "map.npz").read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], b"nonsense"):
        (tmp_path / "map.npz").write_bytes(damaged)
        with pytest.raises(MapError, match=r"^The map map\.npz is damaged\.$"):
            umap_map.read_map(tmp_path / "map.npz", CLUSTERS, 2)


@pytest.mark.parametrize("dimensions", [2, 3])
def test_the_shipped_maps_belong_to_the_shipped_network(dimensions: int) -> None:
    embeddings = np.load(SHIPPED_MODEL / "test_embeddings.npy")
    shown = embeddings[umap_map.sample(len(embeddings), umap_map.MOST_DIGITS)]
    xy = umap_map.read_map(SHIPPED_MODEL / umap_map.file_name(MapSettings(dimensions=dimensions)), shown, dimensions)
    assert xy.shape == (umap_map.MOST_DIGITS, dimensions)
