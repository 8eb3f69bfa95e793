"""The maps of a network's embeddings, and how far each can be trusted."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, Literal, NamedTuple

import numpy as np

from siamese_core.jobs import worker
from siamese_core.jobs.map_queue import MapState
from siamese_core.projection import quality, umap_map
from siamese_core.projection.pca import fit_pca, project
from siamese_core.projection.umap_map import MapError, MapSettings
from ui.embeddings import network_space
from ui.embeddings.network_space import UNTRAINED, Space
from ui.shared import resources
from ui.shared.resources import kept
from ui.shared.told import told
from ui.shared.visitor import visitor

Method = Literal["PCA", "UMAP"]


class Layout(NamedTuple):
    """A finished map of a space."""

    xy: np.ndarray  # (n, k)
    place: Callable[[np.ndarray], np.ndarray]  # embeddings (m, d) -> their coordinates (m, k)
    explained: tuple[float, ...] = ()  # of PCA: share of the variance along each axis
    key: tuple[Hashable, ...] = ()  # identifies the map


class View(NamedTuple):
    """One map on the page."""

    title: str
    space: Space
    layout: Layout


def layout(of: Space, method: Method, settings: MapSettings) -> Layout | MapState:
    """Return a map of a space, or its state while it is being made. Raises ModelError or DataError.

    A collapsed space has but one map, a point.
    """
    if method == "PCA" or network_space.collapsed(of):
        return kept(("pca", of, settings.dimensions), lambda: _pca(of, settings.dimensions))
    stored = _stored(of, settings)
    if isinstance(stored, Layout):
        return stored
    fitted = network_space.embeddings(of)
    state = resources.map_jobs().ask(fitted, settings, visitor())
    return state if state.xy is None else _umap(of, fitted, state.xy, settings)


def refusal(of: Space, settings: MapSettings) -> str:
    """Return why the map stored with a network cannot be used, "" if it can, if there is none, or if none is needed."""
    stored = None if network_space.collapsed(of) else _stored(of, settings)
    return stored if isinstance(stored, str) else ""


def measures(of: Space, at: Layout) -> "Future[quality.Measures]":
    """Have the worker measure how well the classes are separated, in full space and on a map; NaN if collapsed."""
    if network_space.collapsed(of):
        nothing: Future[quality.Measures] = Future()
        nothing.set_result(quality.Measures(*[np.nan] * len(quality.Measures._fields)))
        return nothing
    ask = (network_space.embeddings(of), at.xy, network_space.shown(of).digits.labels)
    return resources.jobs().worker.submit_once(("measures", *at.key), worker.measure, *ask)


def misleading_bounds(of: Space, at: Layout) -> quality.MisleadingBounds:
    """Return the bounds, on a map and in full space, that decide where the map misleads."""
    return kept(
        ("bounds", *at.key),
        lambda: quality.misleading_bounds(network_space.embeddings(of), at.xy, network_space.shown(of).digits.labels),
    )


def _pca(of: Space, dimensions: int) -> Layout:
    fitted = network_space.embeddings(of)
    pca = fit_pca(fitted, min(dimensions, fitted.shape[1]))
    missing = dimensions - len(pca.axes)  # an embedding of two numbers has no third axis

    def place(new: np.ndarray) -> np.ndarray:
        return np.pad(project(pca, new), ((0, 0), (0, missing))).astype(np.float32)

    if network_space.collapsed(of):  # without what rounding makes of one point
        return Layout(np.zeros((len(fitted), dimensions), np.float32), place, (), ("PCA", of, dimensions))
    explained = (*map(float, pca.explained), *[0.0] * missing)
    return Layout(place(fitted), place, explained, ("PCA", of, dimensions))


def _umap(of: Space, fitted: np.ndarray, xy: np.ndarray, settings: MapSettings) -> Layout:
    """Return the map xy (m, k) of the `fitted` embeddings (m, d); only the first `of.size` are shown."""

    def place(new: np.ndarray) -> np.ndarray:
        return umap_map.place(new, fitted, xy, settings.neighbours)

    return Layout(xy[: of.size], place, (), ("UMAP", of, settings))


def _stored(of: Space, settings: MapSettings) -> Any:
    """Return the map stored with a network, None if there is none, or a sentence that says why it cannot be used."""
    if of.split != "test" or of.network.startswith(UNTRAINED):
        return None
    path = resources.model_folder(of.network) / umap_map.file_name(settings)
    if not path.is_file():
        return None
    all_ = of._replace(size=umap_map.MOST_DIGITS)

    def read() -> Layout | str:
        try:
            xy = umap_map.read_map(path, network_space.embeddings(all_), settings.dimensions)
        except MapError as error:
            return told(error)
        return _umap(of, network_space.embeddings(all_), xy, settings)

    return kept(("stored", of, settings), read)
