"""The answer to two drawings: distance, verdict and probability, or a friendly word."""

import time
from typing import NamedTuple

import streamlit as st

from siamese_core.metrics.novelty import SHARE
from siamese_core.metrics.reliability import shifted_probability
from siamese_core.metrics.verification import is_same
from siamese_core.networks.card import tells_apart
from siamese_core.networks.comparison import Comparison
from ui.compare.scale import threshold_of
from ui.shared import announcement, in_use, terms
from ui.shared.resources import Loaded
from ui.shared.share import expected_share
from ui.shared.state import SIDES, state
from ui.shared.terms import explained
from ui.shared.words import SYMBOLS, Words

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
            st.caption(f"Probability of same{moved}", help=_calibrated_on(loaded, comparison, share))
            st.markdown(f"**{shifted_probability(comparison.probability_same, share / 100):.1%}**")
        if comparison.symbols:
            st.caption(_compared_as_symbols(loaded, comparison), help=_why_unlike(loaded))
    time.sleep(PAINT_TIME)


def announce(loaded: Loaded, comparison: Comparison | None) -> None:
    """Say the verdict to who cannot see it: to a screen reader, and at the lower edge of a small screen."""
    text, colour = "", ""
    if comparison:
        word, colour, _ = _word(loaded, comparison)
        doubt = _doubt(loaded, comparison)
        text = f"{word}{'?' if doubt else ''} · distance {comparison.distance:.3f}"
        text += f" · {doubt.sentence}" if doubt else ""
    announcement.announce("verdict", text, colour)


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


def _word(loaded: Loaded, comparison: Comparison) -> tuple[str, str, str]:
    """Return the verdict on two drawings, its colour, and how their distance stands to the threshold."""
    words = _words(loaded, comparison)
    if is_same(comparison.distance, threshold_of(loaded, comparison)):
        return f"Same {words.kind}", "green", "≤"
    return f"Different {words.kinds}", "orange", ">"


def _words(loaded: Loaded, comparison: Comparison) -> Words:
    """Return the nouns for the two drawings: symbols where they are judged as such."""
    return SYMBOLS if comparison.symbols else loaded.words


def _doubt(loaded: Loaded, comparison: Comparison) -> Doubt | None:
    """Return why a verdict is not to be relied on, None if there is no reason."""
    if not tells_apart(loaded.model.card):
        many = loaded.words.many
        return Doubt(f"This network cannot tell {many} apart.", f"On test {many} it does no better than guessing.")
    if not any(comparison.unlike) or comparison.symbols:
        return None
    return Doubt(_who(comparison, f"unlike any {loaded.words.one} it knows"), _why_unlike(loaded))


def _calibrated_on(loaded: Loaded, comparison: Comparison, share: float) -> str:
    """Say what the probability of same rests on; share: of pairs expected to be the same, in percent."""
    pairs = "drawings of symbols" if comparison.symbols else f"validation {loaded.words.many}"
    return (
        f"Calibrated on pairs of {pairs}, expecting that {share:.3g} % of all pairs are "
        f"{_words(loaded, comparison).same}; below the scale you choose how many."
    )


def _compared_as_symbols(loaded: Loaded, comparison: Comparison) -> str:
    return _who(comparison, f"no {loaded.words.one} it knows, so they are compared as symbols")


def _who(comparison: Comparison, what: str) -> str:
    names = [name for name, far in zip(SIDES, comparison.unlike, strict=True) if far]
    return f"{'Both are' if len(names) == len(SIDES) else f'The {names[0]} one is'} {what}."


def _why_unlike(loaded: Loaded) -> str:
    one, many = loaded.words.one, loaded.words.many
    of = "a letter, another symbol, a scribble, or a way of writing"
    if one != "digit":
        of = "something else, or a kind of picture"
    return (
        f"It lies further from the {len(loaded.test):,} test {many} than {1 - SHARE:.1%} of real {many} do: {of} that "
        "this network has not met."
    )
