"""Chapter 2: which pairs thirty pictures make."""

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from siamese_core.config import ARTICLE
from siamese_core.datasets.pairs import Pairs, create_balanced_pairs, create_pairs, every_pair
from ui.explain.chapters import chapter
from ui.shared import resources, terms
from ui.shared.colours import DIFFERENT, SAME
from ui.shared.moving_picture import moving_picture
from ui.shared.thumbnails import data_url

SCRIPT = Path(__file__).with_name("pairs.js")
PICTURES = 30
PER_IMAGE = 2  # partners of each kind
SEED = 1


def partners() -> None:
    """Draw the chapter."""
    with chapter(terms.PAIRS):
        moving_picture(SCRIPT, "pairs", "Thirty digits find their partners", resources.kept(("pairs",), data))


def data() -> dict[str, Any]:
    """Return what the script shows: the pictures, and the pairs that each way of pairing makes of them."""
    digits = resources.test_digits()
    share = PICTURES // digits.classes
    chosen = np.sort(np.concatenate([np.flatnonzero(digits.labels == c)[:share] for c in range(digits.classes)]))
    labels = digits.labels[chosen]
    each = [create_pairs(labels, min_equals=k, rng=np.random.default_rng(SEED)) for k in range(len(labels) + 1)]
    several = create_balanced_pairs(labels, per_image=PER_IMAGE, rng=np.random.default_rng(SEED))
    return {
        "sheet": data_url(Image.fromarray(np.concatenate(list(digits.images[chosen]), axis=1))),
        "labels": labels.tolist(),
        "names": list(digits.class_names),
        "colours": [SAME, DIFFERENT],
        "min_equals": round(ARTICLE.min_equals / ARTICLE.training_images * len(labels)),
        "ways": [
            {
                "name": "One partner each",
                "uses_min_equals": True,
                "left": each[0].left.tolist(),
                "right": [pairs.right.tolist() for pairs in each],
                "same": [pairs.same.astype(int).tolist() for pairs in each],
            },
            _way("Two of each kind", several, "Each picture gets two partners of its own class, and two of others."),
            _way("Every pair of a batch", every_pair(labels), "Each picture is embedded once, and every pair counts."),
        ],
    }


def _way(name: str, pairs: Pairs, words: str) -> dict[str, Any]:
    order = np.argsort(pairs.left, kind="stable")  # picture by picture
    left, right, same = (column[order].astype(int).tolist() for column in pairs)
    return {"name": name, "uses_min_equals": False, "words": words, "left": left, "right": right, "same": same}
