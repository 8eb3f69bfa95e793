"""The answer to two drawings: distance, verdict, probability, threshold, and what the network saw."""

import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from siamese_core.config import CANVAS_SIZE
from siamese_core.metrics.reliability import shifted_probability
from siamese_core.metrics.verification import is_same
from siamese_core.networks.card import tells_apart
from siamese_core.networks.comparison import Comparison
from ui.shared import distance_chart, resources
from ui.shared.browser_script import run_script
from ui.shared.canvas import ANSWER
from ui.shared.parts import give, run_parts
from ui.shared.resources import Loaded
from ui.shared.share import choose_share, expected_share
from ui.shared.state import SIDES, Seen, state, widget_value
from ui.shared.thumbnails import STAGE_SIDE, show_strip, to_grey

STAGE_NAMES = ("ink", "cut out", "20 x 20", "28 x 28")  # in letters that every font has
NEIGHBOURS = 4  # test digits shown for each side
TILE = (STAGE_SIDE, STAGE_SIDE)
SCALE = "scale"  # key of the chart
THRESHOLD = "threshold"  # key of the part with the scale and the slider
SCRIPT = Path(__file__).with_name("needle.js")
ANNOUNCEMENT = Path(__file__).with_name("announcement.js")
PAINT_TIME = 0.04  # s, in which the browser shows the answer before it is sent the pictures and the chart


class Doubt(NamedTuple):
    """A reason not to rely on a verdict."""

    sentence: str
    why: str


def threshold_of(loaded: Loaded) -> float:
    """Return the threshold in force: the exact fitted one, unless the slider has been moved from it."""
    moved = widget_value(_threshold_key(loaded))
    return loaded.model.threshold if moved in (None, _fitted(loaded)) else float(moved)


def scale(loaded: Loaded) -> None:
    """Draw how the distances of test pairs spread, with the threshold; the needle is drawn over it."""
    st.plotly_chart(
        distance_chart.distance_scale(loaded.spread, threshold_of(loaded)),
        key=SCALE,
        config={"displayModeBar": False},
        alt="How the distances of pairs of the same digit and of different digits spread, and where the threshold lies",
    )


def needle(loaded: Loaded, distance: float | None) -> None:
    """Draw where a distance lies on the scale; without a distance take the needle away.

    Where there is no scale yet, it is drawn as soon as the browser shows the first answer: not before, as a browser
    needs up to a second for the first chart.
    """
    shown = None if distance is None else distance_chart.needle(loaded.spread, threshold_of(loaded), distance)
    data = {"chart": SCALE, "plot": distance_chart.PLOT._asdict(), "needle": shown, "waits": not state().scale_shown}
    run_script(SCRIPT, "needle", data, on_answered_change=_show_scale)


def announce(loaded: Loaded, comparison: Comparison | None) -> None:
    """Say the verdict to who cannot see it: to a screen reader, and at the lower edge of a small screen."""
    text, colour = "", ""
    if comparison:
        word, colour, _ = _word(loaded, comparison.distance)
        doubt = _doubt(loaded, comparison)
        text = f"{word}{'?' if doubt else ''} · distance {comparison.distance:.3f}"
        text += f" · {doubt.sentence}" if doubt else ""
    run_script(ANNOUNCEMENT, "announcement", {"text": text, "colour": colour})


def _show_scale() -> None:
    state().scale_shown = True
    _run_with_threshold()


def threshold_slider(loaded: Loaded) -> None:
    """Draw the slider of the threshold and the way back to the fitted one."""
    fitted = _fitted(loaded)
    end = float(np.ceil(loaded.spread.centres[-1] * 10) / 10)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.slider(
            "Threshold",
            min_value=0.0,
            max_value=end,
            value=fitted,
            step=0.01,
            key=_threshold_key(loaded),
            persist_state="session",
            help="A pair up to this distance counts as the same digit.",
            on_change=_run_with_threshold,
        )
        st.button(
            f"Back to {fitted:.2f}",
            icon=":material/restart_alt:",
            help="The fitted threshold: where a pair of validation digits is as probably the same as different, or the "
            "nearest at which neither FAR nor FRR is more than a quarter above the other.",
            disabled=threshold_of(loaded) == loaded.model.threshold,
            on_click=_back_to_fitted,
            args=(loaded,),
        )
    choose_share(_run_with_threshold)


def _back_to_fitted(loaded: Loaded) -> None:
    give(_threshold_key(loaded), _fitted(loaded))
    _run_with_threshold()


def _run_with_threshold() -> None:
    run_parts(THRESHOLD, ANSWER)


