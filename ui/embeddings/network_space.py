"""The embeddings of some digits by one network, in full space."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

import numpy as np

from siamese_core.config import TrainingConfig
from siamese_core.datasets.article import training_part, training_slice
from siamese_core.datasets.dataset import Dataset, to_float
from siamese_core.datasets.mnist import load_mnist
from siamese_core.datasets.reading.bounds import Reading
from siamese_core.datasets.reading.read import splits_of
from siamese_core.jobs import worker
from siamese_core.jobs.data_folder import images_of
from siamese_core.metrics.distances import nearest
from siamese_core.networks import card
from siamese_core.networks.card import ModelError, read_embeddings
from siamese_core.networks.inference import Encoder
from siamese_core.networks.model import SiameseModel
from siamese_core.projection import quality, umap_map
from siamese_core.projection.quality import TRUST_NEIGHBOURS
from siamese_core.training.parts import prepare
from ui.shared import resources
from ui.shared.resources import kept
from ui.shared.words import Words, words_of

Split = Literal["test", "training"]
LEAST = quality.LEAST + 1  # images in a map
UNTRAINED = "untrained:"  # before the name of a network: the network as it was before its training


class Shown(NamedTuple):
    """The digits that are shown."""

    split: Split
    indices: np.ndarray  # (n,) their positions in the split
    digits: Dataset


class Space(NamedTuple):
    """A network and a choice of digits, which together determine the embeddings."""

    network: str
    version: float
    split: Split
    size: int
    trained_on: int  # number of training images from which the split "training" is sampled
    data: str = ""  # identifies the test images, see `resources.data_key`


def title(network: str, titles: Mapping[str, str]) -> str:
    """Return the title of a network with a capital; titles: those of the networks that can be chosen, by name."""
    name = network.removeprefix(UNTRAINED)
    found = titles.get(name, name)
    found = found[:1].upper() + found[1:]
    return f"{found}, untrained" if network.startswith(UNTRAINED) else found


def space_of(network: str, split: Split, size: int, trained_on: int) -> Space:
    """Return the space of the present version of a network."""
    name = network.removeprefix(UNTRAINED)
    version = resources.model_version(name)
    return Space(network, version, split, size, trained_on, resources.data_key(name, version))


def config_of(network: str) -> TrainingConfig:
    """Return the config a network was trained with. Raises ModelError if its card does not hold it."""
    name = network.removeprefix(UNTRAINED)
    return card.config_of(resources.read_card(name, resources.model_version(name)))


def holds(network: str, split: Split) -> bool:
    """Return whether the images of a split are here: those that a run on an upload was trained on may be gone."""
    name = network.removeprefix(UNTRAINED)
    if split == "test" or not resources.data_key(name, resources.model_version(name)):
        return True
    run = resources.jobs().find(name)
    return run is not None and resources.data_sets().find(run.data) is not None


def shown(of: Space) -> Shown:
    """Return the digits of a space. Raises DataError, or ModelError for too few digits."""
    return kept(("digits", of.split, of.size, of.trained_on, of.data), lambda: _shown(of))


def embeddings(of: Space) -> np.ndarray:
    """Return the embeddings (n, d) of the digits of a space. Raises ModelError or DataError."""
    stored = _stored_embeddings(of)
    if stored is not None:
        return kept(("embeddings", of), lambda: stored[shown(of).indices])
    model = _model(of)  # may wait for the worker, which nothing that is cached may do
    return kept(("embeddings", of), lambda: model.embed(to_float(shown(of).digits.images)))


def embed(of: Space, images: np.ndarray) -> np.ndarray:
    """Return the embeddings (n, d) of images (n, side, side) by the network of a space."""
    return _model(of).embed(images)


def unlike(of: Space, embedded: np.ndarray) -> np.ndarray:
    """Return which embeddings (m, d) are unlike any digit the network knows: (m,) bool."""
    return _model(of).is_novel(embedded)


def collapsed(of: Space) -> bool:
    """Return whether all digits have the same embedding."""
    return kept(("collapsed", of), lambda: quality.one_point(embeddings(of)))


def doubtful(of: Space) -> np.ndarray:
    """Return which digits are doubtful, (n,) bool: they lie among digits of other classes."""
    return kept(("doubtful", of), lambda: quality.doubtful(embeddings(of), shown(of).digits.labels))


def neighbours(of: Space, digit: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the ten neighbours of a digit in full space, without itself: their indices (10,) and distances (10,)."""
    all_ = embeddings(of)
    near = nearest(all_[digit][None], all_, TRUST_NEIGHBOURS + 1)
    others = near.indices[0] != digit
    return near.indices[0][others][:TRUST_NEIGHBOURS], near.distances[0][others][:TRUST_NEIGHBOURS]


def class_distances(of: Space) -> np.ndarray:
    """Return the mean distances (c, c) between the c classes."""
    return kept(
        ("classes", of),
        lambda: quality.class_distances(embeddings(of), shown(of).digits.labels, shown(of).digits.classes),
    )


def _shown(of: Space) -> Shown:
    name = of.network.removeprefix(UNTRAINED)
    if of.split == "test":
        digits, first = resources.test_of(name, of.version), 0
    elif of.data:
        digits, first = _training_images(name, of.trained_on), 0
    else:
        train = load_mnist().train
        part = training_slice(len(train), of.trained_on)
        digits, first = train.subset(part), part.start
    if len(digits.labels) < LEAST:
        raise ModelError(f"there are {len(digits.labels)} images to show, too few for a map: it takes {LEAST}")
    chosen = umap_map.sample(len(digits.labels), of.size)
    return Shown(of.split, first + chosen, digits.subset(chosen))


def _training_images(name: str, trained_on: int) -> Dataset:
    """Return the images that a run on an upload was trained on. Raises ModelError if they are not kept any more."""
    run = resources.jobs().find(name)
    upload = resources.data_sets().find(run.data) if run else None
    if run is None or upload is None:
        raise ModelError("its training images are not kept any more, or were never here; choose the test images")
    splits = splits_of(Reading(images_of(upload)))
    return training_part(prepare(run.config, splits).seen, trained_on)


def _stored_embeddings(of: Space) -> np.ndarray | None:
    """Return the embeddings of all test digits that lie beside a network, None if the space needs others."""
    if of.split != "test" or of.network.startswith(UNTRAINED):
        return None

    def read() -> np.ndarray | None:
        known = read_embeddings(resources.model_folder(of.network))
        return known if known is not None and len(known) == len(resources.test_of(of.network, of.version)) else None

    return kept(("stored embeddings", of.network, of.version), read)


def _model(of: Space) -> SiameseModel:
    """Return the network of a space; an untrained one is made by the worker. Raises ModelError."""
    if not of.network.startswith(UNTRAINED):
        return resources.load(of.network, of.version).model
    key = ("untrained", of.network, of.version)
    folder = resources.model_folder(of.network.removeprefix(UNTRAINED))
    made = resources.jobs().worker.submit_once(key, worker.untrained, folder)
    content = resources.wait_for(made, "Building the network as its training began.")
    return kept(key, lambda: _as_model(Encoder(content)))


def _as_model(encoder: Encoder) -> SiameseModel:
    return SiameseModel(encoder, {"side": encoder.side})


def words(of: Space) -> Words:
    """Return the nouns for the images of a space."""
    return words_of(shown(of).digits.class_names)
