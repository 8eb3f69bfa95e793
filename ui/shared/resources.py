"""The only caches: models, test digits and what is computed from them, shared by all visitors and never changed."""

import concurrent.futures
import logging
import os
from collections.abc import Callable, Hashable
from concurrent.futures import BrokenExecutor, CancelledError, Future
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import streamlit as st

from siamese_core.config import ANYTHING_MODEL, IMAGE_SIZE, RUNS, SHIPPED_MODEL, TRAINED
from siamese_core.datasets.article import training_slice
from siamese_core.datasets.dataset import Dataset, to_float
from siamese_core.datasets.mnist import MNIST, load_test, load_train_labels
from siamese_core.datasets.pairs import article_pairs
from siamese_core.jobs import worker
from siamese_core.jobs.cluster import Cluster
from siamese_core.jobs.data_queue import DataSets
from siamese_core.jobs.limits import Limits, limits_from
from siamese_core.jobs.map_queue import MapJobs
from siamese_core.jobs.queue import Jobs
from siamese_core.metrics import verification
from siamese_core.metrics.report import Spread, spread
from siamese_core.networks import card
from siamese_core.networks.card import read_embeddings
from siamese_core.networks.kept import has_own_test, read_test
from siamese_core.networks.model import ModelError, NotConvertedError, SiameseModel, load_model
from siamese_core.training.monitor import MAP_IMAGES
from ui.shared.plain import plain
from ui.shared.words import Words, words_of

T = TypeVar("T")
SHIPPED, ANYTHING = "shipped", "anything"  # for digits; for them and whatever else
LONGEST_NAME = 60  # characters of a name in a link: in UTF-8 at most 240 bytes, and a folder's may have 255
GALLERY_EACH = 8  # drawings of each of the project's own symbols
WAIT = 0.2  # s, between two looks at what the worker makes
SPREAD_DIGITS = 1_000  # of the test set: 499,500 pairs show the spread as well as all 49,995,000


class Loaded(NamedTuple):
    """A model ready to use, with what the pages show of it beside the distance."""

    name: str
    model: SiameseModel
    test: Dataset  # its test images
    test_embeddings: np.ndarray  # (n, d) float32
    spread: Spread

    @property
    def words(self) -> Words:
        """Return the nouns for what it compares."""
        return words_of(self.test.class_names)


def of_mnist(loaded: Loaded) -> bool:
    """Return whether a network is one of MNIST."""
    return loaded.test.name == MNIST


def sees_drawings(loaded: Loaded) -> bool:
    """Return whether a network sees a drawing as one of MNIST does: its ink, in an image of the same side."""
    return loaded.model.side == IMAGE_SIZE and loaded.test.look == "ink"


def model_names() -> list[str]:
    """Return the names of the shipped models and of the model folders in runs/, as they are now."""
    named = sorted(path.name for path in RUNS.glob("*") if path.is_dir()) if RUNS.is_dir() else []
    return [SHIPPED, ANYTHING, *named]


def model_folder(name: str) -> Path:
    """Return the folder of one of `model_names`, or that of the model of a visitor's run.

    Raises ModelError for what is no folder's name: it may come from a link, and none leads elsewhere on the disk.
    """
    if name in (SHIPPED, ANYTHING):
        return SHIPPED_MODEL if name == SHIPPED else ANYTHING_MODEL
    run = jobs().find(name)
    if run and run.model_folder:
        return run.model_folder
    named = Path(name).name == name != ".." and len(name) <= LONGEST_NAME
    if not named and name not in model_names():
        raise ModelError(f"there is no network “{plain(name, LONGEST_NAME)}” here")
    return RUNS / name


def for_symbols(loaded: Loaded) -> SiameseModel | None:
    """Return the shipped model that judges what is no digit beside the shipped one for digits; None beside others."""
    if loaded.name != SHIPPED:
        return None
    try:
        return kept(("anything",), lambda: load_model(ANYTHING_MODEL))
    except ModelError:
        return None


class Gallery(NamedTuple):
    """Symbols that the project draws itself, with their embeddings (n, d)."""

    symbols: Dataset
    embeddings: np.ndarray


def drawn_with_embeddings(loaded: Loaded) -> Gallery:
    """Return the project's own symbols as the network sees them that judges symbols beside a loaded one."""
    from siamese_core.datasets.synthetic.gallery import drawn_symbols  # imports SciPy, for which no page need wait

    def make() -> Gallery:
        symbols = drawn_symbols(GALLERY_EACH, np.random.default_rng(0))
        return Gallery(symbols, (for_symbols(loaded) or loaded.model).embed(to_float(symbols.images)))

    return kept(("gallery", loaded.name, model_version(loaded.name)), make)


def load(name: str, version: float) -> Loaded:
    """Load one of `model_names`; version: changes when the folder does. Raises ModelError or DataError.

    A folder of an earlier version of the project gets its encoder for LiteRT first, from the worker.
    """
    try:
        return _load(name, version)
    except NotConvertedError:
        folder = model_folder(name)
        wait_for(
            jobs().worker.submit_once(("convert", folder, version), worker.convert, folder), "Converting the network."
        )
        return _load(name, model_version(name))


