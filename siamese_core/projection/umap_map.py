"""UMAP of embeddings: fit a map, place new embeddings on it, keep it in a file. Only the fit needs umap-learn.

L. McInnes, J. Healy, J. Melville, "UMAP: Uniform Manifold Approximation and Projection", arXiv:1802.03426.
"""

import hashlib
import io
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from siamese_core.files import write_whole
from siamese_core.metrics.distances import nearest

MOST_DIGITS = 4_000  # in a map; up to 4,096 UMAP looks at every pair
EPOCHS = 300  # of the layout; 500, UMAP's usual number for so few, change the trustworthiness by less than 0.001
SEED = 0  # fixed, so that the same digits and settings give the same map
MOST_NEIGHBOURS, MIN_DISTS = 50, (0.0, 0.8)
SAME_POINT = 1e-3  # of the mean distance to the neighbours: nearer than this, an embedding is the fitted one itself


class MapError(ValueError):
    """A file holds no map that can be used; the message is one sentence that says why."""


class MapSettings(NamedTuple):
    """What a visitor may choose of UMAP."""

    neighbours: int = 15  # each digit is tied to so many nearest ones, itself among them
    min_dist: float = (
        0.5  # how near digits may lie in the map, in its unit; at UMAP's 0.1 tight classes are mere specks
    )
    dimensions: int = 2


def check_settings(settings: MapSettings, n: int) -> None:
    """Raise ValueError for settings outside the ranges, or for more neighbours than the n digits have."""
    low, high = MIN_DISTS
    checks = (
        (3 <= n <= MOST_DIGITS, f"expected from 3 to {MOST_DIGITS:,} digits, got {n:,}"),
        (settings.dimensions in (2, 3), f"dimensions must be 2 or 3, got {settings.dimensions}"),
        (low <= settings.min_dist <= high, f"min_dist must lie between {low} and {high}, got {settings.min_dist}"),
        (
            2 <= settings.neighbours <= min(MOST_NEIGHBOURS, n - 1),
            f"neighbours must lie between 2 and {min(MOST_NEIGHBOURS, n - 1)}, got {settings.neighbours}",
        ),
    )
    for holds, sentence in checks:
        if not holds:
            raise ValueError(sentence)


def fit_umap(
    embeddings: np.ndarray, settings: MapSettings, on_progress: Callable[[float], None] | None = None
) -> np.ndarray:
    """Return the coordinates (n, dimensions) float32 of a UMAP of embeddings (n, d).

    Imports umap-learn, without the part of it that needs TensorFlow, and compiles: a first call takes about 10 s.
    on_progress: told the share of the layout that is done, in [0, 1]. Raises ValueError as `check_settings`.
    """
    check_settings(settings, len(embeddings))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about TensorFlow, about one thread because of the seed, about the neighbours
        sys.modules.setdefault("umap.parametric_umap", None)  # type: ignore[arg-type]  # spares TensorFlow's import
        from umap.umap_ import UMAP

        near = nearest(embeddings, embeddings, settings.neighbours)  # all pairs, and the compiler has less to do
        umap = UMAP(
            n_neighbors=settings.neighbours,
            min_dist=settings.min_dist,
            n_components=settings.dimensions,
            n_epochs=EPOCHS,
            random_state=SEED,
            n_jobs=1,
            precomputed_knn=(near.indices.astype(np.int32), near.distances),
            tqdm_kwds=_bar(on_progress),
        )
        xy: np.ndarray = umap.fit_transform(embeddings.astype(np.float32))
    return xy


def place(new: np.ndarray, embeddings: np.ndarray, xy: np.ndarray, neighbours: int) -> np.ndarray:
    """Return where new embeddings (m, d) lie on the map xy (n, k) that was fitted on embeddings (n, d).

    The first step of UMAP's own transform: the mean of the nearest digits' coordinates, weighted by the strengths of
    the new embedding's membership with them. The steps after it, which push a new point away from random others, are
    left out: they need seconds and a random draw, and a drawing should stay where it is. A fitted embedding lands on
    its own point. Takes milliseconds. Raises ValueError if not as many points as embeddings are given.
    """
    if len(xy) != len(embeddings):
        raise ValueError(f"expected a point for each embedding, got {len(xy)} and {len(embeddings)}")
    near = nearest(new, embeddings, min(neighbours, len(embeddings)))
    strengths = memberships(near.distances)  # (m, k)
    itself = near.distances[:, 0] <= SAME_POINT * near.distances.mean(axis=1)
    strengths[itself] = np.eye(1, strengths.shape[1])
    shares = strengths / strengths.sum(axis=1, keepdims=True)
    placed: np.ndarray = np.einsum("mk,mkc->mc", shares, xy[near.indices])
    return placed.astype(np.float32)


