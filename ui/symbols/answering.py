"""What the network makes of a drawing: the symbols ranked, the limit, and what follows from both. No Streamlit."""

from typing import NamedTuple

import numpy as np

from siamese_core.datasets.symbols import Symbol, Symbols, examples_of
from siamese_core.metrics.distances import distances_to_all
from siamese_core.metrics.one_shot import Limit, class_distances, fit_limit
from siamese_core.metrics.verification import is_same
from siamese_core.networks.model import SiameseModel


class Ranked(NamedTuple):
    """A symbol with what the network says of the drawing and it."""

    symbol: Symbol
    distance: float  # to its nearest example
    probability: float  # of same, in [0, 1]
    distances: list[float]  # to each of its examples


class Answer(NamedTuple):
    """The answer to a drawing."""

    ranked: list[Ranked]  # all symbols, the nearest first
    limit: Limit
    known: bool  # whether the nearest lies within the limit

    @property
    def first(self) -> Ranked:
        """Return the nearest symbol."""
        return self.ranked[0]


def answer_to(model: SiameseModel, question: np.ndarray, symbols: Symbols, embedded: np.ndarray) -> Answer:
    """Answer a question, the embedding (d,) of a drawing; embedded: (n, d) of all examples of the symbols."""
    _, labels = examples_of(symbols)
    apart = distances_to_all(question[None], embedded)
    nearest = class_distances(apart, labels, len(symbols))[0]
    fit = model.fit_for(symbols=True)
    limit, odds = fit_limit(embedded, labels, fit.threshold), fit.calibration.probability(nearest)
    ranked = [
        Ranked(symbols[i], float(nearest[i]), float(odds[i]), apart[0, labels == i].tolist())
        for i in np.argsort(nearest, kind="stable").tolist()
    ]
    return Answer(ranked, limit, bool(is_same(ranked[0].distance, limit.distance)))
