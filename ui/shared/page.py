"""The frame of every page: its settings, the sidebar with its links, the title and one sentence."""

import streamlit as st

from siamese_core.config import ASSETS
from ui.shared import resources
from ui.shared.link import read_link
from ui.shared.state import enter

ICON = ASSETS / "icon.png"  # of the browser's tab; an icon by name would be fetched from another server
PAGES = (
    ("streamlit_app.py", "Compare", ":material/compare:"),
    ("pages/1_Train.py", "Train", ":material/model_training:"),
    ("pages/2_Embeddings.py", "Embeddings", ":material/scatter_plot:"),
    ("pages/9_About.py", "About", ":material/info:"),
)

# Streamlit's running indicator has a button "Stop" of its own, which stops the page and not a training, and it would
# flash at each update of a training. No setting hides it.
HIDE_STATUS = "<style>[data-testid='stStatusWidget'] { display: none; }</style>"


def page_frame(title: str, sentence: str) -> None:
    """Draw the frame of a page. Call it first on every page."""
    resources.use_one_thread()
    enter(title)
    read_link()
    st.set_page_config(page_title=f"{title} · Siamese Lab", page_icon=str(ICON), layout="wide")
    st.html(HIDE_STATUS)
    with st.sidebar:
        st.markdown("### Siamese Lab")
        for path, label, icon in PAGES:
            st.page_link(path, label=label, icon=icon)
    st.title(title, anchor=False)
    st.markdown(sentence)
