"""The answer to what is drawn on the second canvas, and its correction by one click."""

import numpy as np
import streamlit as st

from siamese_core.datasets.symbols import UNKNOWN, SymbolError, images_of, teach
from siamese_core.metrics.one_shot import ENOUGH, Limit
from ui.shared.announcement import announce
from ui.shared.canvas import ANSWER
from ui.shared.parts import give, run_parts
from ui.shared.state import Seen, widget_value
from ui.shared.thumbnails import STAGE_SIDE, show_strip, to_grey
from ui.symbols.answering import Answer, Ranked
from ui.symbols.symbol_set import TAUGHT, change, drawn_example, plain, say, symbols, word
from ui.symbols.teaching import take_over

CORRECTION = "correction"  # key of the choice of the right symbol
ROWS = 5  # symbols ranked
TILE = (STAGE_SIDE, STAGE_SIDE)
PER_ROW = 3  # pictures side by side, in the narrow column beside the canvases
STAGE_NAMES = ("ink", "cut out", "20 x 20", "28 x 28")  # in letters that every font has


def invitation(complaint: str) -> None:
    """Draw a friendly word instead of an answer while nothing is asked, or nothing was taught."""
    with st.container(key=ANSWER, gap="xsmall"):
        if complaint:
            st.markdown(f"### Nothing to compare yet\n{plain(complaint)}")
        elif not symbols():
            st.markdown("### Nothing taught yet\nDraw a symbol on the first canvas, give it a name, and press Teach.")
        else:
            st.markdown("### What is it?\nDraw a symbol on the second canvas. The answer comes after each stroke.")
    announce(ANSWER, "", "")


def show(answer: Answer, asked: Seen) -> None:
    """Draw the name, the examples beside the drawing, the ranking and the correction."""
    first, name = answer.first, plain(answer.first.symbol.name)
    with st.container(key=ANSWER, gap="small"):
        with st.container(gap="xsmall"):
            st.markdown(f"### :green[{name}]" if answer.known else f"### :orange[{UNKNOWN}]")
            st.markdown(_sentence(answer, name), help=_about(answer.limit))
        _examples(first, asked)
        st.markdown(_ranking(answer))
    said = f"{first.symbol.name if answer.known else UNKNOWN} · distance {first.distance:.2f}"
    announce(ANSWER, said, "green" if answer.known else "orange")


def correction() -> None:
    """Draw the way to say what the drawing is; one click makes it an example."""
    names = [symbol.name for symbol in symbols()]
    if names:
        st.pills(
            "It was a …", names, key=CORRECTION, on_change=_correct, format_func=plain,
            help="One click makes the drawing one more example of that symbol.",
        )  # fmt: skip
    st.button("It is something new", icon=":material/add:", on_click=take_over, key="something_new")
    if told := word(ANSWER):
        st.info(told, icon=":material/school:")


def what_it_saw(asked: Seen | None) -> None:
    """Draw the stages from the drawing to the image that the network sees."""
    if asked and asked.stages:
        st.caption("What the network saw")
        show_strip(asked.stages, STAGE_NAMES, TILE)


def _correct() -> None:
    name = widget_value(CORRECTION)
    give(CORRECTION, None)
    if name:
        try:
            known = next(symbol for symbol in symbols() if symbol.name == name)
            full = teach(symbols(), name, drawn_example("ask"))
            change(f"adding to {name}", full)
            count = len(next(symbol for symbol in full if symbol.name == known.name).examples)
            gone = " The oldest one made room." if count == len(known.examples) else ""
            say(ANSWER, f"Learned: {plain(name)} now has {_examples_in_words(count)}.{gone}")
        except SymbolError as error:
            say(ANSWER, plain(str(error)))
    run_parts(ANSWER, TAUGHT)


def _sentence(answer: Answer, name: str) -> str:
    """Return the answer in words; with one symbol taught it is whether the drawing belongs to it."""
    limit = "the network's threshold" if not answer.limit.examples else f"by {answer.limit.examples} examples"
    relation = f"{answer.first.distance:.3f} {'≤' if answer.known else '>'} {answer.limit.distance:.3f}, {limit}."
    if len(answer.ranked) == 1:
        return f"It {'belongs' if answer.known else 'does not belong'} to {name}: {relation}"
    return f"{'Nearest' if answer.known else f'{name} would be nearest'}: {relation}"


def _examples(first: Ranked, asked: Seen) -> None:
    """Draw the examples of the nearest symbol beside the drawing, with their distances."""
    pictures = [to_grey(asked.digit), *images_of(first.symbol.examples)]
    captions = ["yours", *(f"{distance:.2f}" for distance in first.distances)]
    for start in range(0, len(pictures), PER_ROW):
        rows = slice(start, start + PER_ROW)
        show_strip(np.stack(pictures[rows]), captions[rows], TILE)


def _ranking(answer: Answer) -> str:
    """Return the ranking as a list in Markdown."""
    rows = [
        f"{i}. **{plain(each.symbol.name)}** {each.distance:.3f} · {each.probability:.1%}"
        for i, each in enumerate(answer.ranked[:ROWS], 1)
    ]
    return "\n".join(["Distance · probability of same", *rows])


def _about(limit: Limit) -> str:
    beyond = f"Beyond the limit of {limit.distance:.2f} the answer is {UNKNOWN}. "
    if limit.examples:
        return (
            f"{beyond}It follows your own examples: with each of {limit.examples} left out in turn, it refuses as many "
            "that belong to their symbol as it takes of those that do not."
        )
    return f"{beyond}It is the network's threshold; with {ENOUGH} second examples it follows your own."


def _examples_in_words(count: int) -> str:
    return "1 example" if count == 1 else f"{count} examples"