def verdict(loaded: Loaded, comparison: Comparison) -> None:
    """Draw distance, verdict and probability, and let the browser show them before more comes."""
    st.metric(
        "Distance", f"{comparison.distance:.3f}", help="Euclidean, between the two embeddings. Smaller = more alike."
    )
    threshold, doubt, share = threshold_of(loaded), _doubt(loaded, comparison), 100 * expected_share()
    moved = ", at any threshold" if threshold != loaded.model.threshold else ""
    word, colour, sign = _word(loaded, comparison.distance)
    with st.container(key="verdict", gap="xsmall"):
        st.markdown(f"### :gray[{word}?]" if doubt else f"### :{colour}[{word}]")
        st.markdown(f"{comparison.distance:.3f} {sign} {threshold:.3f}, the threshold")
        if doubt:
            st.caption("Do not rely on it", help=doubt.why)
            st.markdown(f"**{doubt.sentence}**")
        else:
            st.caption(
                f"Probability of same{moved}",
                help=f"Calibrated on pairs of validation digits, expecting that {share:.3g} % of all pairs are the "
                "same digit; below the scale you choose how many.",
            )
            st.markdown(f"**{shifted_probability(comparison.probability_same, share / 100):.1%}**")
    time.sleep(PAINT_TIME)


def _word(loaded: Loaded, distance: float) -> tuple[str, str, str]:
    """Return the verdict on a distance, its colour, and how the distance stands to the threshold."""
    if is_same(distance, threshold_of(loaded)):
        return "Same digit", "green", "≤"
    return "Different digits", "orange", ">"


def _doubt(loaded: Loaded, comparison: Comparison) -> Doubt | None:
    """Return why a verdict is not to be relied on, None if there is no reason."""
    if not tells_apart(loaded.model.card):
        return Doubt("This network cannot tell digits apart.", "On test digits it does no better than guessing.")
    names = [name for name, far in zip(SIDES, comparison.unlike, strict=True) if far]
    if not names:
        return None
    who = "Both are" if len(names) == len(SIDES) else f"The {names[0]} one is"
    why = (
        f"It lies further from the {len(resources.test_digits()):,} test digits than 99% of real digits do: a letter, "
        "a scribble, or a way of writing that this network has not met."
    )
    return Doubt(f"{who} unlike any digit it knows.", why)


def invitation(complaint: str) -> None:
    """Draw a friendly word instead of a verdict while a canvas is blank or holds no digit."""
    words = {
        (True, True): "Draw a digit in each box, or let chance pick two.",
        (True, False): "Now draw one in the left box.",
        (False, True): "Now draw one in the right box.",
        (False, False): "That is no digit yet." if complaint else "Reading your drawing …",
    }
    with st.container(key="verdict", gap="xsmall"):
        st.markdown(f"### {words[state().left.blank, state().right.blank]}")
        st.markdown(complaint or "The distance appears here after each stroke, by itself.")


def what_it_saw(sides: list[Seen]) -> None:
    """Draw the 28 x 28 image of each side and the stages that led to it."""
    st.subheader("What the network saw", anchor=False)
    st.caption("As MNIST was made: find the ink, cut it out, fit it into 20 × 20 pixels, centre its mass in 28 × 28.")
    for column, side in zip(_under_the_canvases(), sides, strict=True):
        with column:
            if not side.stages:
                show_strip([to_grey(side.digit)], ["28 x 28"], TILE)
                st.caption(f"A test digit, labelled {_class_of(side.test_index)}, as it is.")
            else:
                show_strip(side.stages, STAGE_NAMES, TILE)


def nearest_digits(loaded: Loaded, comparison: Comparison, sides: list[Seen]) -> None:
    """Draw the test digits nearest to each side, itself left out, with their labels and distances."""
    digits = resources.test_digits()
    st.subheader(f"The nearest of {len(digits):,} test digits", anchor=False)
    st.caption("Their labels and their distances from your drawing show what the network takes it for.")
    near = comparison.neighbours
    assert near is not None  # `resources.load` makes the embeddings of the test digits where they are missing
    for column, side, indices, distances in zip(_under_the_canvases(), sides, *near, strict=True):
        others = [(i, d) for i, d in zip(indices, distances, strict=True) if i != side.test_index][:NEIGHBOURS]
        captions = [f"{digits.class_names[digits.labels[i]]} · {d:.2f}" for i, d in others]
        with column:
            show_strip(digits.images[[i for i, _ in others]], captions, TILE)


def _under_the_canvases() -> list[DeltaGenerator]:
    """Return a container for each side, as wide as its canvas and where there is room under it."""
    with st.container(horizontal=True, gap="medium"):
        return [st.container(width=CANVAS_SIZE, gap="small") for _ in SIDES]


def _fitted(loaded: Loaded) -> float:
    """Return the fitted threshold as the slider can show it."""
    return round(loaded.model.threshold, 2)


def _threshold_key(loaded: Loaded) -> str:
    return f"threshold_{loaded.name}"


def _class_of(test_index: int | None) -> str:
    """Return the name of a test digit's class."""
    assert test_index is not None
    digits = resources.test_digits()
    return digits.class_names[digits.labels[test_index]]
