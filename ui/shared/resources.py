"""The only caches: models, test digits and what is computed from them, shared by all visitors and never changed."""

import gc
import logging
import os
import sys
import time
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
import streamlit as st

from siamese_core.config import RUNS, SHIPPED_MODEL, TRAINED
from siamese_core.datasets.article import training_slice
from siamese_core.datasets.dataset import Dataset
from siamese_core.datasets.mnist import load_mnist, load_test
from siamese_core.datasets.pairs import article_pairs
from siamese_core.jobs.limits import Limits, limits_from
from siamese_core.jobs.map_queue import MapJobs
from siamese_core.jobs.queue import Jobs
from siamese_core.networks import card
from siamese_core.networks.card import read_embeddings
from siamese_core.training.monitor import MAP_IMAGES

if TYPE_CHECKING:
    from siamese_core.metrics.report import Spread
    from siamese_core.networks.model import SiameseModel

T = TypeVar("T")
SHIPPED = "shipped"
HEAD_START = 0.2  # s, in which the browser builds the page undisturbed; TensorFlow's import would slow it on few cores
SPREAD_DIGITS = 2_000  # of the test set: 1,999,000 pairs show the spread as well as all 49,995,000


class Loaded(NamedTuple):
    """A model ready to use, with what the pages show of it beside the distance."""

    name: str
    model: "SiameseModel"
    test_embeddings: np.ndarray  # (10000, d) float32
    spread: "Spread"


def model_names() -> list[str]:
    """Return the shipped model's name and those of the model folders in runs/, as they are now."""
    named = sorted(path.name for path in RUNS.glob("*") if path.is_dir()) if RUNS.is_dir() else []
    return [SHIPPED, *named]


def model_folder(name: str) -> Path:
    """Return the folder of one of `model_names`, or that of the model of a visitor's run."""
    if name == SHIPPED:
        return SHIPPED_MODEL
    run = jobs().find(name)
    return run.model_folder if run and run.model_folder else RUNS / name


@st.cache_resource(show_spinner="Waking the network. The first time takes a few seconds.", max_entries=8)
def load(name: str, version: float) -> Loaded:
    """Load one of `model_names`; version: changes when the folder does. Raises ModelError or DataError."""
    from siamese_core.networks.quiet_tensorflow import import_tensorflow

    if "tensorflow" not in sys.modules:
        time.sleep(HEAD_START)
    import_tensorflow()
    _keep_kernels()
    from siamese_core.datasets.dataset import to_float
    from siamese_core.metrics import verification
    from siamese_core.metrics.report import spread
    from siamese_core.networks.model import load_model

    model = load_model(model_folder(name))
    digits = test_digits()
    embeddings = model.test_embeddings
    if embeddings is None or len(embeddings) != len(digits.labels):
        embeddings = model.test_embeddings = model.embed(to_float(digits.images))
    few = slice(SPREAD_DIGITS)
    pairs = verification.all_pairs(embeddings[few], digits.labels[few])
    model.embed(np.zeros((2, 28, 28), np.float32))  # builds the graph, so that the first stroke need not wait for it
    _settle_memory()
    return Loaded(name, model, embeddings, spread(pairs))


@st.cache_resource(show_spinner=False)
def test_digits() -> Dataset:
    """Read MNIST's test digits. Raises DataError."""
    return load_test()


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """Return the queue of trainings, one for the whole server."""
    return Jobs(Path(str(_settings().get("SIAMESE_LAB_FOLDER", TRAINED))), limits())


@st.cache_resource(show_spinner=False)
def map_jobs() -> MapJobs:
    """Return what knows of the maps under way, one for the whole server."""
    return MapJobs(jobs())


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
    return load_mnist().train.labels


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


def _keep_kernels() -> None:
    """Make keras.backend.clear_session do nothing in this process.

    Streamlit calls it after every run of a page. It throws away TensorFlow's kernels, and the next pair of digits then
    takes 50 to 100 ms instead of 2. Here are only finished models that nobody builds or trains.
    """
    import keras

    keras.backend.clear_session = lambda free_memory=True: None


def _settle_memory() -> None:
    """Take everything alive now out of the garbage collector's sight.

    Streamlit collects after every run of a page; with TensorFlow's objects in sight that holds Python for 0.4 s.
    """
    gc.collect()
    gc.freeze()
