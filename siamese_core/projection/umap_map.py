"""UMAP of embeddings: fit a map, place new embeddings on it, store it in a file. Only the fit needs umap-learn.

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

LEAST_DIGITS = 5  # images in a map; with fewer UMAP's first layout, in three dimensions, has no solution
MOST_DIGITS = 4_000  # images in a map; up to 4,096 UMAP looks at every pair
EPOCHS = 300  # of the layout; with UMAP's default of 500 the trustworthiness differs by less than 0.001
SEED = 0  # fixed, so that the same images and settings give the same map
MOST_NEIGHBOURS, MIN_DISTS = 50, (0.0, 0.8)
SAME_POINT = 1e-3  # of the mean distance to the neighbours; an embedding nearer than this is the fitted one itself


class MapError(ValueError):
    """A map cannot be made, or a stored one not be used; the message is a whole sentence that says why."""


class MapSettings(NamedTuple):
    """The settings of UMAP that a visitor may choose."""

    neighbours: int = 15  # nearest images that each image is linked to, itself among them
    min_dist: float = (
        0.5  # least distance of images in the map, in its unit; UMAP's 0.1 shrinks tight classes to specks
    )
    dimensions: int = 2


def check_settings(settings: MapSettings, n: int) -> None:
    """Raise MapError for settings out of range, or for more neighbours than n images have."""
    low, high = MIN_DISTS
    most = min(MOST_NEIGHBOURS, n - 1)
    checks = (
        (LEAST_DIGITS <= n <= MOST_DIGITS, f"from {LEAST_DIGITS} to {MOST_DIGITS:,} images, not {n:,}"),
        (settings.dimensions in (2, 3), f"dimensions of 2 or 3, not {settings.dimensions}"),
        (low <= settings.min_dist <= high, f"a min_dist from {low} to {high}, not {settings.min_dist}"),
        (2 <= settings.neighbours <= most, f"neighbours from 2 to {most}, not {settings.neighbours}"),
    )
    for holds, what in checks:
        if not holds:
            raise MapError(f"A map of this kind needs {what}.")


def fit_umap(
    embeddings: np.ndarray, settings: MapSettings, on_progress: Callable[[float], None] | None = None
) -> np.ndarray:
    """Fit a UMAP to embeddings (n, d) and return its coordinates (n, dimensions) float32.

    Imports umap-learn, without its part that needs TensorFlow, and compiles: the first call takes about 10 s.
    on_progress: called with the share of the layout that is done, in [0, 1]. Raises MapError as `check_settings`, and
    for embeddings that are not all numbers.
    """
    check_settings(settings, len(embeddings))
    if embeddings.ndim != 2 or not np.isfinite(embeddings).all():
        raise MapError("The embeddings are not all numbers, so there is no map of them.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the missing TensorFlow, the single thread and the given neighbours
        sys.modules.setdefault("umap.parametric_umap", None)  # type: ignore[arg-type]  # avoids importing TensorFlow
        from tqdm.std import TqdmDefaultWriteLock
        from umap.umap_ import UMAP

        TqdmDefaultWriteLock.mp_lock = None  # a semaphore of the system, which a killed worker would leave behind
        near = nearest(embeddings, embeddings, settings.neighbours)  # exact, and leaves less to compile
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
    """Return the positions of new embeddings (m, d) on the map xy (n, k) that was fitted to embeddings (n, d).

    This is the first step of UMAP's own transform: the mean of the nearest neighbours' coordinates, weighted by their
    membership strengths. The later steps, which push a new point away from random others, are left out: they take
    seconds and are random, and a drawing should stay where it is. A fitted embedding gets its own point. Takes
    milliseconds. Raises ValueError unless there is a point for each embedding.
    """
    if len(xy) != len(embeddings):
        raise ValueError(f"expected a point for each embedding, got {len(xy)} for {len(embeddings)}")
    near = nearest(new, embeddings, min(neighbours, len(embeddings)))
    strengths = memberships(near.distances)  # (m, k)
    itself = near.distances[:, 0] <= SAME_POINT * near.distances.mean(axis=1)
    strengths[itself] = np.eye(1, strengths.shape[1])
    shares = strengths / strengths.sum(axis=1, keepdims=True)
    placed: np.ndarray = np.einsum("mk,mkc->mc", shares, xy[near.indices])
    return placed.astype(np.float32)


def memberships(distances: np.ndarray) -> np.ndarray:
    """Return the membership strengths (m, k) in (0, 1] of k neighbours at ascending distances (m, k).

    exp(-distance / s), with s such that all but the first add up to log2(k), as in UMAP for points not fitted.
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
    strengths: np.ndarray = np.exp(-distances / scale[:, None]) + 1e-300  # so that they do not all underflow to 0
    return strengths


def sample(n: int, size: int) -> np.ndarray:
    """Return the indices of `size` random images of n, or of all if there are fewer; larger samples contain smaller."""
    return np.random.default_rng(SEED).permutation(n)[:size]


def digest(embeddings: np.ndarray) -> str:
    """Return a hash of the embeddings (n, d)."""
    held = np.ascontiguousarray(embeddings, np.float32)
    return hashlib.sha256(str(held.shape).encode() + held.tobytes()).hexdigest()[:32]


def file_name(settings: MapSettings) -> str:
    """Return the name of a map's file in a model folder, by the map's settings."""
    return f"umap_{settings.dimensions}d_{settings.neighbours}_{settings.min_dist:g}.npz"


def write_map(path: Path, embeddings: np.ndarray, xy: np.ndarray) -> None:
    """Write the map xy (n, k) of embeddings (n, d) to a file, in one step."""
    content = io.BytesIO()
    np.savez_compressed(content, digest=np.array(digest(embeddings)), xy=xy.astype(np.float32))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content.getvalue())


def read_map(path: Path, embeddings: np.ndarray, dimensions: int) -> np.ndarray:
    """Read the map (n, dimensions) of embeddings (n, d).

    Raises MapError if the file is missing, damaged, or holds the map of other embeddings.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as npz:
            made_of, xy = str(npz["digest"]), npz["xy"]
    except FileNotFoundError:
        raise MapError(f"There is no map {path.name}.") from None
    except Exception:  # noqa: BLE001 a damaged file makes NumPy, zipfile and zlib raise almost anything
        raise MapError(f"The map {path.name} is damaged.") from None
    if made_of != digest(embeddings) or xy.shape != (len(embeddings), dimensions) or not np.isfinite(xy).all():
        raise MapError(f"The map {path.name} was made of other embeddings than this network's.")
    return xy


class _ProgressFile:
    """A file for tqdm, which writes "done/all" to it; calls on_progress with the share."""

    def __init__(self, on_progress: Callable[[float], None]) -> None:
        self._on_progress = on_progress

    def write(self, text: str) -> None:
        """Read one state of the progress bar and report it."""
        done, _, total = text.strip("\r\n ").partition("/")
        if done.isdigit() and total.isdigit():
            self._on_progress(int(done) / int(total))

    def flush(self) -> None:
        """Do nothing: `write` reports at once."""


def _bar(on_progress: Callable[[float], None] | None) -> dict[str, object]:
    if on_progress is None:
        return {"disable": True}
    return {
        "disable": False,
        "file": _ProgressFile(on_progress),
        "bar_format": "{n_fmt}/{total_fmt}",
        "mininterval": 0.2,
    }
