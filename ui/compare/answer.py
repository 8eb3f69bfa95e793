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
from ui.shared import resources, terms
from ui.shared.browser_script import run_script
from ui.shared.resources import Loaded
from ui.shared.share import expected_share
from ui.shared.state import SIDES, state
from ui.shared.terms import explained

ANNOUNCEMENT = Path(__file__).with_name("announcement.js")
PAINT_TIME = 0.04  # s, in which the browser shows the answer before it is sent the pictures and the chart


class Doubt(NamedTuple):
    """A reason not to rely on a verdict."""

    sentence: str
    why: str


def verdict(loaded: Loaded, comparison: Comparison) -> None:
    """Draw distance, verdict and probability, and let the browser show them before more comes."""
    st.metric(
        "Distance",
        f"{comparison.distance:.3f}",
        help=f"Euclidean, between the two embeddings. Smaller = more alike. {explained(terms.ENCODER)}",
    )
    threshold, doubt, share = threshold_of(loaded, comparison), _doubt(loaded, comparison), 100 * expected_share()
    moved = "" if threshold == comparison.threshold else ", at any threshold"
    word, colour, sign = _word(loaded, comparison)
    with st.container(key="verdict", gap="xsmall"):
        st.markdown(f"### :gray[{word}?]" if doubt else f"### :{colour}[{word}]")
        of_what = " for symbols" if comparison.symbols and not moved else ""
        st.markdown(f"{comparison.distance:.3f} {sign} {threshold:.3f}, the threshold{of_what}")
        if doubt:
            st.caption("Do not rely on it", help=doubt.why)
            st.markdown(f"**{doubt.sentence}**")
        else:
            st.caption(f"Probability of same{moved}", help=_calibrated_on(comparison, share))
            st.markdown(f"**{shifted_probability(comparison.probability_same, share / 100):.1%}**")
        if comparison.symbols:
            st.caption(_no_digits(comparison), help=_why_no_digit())
    time.sleep(PAINT_TIME)


def announce(loaded: Loaded, comparison: Comparison | None) -> None:
    """Say the verdict to who cannot see it: to a screen reader, and at the lower edge of a small screen."""
    text, colour = "", ""
    if comparison:
        word, colour, _ = _word(loaded, comparison)
        doubt = _doubt(loaded, comparison)
        text = f"{word}{'?' if doubt else ''} · distance {comparison.distance:.3f}"
        text += f" · {doubt.sentence}" if doubt else ""
    run_script(ANNOUNCEMENT, "announcement", {"text": text, "colour": colour})


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


def _word(loaded: Loaded, comparison: Comparison) -> tuple[str, str, str]:
    """Return the verdict on two drawings, its colour, and how their distance stands to the threshold."""
    kind = "symbol" if comparison.symbols else "digit"
    if is_same(comparison.distance, threshold_of(loaded, comparison)):
        return f"Same {kind}", "green", "≤"
    return f"Different {kind}s", "orange", ">"


def _doubt(loaded: Loaded, comparison: Comparison) -> Doubt | None:
    """Return why a verdict is not to be relied on, None if there is no reason."""
    if not tells_apart(loaded.model.card):
        return Doubt("This network cannot tell digits apart.", "On test digits it does no better than guessing.")
    if not any(comparison.unlike) or comparison.symbols:
        return None
    return Doubt(_who(comparison, "unlike any digit it knows"), _why_no_digit())


def _calibrated_on(comparison: Comparison, share: float) -> str:
    """Say what the probability of same rests on; share: of pairs expected to be the same, in percent."""
    pairs, what = ("drawings of symbols", "symbol") if comparison.symbols else ("validation digits", "digit")
    return (
        f"Calibrated on pairs of {pairs}, expecting that {share:.3g} % of all pairs are the same {what}; below the "
        "scale you choose how many."
    )


def _no_digits(comparison: Comparison) -> str:
    return _who(comparison, "no digit it knows, so they are compared as symbols")


def _who(comparison: Comparison, what: str) -> str:
    names = [name for name, far in zip(SIDES, comparison.unlike, strict=True) if far]
    return f"{'Both are' if len(names) == len(SIDES) else f'The {names[0]} one is'} {what}."


def _why_no_digit() -> str:
    return (
        f"It lies further from the {len(resources.test_digits()):,} test digits than 99% of real digits do: a letter, "
        "another symbol, a scribble, or a way of writing that this network has not met."
    )
