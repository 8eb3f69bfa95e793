"""The frame of every page: its settings, the sidebar with its links, the title and one sentence."""

from pathlib import Path

import streamlit as st

from siamese_core.config import ASSETS
from siamese_core.datasets.dataset import DataError
from ui.shared import in_use, resources
from ui.shared.browser_script import run_script
from ui.shared.link import read_link
from ui.shared.process import set_up_process
from ui.shared.state import enter
from ui.shared.told import told

ICON = ASSETS / "icon.png"  # of the browser's tab; an icon by name would be fetched from another server
PAGES = (
    ("streamlit_app.py", "Compare", ":material/compare:"),
    ("pages/1_Train.py", "Train", ":material/model_training:"),
    ("pages/2_Embeddings.py", "Embeddings", ":material/scatter_plot:"),
    ("pages/3_Evaluate.py", "Evaluate", ":material/query_stats:"),
    ("pages/4_Symbols.py", "Symbols", ":material/draw:"),
    ("pages/5_How_it_works.py", "How it works", ":material/school:"),
    ("pages/9_About.py", "About", ":material/info:"),
)

STYLE = Path(__file__).with_suffix(".css")
SCRIPTS = ("popovers", "swipes")


def page_frame(title: str, sentence: str) -> None:
    """Draw the frame of a page. Call it first on every page.

    Both may hold the fields of `Words`, for what the network that the page is about compares.
    """
    set_up_process()
    enter(title)
    read_link()
    words = in_use.words_ahead()._asdict()
    title, sentence = title.format(**words), sentence.format(**words)
    st.set_page_config(page_title=f"{title} · Siamese Lab", page_icon=str(ICON), layout="wide")
    st.html(STYLE)
    with st.sidebar:
        st.markdown("### Siamese Lab")
        for path, label, icon in PAGES:
            st.page_link(path, label=label, icon=icon)
    with st.container(gap=None):
        st.title(title, anchor=False)
        for name in SCRIPTS:
            run_script(Path(__file__).with_name(f"{name}.js"), name, {})
    st.markdown(sentence)


def need_digits() -> None:
    """End the run of a page that can do nothing without MNIST where it is missing or damaged, with a word."""
    try:
        resources.training_labels()
        resources.test_digits()
    except DataError as error:
        st.error(f"MNIST cannot be used: {told(error)}.")
        st.stop()


def link_to(label: str, words: str) -> None:
    """Draw a link to one of the app's pages, given its name in the sidebar; nothing where the app has no such page."""
    for path, name, icon in PAGES:
        if name == label:
            st.page_link(path, label=words, icon=icon)