def memberships(distances: np.ndarray) -> np.ndarray:
    """Return the strengths (m, k) in (0, 1] of membership with k neighbours at rising distances (m, k).

    exp(-distance / s), with s such that all but the first add up to log2(k): UMAP's for points that were not fitted.
    """
    distances = distances.astype(np.float64)
    target = np.log2(distances.shape[1])
    low, high = np.zeros(len(distances)), np.full(len(distances), np.inf)
    scale = np.ones(len(distances))
    for _ in range(64):
        total = np.exp(-distances[:, 1:] / scale[:, None]).sum(axis=1)
        high, low = np.where(total > target, scale, high), np.where(total > target, low, scale)
        scale = np.where(np.isinf(high), scale * 2, (low + high) / 2)
    scale = np.maximum(scale, 1e-3 * distances.mean(axis=1) + 1e-12)
    strengths: np.ndarray = np.exp(-distances / scale[:, None]) + 1e-300  # of far neighbours not all exactly 0
    return strengths


def sample(n: int, size: int) -> np.ndarray:
    """Return which `size` of n digits are shown (all, if there are not so many): a larger sample holds the smaller."""
    return np.random.default_rng(SEED).permutation(n)[:size]


def digest(embeddings: np.ndarray) -> str:
    """Return what tells these embeddings (n, d) from all others."""
    held = np.ascontiguousarray(embeddings, np.float32)
    return hashlib.sha256(str(held.shape).encode() + held.tobytes()).hexdigest()[:32]


def file_name(settings: MapSettings) -> str:
    """Return the name of the file in a model's folder that holds its map with these settings."""
    return f"umap_{settings.dimensions}d_{settings.neighbours}_{settings.min_dist:g}.npz"


def write_map(path: Path, embeddings: np.ndarray, xy: np.ndarray) -> None:
    """Keep the map xy (n, k) of embeddings (n, d), in one go, so that nobody reads half of it."""
    content = io.BytesIO()
    np.savez_compressed(content, digest=np.array(digest(embeddings)), xy=xy.astype(np.float32))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content.getvalue())


def read_map(path: Path, embeddings: np.ndarray, dimensions: int) -> np.ndarray:
    """Return the map (n, dimensions) that was kept of embeddings (n, d).

    Raises MapError with one sentence if there is none, if it is damaged, or if it is the map of other embeddings.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as npz:
            made_of, xy = str(npz["digest"]), npz["xy"]
    except FileNotFoundError:
        raise MapError(f"there is no map {path.name}") from None
    except Exception:  # noqa: BLE001 a damaged file makes NumPy, zipfile and zlib raise almost anything
        raise MapError(f"the map {path.name} is damaged") from None
    if made_of != digest(embeddings) or xy.shape != (len(embeddings), dimensions) or not np.isfinite(xy).all():
        raise MapError(f"the map {path.name} was made of other embeddings than this network's")
    return xy


class _Teller:
    """Takes what tqdm writes, "done/all" each time, and tells the share."""

    def __init__(self, on_progress: Callable[[float], None]) -> None:
        self._on_progress = on_progress

    def write(self, text: str) -> None:
        """Take one picture of the bar."""
        done, _, total = text.strip("\r\n ").partition("/")
        if done.isdigit() and total.isdigit():
            self._on_progress(int(done) / int(total))

    def flush(self) -> None:
        """Do nothing: all is told already."""


def _bar(on_progress: Callable[[float], None] | None) -> dict[str, object]:
    if on_progress is None:
        return {"disable": True}
    return {"disable": False, "file": _Teller(on_progress), "bar_format": "{n_fmt}/{total_fmt}", "mininterval": 0.2}
