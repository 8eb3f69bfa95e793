"""Chapter 1: two pictures, one encoder, and the distance as the sum it is."""

from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from siamese_core.datasets.dataset import to_float
from siamese_core.imaging.blending import blend
from siamese_core.metrics.terms import terms as sum_of
from siamese_core.networks.model import SiameseModel
from ui.explain.chapters import chapter
from ui.shared import resources, terms
from ui.shared.canvas import both_seen
from ui.shared.colours import DIFFERENT, SAME
from ui.shared.moving_picture import as_bytes, as_words, moving_picture
from ui.shared.resources import Loaded
from ui.shared.state import Seen
from ui.shared.thumbnails import STAGE_SIDE, show_strip, to_grey

SCRIPT = Path(__file__).with_name("blend.js")
STOPS = 26  # places of the slider, every 4 %
SHOWN_TERMS = 3  # the largest squared differences
STAGES = ("ink", "cut out", "20 x 20", "28 x 28")  # as on Compare


def one_encoder(loaded: Loaded) -> None:
    """Draw the chapter, with the pair on Compare if there is one."""
    left, right, _ = both_seen()
    pairs = [_ready_pair(loaded, 7, 7), _ready_pair(loaded, 7, 1)]
    with chapter(terms.ENCODER):
        st.markdown(r"$\displaystyle d(a, b) = \sqrt{\sum_i (a_i - b_i)^2}$")
        if left and right:
            pairs.insert(0, {"name": "Your pair", **_blended(loaded.model, left.digit, right.digit)})
            _stages(left, right)
        data = {"pairs": pairs, "stops": STOPS, "threshold": loaded.model.threshold, "colours": [SAME, DIFFERENT]}
        moving_picture(SCRIPT, "blend", "One picture blends into another", data)


def _stages(*sides: Seen) -> None:
    """Draw how each drawing became an image, unless it is a test digit as it is."""
    with st.container(horizontal=True, gap="medium"):
        for side in sides:
            if side.stages:
                show_strip(side.stages, STAGES, (STAGE_SIDE, STAGE_SIDE))


def _ready_pair(loaded: Loaded, first: int, second: int) -> dict[str, Any]:
    """Return a pair of test digits of two classes, made once for each network."""
    digits, model = resources.test_digits(), loaded.model
    left, right = (np.flatnonzero(digits.labels == label) for label in (first, second))
    chosen = to_float(digits.images[[left[0], right[1]]])
    key = ("blend", loaded.name, resources.model_version(loaded.name), first, second)
    found = resources.kept(key, lambda: _blended(model, *chosen))
    return {"name": f"A {digits.class_names[first]} and a {digits.class_names[second]}", **found}


def _blended(model: SiameseModel, left: np.ndarray, right: np.ndarray) -> dict[str, Any]:
    """Return what the script shows of two images (28, 28): the numbers at each of STOPS places between them."""
    vectors = model.embed(blend(left, right, STOPS))  # (STOPS, d)
    sums = [sum_of(vectors[0], each, SHOWN_TERMS) for each in vectors]
    distances = [found.distance for found in sums]
    reach = float(np.abs(vectors).max()) or 1.0
    return {
        "left": as_bytes(to_grey(left)),
        "right": as_bytes(to_grey(right)),
        "vectors": as_words((vectors / reach + 1) * 32_767.5),
        "distances": [round(d, 5) for d in distances],
        "same": model.is_same(np.array(distances)).tolist(),
        "sums": [
            {
                "largest": each.largest.round(5).tolist(),
                "others": round(each.others, 5),
                "count": vectors.shape[1] - len(each.largest),
            }
            for each in sums
        ],
    }
