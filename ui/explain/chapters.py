"""The chapters of How it works: their words, and how a chapter is framed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from ui.shared import terms
from ui.shared.browser_script import run_script
from ui.shared.page import link_to

SCRIPT = Path(__file__).with_name("lead.js")


class Chapter(NamedTuple):
    """One idea: its words, a question for the class, and where the real thing is moved."""

    anchor: str
    title: str
    words: str  # at most 60
    ask: str
    answer: str
    links: tuple[tuple[str, str], ...]  # a page, and what to do there


CHAPTERS = (
    Chapter(
        terms.ENCODER,
        "1. Two pictures, one encoder",
        "One network, the **encoder**, turns each picture into a list of numbers, its **embedding**. The **distance** "
        "is the straight line between the two: square the differences, add them up, take the root. Blend the left "
        "picture into the right one, and the distance follows. Where it passes the **threshold**, the verdict flips.",
        "Why must both pictures go through the same encoder?",
        "Two different encoders would place one picture at two points: its distance from itself would not be 0.",
        (("Compare", "Draw two digits on Compare"),),
    ),
    Chapter(
        terms.PAIRS,
        "2. Pairs",
        "A network learns from pairs. Each picture gets a partner, and **min_equals** says how many are sure of one of "
        "their own class. With several partners, or every pair of a batch, the same pictures give more pairs: enough "
        "data, however small the set.",
        "With min_equals 0 some pairs are the same all the same. How many, and why?",
        "About one in ten: who takes any picture meets one of its own class by chance, as there are ten classes.",
        (("Train", "Move min_equals on Train"),),
    ),
    Chapter(
        terms.LOSS,
        "3. The loss is a force",
        "The **loss** pulls the two of a same pair together, the harder the further apart they are. Those of a "
        "different pair it pushes apart, the harder the nearer they are, but only up to the **margin**; beyond it "
        "nothing pulls. An arrow is as long as one step. Drag a pair or the margin, then let go.",
        "Why is there a margin at all?",
        "Without it different pairs would be pushed apart for ever. It says: far enough. Training then spends its "
        "strength on the pairs that are still too near.",
        (("Train", "Move the margin on Train"),),
    ),
    Chapter(
        terms.TRAINING,
        "4. A training in the hand",
        "Four digits, embeddings of two numbers: this **map** is the space itself, and each dot a digit the network "
        "never trained on. Play it. Too small a margin pushes nothing apart at first, and all collapses; a large one "
        "gives a larger space. A map of more numbers is a shadow: it cannot keep all distances.",
        "Is a larger margin better?",
        "Not by itself. The space grows, and the threshold with it. What counts is how far apart the classes lie "
        "compared with how wide they are: the error rate under each map tells.",
        (("Embeddings", "Look into the shipped network's space"),),
    ),
    Chapter(
        terms.LIMIT,
        "5. Where is the limit?",
        "These are distances of real test pairs. Where the hills overlap, errors remain: a lower **threshold** rejects "
        "more same pairs (**FRR**), a higher one accepts more different ones (**FAR**). And what a verdict is worth "
        "depends on how many of all pairs are the same.",
        "One pair in a hundred is the same, and the network says same. Are you sure?",
        "Move the share and read on: 99 of 100 pairs are different, so even a small FAR gives many false alarms beside "
        "the few that are true.",
        (("Evaluate", "Choose the threshold on Evaluate"),),
    ),
    Chapter(
        terms.UNSEEN,
        "6. Never seen",
        "One network has learned ten digits, the other never saw a 4 or a 9. Draw one of each, then two alike, then a "
        "symbol. Both answer: they have learned how strokes differ, and not the names of ten digits. So what was never "
        "seen can be compared, though what was learned is told apart better.",
        "Why does the second network take a 4 for a 9?",
        "Nothing in its training asked for the difference: the gap at the top never mattered. It can tell a 4 from a "
        "0, as round and straight did matter.",
        (("Symbols", "Teach it symbols of your own"), ("Train", "Leave classes out of a training on Train")),
    ),
)

QUESTIONS = (  # that come up elsewhere, and the chapter that answers each by doing
    ("What is the margin?", terms.LOSS),
    ("Why 0.5, and why another threshold here?", terms.LIMIT),
    ("Why is my 7 taken for a 1?", terms.ENCODER),
    ("What does min_equals do?", terms.PAIRS),
    ("What is this map?", terms.TRAINING),
)


def questions() -> None:
    """Draw the questions, each a link to its chapter."""
    st.markdown("\n".join(f"- [{question}](#{anchor})" for question, anchor in QUESTIONS))


def lead() -> None:
    """Lead to the chapter that the page's address names. Call it after all chapters."""
    run_script(SCRIPT, "lead", {})


@contextmanager
def chapter(anchor: str) -> Iterator[Chapter]:
    """Draw the head of a chapter; inside goes what is moved; then its foot."""
    found = next(each for each in CHAPTERS if each.anchor == anchor)
    st.header(found.title, anchor=anchor)
    st.markdown(found.words)
    yield found
    with st.expander(f"To ask the class: {found.ask}", icon=":material/school:"):
        st.markdown(found.answer)
    with st.container(horizontal=True, gap="medium"):
        for page, words in found.links:
            link_to(page, words)
