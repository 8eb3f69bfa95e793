"""The answer to two drawings: distance, verdict and probability, or a friendly word."""

import time
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from siamese_core.metrics.reliability import shifted_probability
from siamese_core.metrics.verification import is_same
from siamese_core.networks.card import tells_apart
from siamese_core.networks.comparison import Comparison
from ui.compare.scale import threshold_of
from ui.shared import in_use
from ui.shared.browser_script import run_script
from ui.shared.resources import Loaded
from ui.shared.share import expected_share
from ui.shared.state import SIDES, state

ANNOUNCEMENT = Path(__file__).with_name("announcement.js")
PAINT_TIME = 0.04  # s, in which the browser shows the answer before it is sent the pictures and the chart


class Doubt(NamedTuple):
    """A reason not to rely on a verdict."""

    sentence: str
    why: str


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
                help=f"Calibrated on pairs of validation {loaded.words.many}, expecting that {share:.3g} % of all "
                "pairs "
                f"are {loaded.words.same}; below the scale you choose how many.",
            )
            st.markdown(f"**{shifted_probability(comparison.probability_same, share / 100):.1%}**")
    time.sleep(PAINT_TIME)


def announce(loaded: Loaded, comparison: Comparison | None) -> None:
    """Say the verdict to who cannot see it: to a screen reader, and at the lower edge of a small screen."""
    text, colour = "", ""
    if comparison:
        word, colour, _ = _word(loaded, comparison.distance)
        doubt = _doubt(loaded, comparison)
        text = f"{word}{'?' if doubt else ''} · distance {comparison.distance:.3f}"
        text += f" · {doubt.sentence}" if doubt else ""
    run_script(ANNOUNCEMENT, "announcement", {"text": text, "colour": colour})


def invitation(complaint: str) -> None:
    """Draw a friendly word instead of a verdict while a canvas is blank or holds no digit."""
    one = in_use.words().one
    words = {
        (True, True): f"Draw a {one} in each box, or let chance pick two.",
        (True, False): "Now draw one in the left box.",
        (False, True): "Now draw one in the right box.",
        (False, False): f"That is no {one} yet." if complaint else "Reading your drawing …",
    }
    with st.container(key="verdict", gap="xsmall"):
        st.markdown(f"### {words[state().left.blank, state().right.blank]}")
        st.markdown(complaint or "The distance appears here after each stroke, by itself.")


def _word(loaded: Loaded, distance: float) -> tuple[str, str, str]:
    """Return the verdict on a distance, its colour, and how the distance stands to the threshold."""
    if is_same(distance, threshold_of(loaded)):
        return f"Same {loaded.words.kind}", "green", "≤"
    return f"Different {loaded.words.kinds}", "orange", ">"


def _doubt(loaded: Loaded, comparison: Comparison) -> Doubt | None:
    """Return why a verdict is not to be relied on, None if there is no reason."""
    if not tells_apart(loaded.model.card):
        many = loaded.words.many
        return Doubt(f"This network cannot tell {many} apart.", f"On test {many} it does no better than guessing.")
    names = [name for name, far in zip(SIDES, comparison.unlike, strict=True) if far]
    if not names:
        return None
    who = "Both are" if len(names) == len(SIDES) else f"The {names[0]} one is"
    one, many = loaded.words.one, loaded.words.many
    of = "a letter, a scribble, or a way of writing" if one == "digit" else "something else, or a kind of picture"
    why = (
        f"It lies further from the {len(loaded.test):,} test {many} than 99% of real {many} do: {of} that this network "
        "has not met."
    )
    return Doubt(f"{who} unlike any {one} it knows.", why)