def wait_for(result: "Future[T]", words: str) -> T:
    """Return the result of the worker; until then these words and a spinner are shown.

    Raises what the call raised, and ModelError with one sentence if the worker has died. When the visitor does
    something else meanwhile, Streamlit ends this run of the page as usual.
    """
    busy = " A training is under way on this server, and comes first." if jobs().training else ""
    with st.spinner(words + busy):
        place = st.empty()
        while not result.done():
            place.empty()  # here Streamlit can end the run
            concurrent.futures.wait([result], timeout=WAIT)
    try:
        return result.result()
    except (BrokenExecutor, CancelledError):
        raise ModelError("the process that works for this page ended unexpectedly; please try again") from None


@st.cache_resource(show_spinner="Loading the network.", max_entries=8)
def _load(name: str, version: float) -> Loaded:
    model = load_model(model_folder(name))
    digits = test_of(name, version)
    embeddings = model.test_embeddings
    if embeddings is None or len(embeddings) != len(digits.labels):
        embeddings = model.test_embeddings = model.embed(to_float(digits.images))
    few = slice(SPREAD_DIGITS)
    pairs = verification.all_pairs(embeddings[few], digits.labels[few])
    return Loaded(name, model, digits, embeddings, spread(pairs))


@st.cache_resource(show_spinner=False)
def test_digits() -> Dataset:
    """Read MNIST's test digits. Raises DataError."""
    return load_test()


def test_of(name: str, version: float) -> Dataset:
    """Return the test images of a network. Raises DataError or ModelError."""
    folder = model_folder(name)
    return kept(("test images", name, version), lambda: read_test(folder)) if has_own_test(folder) else test_digits()


def data_key(name: str, version: float) -> str:
    """Return what tells the test images of a network from those of others, "" for MNIST's."""
    path = model_folder(name) / card.TEST_FILE
    if not path.is_file():
        return ""
    return kept(("data key", name, version), lambda: card.sha256_of(path.read_bytes()))


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """Return the queue of trainings, one for the whole server."""
    return Jobs(Path(str(_settings().get("SIAMESE_LAB_FOLDER", TRAINED))), limits(), cluster())


@st.cache_resource(show_spinner=False)
def cluster() -> Cluster | None:
    """Return the cluster that trains and makes maps, None where that is done by a process of this machine."""
    address = str(_settings().get("SIAMESE_LAB_SCHEDULER", ""))
    return Cluster(address) if address else None


@st.cache_resource(show_spinner=False)
def map_jobs() -> MapJobs:
    """Return what knows of the maps under way, one for the whole server."""
    return MapJobs(jobs())


@st.cache_resource(show_spinner=False)
def data_sets() -> DataSets:
    """Return the uploads of all visitors, one for the whole server."""
    return DataSets(jobs())


@st.cache_resource(show_spinner=False, max_entries=100)
def kept(key: tuple[Hashable, ...], _make: Callable[[], T]) -> T:
    """Return what `_make` returns, made once for each key and never changed; the key says all that it depends on."""
    return _make()


@st.cache_resource(show_spinner=False)
def limits() -> Limits:
    """Return what this deployment allows: the usual limits if its settings for them cannot be used."""
    try:
        return limits_from(_settings())
    except ValueError as error:
        logging.getLogger(__name__).warning("The usual limits hold: %s", error)
        return Limits()


@st.cache_resource(show_spinner=False)
def training_labels() -> np.ndarray:
    """Return the labels of MNIST's 55,000 training digits. Raises DataError."""
    return load_train_labels()


def map_labels() -> np.ndarray:
    """Return the labels of the digits in the map of a training: the first of the article's validation digits."""
    return training_labels()[:MAP_IMAGES]


@st.cache_data(show_spinner=False, max_entries=500)
def share_of_same(images: int, min_equals: int, seed: int) -> float:
    """Return the share of genuine pairs that the article's pairing makes of so many training images."""
    labels = training_labels()
    labels = labels[training_slice(len(labels), images)]
    return float(article_pairs(labels, min_equals=min_equals, seed=seed).same.mean())


@st.cache_data(show_spinner=False, max_entries=8)
def run_embeddings(run_id: str) -> np.ndarray | None:
    """Return the embeddings of the test digits (n, d) by the network of a run, None if there is none."""
    run = jobs().find(run_id)
    return read_embeddings(run.model_folder) if run and run.model_folder else None


@st.cache_data(show_spinner=False, max_entries=8)
def read_card(name: str, version: float) -> dict[str, Any]:
    """Read a model's card alone, without TensorFlow. Raises ModelError."""
    return card.read_card(model_folder(name))


def model_version(name: str) -> float:
    """Return a number that changes when a model's folder is written anew."""
    try:
        return max(path.stat().st_mtime for path in model_folder(name).iterdir())
    except (OSError, ValueError):
        return 0.0


def _settings() -> dict[str, Any]:
    """Return the environment variables and Streamlit's secrets, which come first."""
    try:
        return dict(os.environ) | st.secrets.to_dict()
    except FileNotFoundError:
        return dict(os.environ)
