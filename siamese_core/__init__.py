"""Siamese networks: train, compare and evaluate them, without Streamlit. Heavy packages are imported on first use.

The terms, used everywhere in the same sense:

encoder     the shared network, image -> embedding
embedding   the vector an encoder makes of an image
distance    Euclidean, between two embeddings; smaller = more alike
same        1 for a genuine pair (same class), 0 for an impostor pair
margin      of the contrastive loss: impostor pairs at least this far apart have no loss
threshold   a pair is accepted as same iff distance <= threshold
FAR, FRR    accepted impostors / impostors, rejected genuines / genuines
EER         where FAR and FRR meet
left, right the two images of a pair
data set    images with labels and class names
class       what the labels tell apart

The sub-packages; each imports only those above it in this list:

config, files  every default; writing a file in one step
imaging        a drawing or photo -> an MNIST-like image
datasets       data sets, pairs, and synthetic digits
metrics        FAR, FRR, EER, thresholds, calibration, confidence intervals, novelty
networks       encoders, and models made of them
projection     PCA and UMAP, and how far a map can be trusted
training       losses, the training loop, recipes
jobs           trainings and maps in a worker process
cli            the command line
"""

from importlib import import_module

TYPE_CHECKING = False  # type checkers take it as true; importing typing would be most of this module's import time
if TYPE_CHECKING:
    from siamese_core.datasets.dataset import Dataset, Splits, to_float
    from siamese_core.datasets.mnist import load_mnist
    from siamese_core.datasets.pairs import Pairs, create_pairs
    from siamese_core.datasets.reading.read import read_dataset
    from siamese_core.imaging.canonical import canvas_to_image
    from siamese_core.imaging.files import read_picture
    from siamese_core.jobs.queue import Jobs
    from siamese_core.metrics.verification import EqualErrorRate, equal_error_rate
    from siamese_core.networks.model import SiameseModel, load_model
    from siamese_core.training.losses import contrastive_loss
    from siamese_core.training.recipes import train

_PLACES = {
    "Dataset": "datasets.dataset",
    "EqualErrorRate": "metrics.verification",
    "Jobs": "jobs.queue",
    "Pairs": "datasets.pairs",
    "SiameseModel": "networks.model",
    "Splits": "datasets.dataset",
    "canvas_to_image": "imaging.canonical",
    "contrastive_loss": "training.losses",
    "create_pairs": "datasets.pairs",
    "equal_error_rate": "metrics.verification",
    "load_mnist": "datasets.mnist",
    "load_model": "networks.model",
    "read_dataset": "datasets.reading.read",
    "read_picture": "imaging.files",
    "to_float": "datasets.dataset",
    "train": "training.recipes",
}

__all__ = [
    "Dataset",
    "EqualErrorRate",
    "Jobs",
    "Pairs",
    "SiameseModel",
    "Splits",
    "canvas_to_image",
    "contrastive_loss",
    "create_pairs",
    "equal_error_rate",
    "load_mnist",
    "load_model",
    "read_dataset",
    "read_picture",
    "to_float",
    "train",
]


def __getattr__(name: str) -> object:
    """Import a public name on its first use (PEP 562)."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
