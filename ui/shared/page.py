"""The frame of every page: its settings, the sidebar with its links, title and sentence."""

import streamlit as st

PAGES = (
    ("streamlit_app.py", "Compare", ":material/compare:"),
    ("pages/1_Train.py", "Train", ":material/model_training:"),
    ("pages/2_Embeddings.py", "Embeddings", ":material/scatter_plot:"),
    ("pages/9_About.py", "About", ":material/info:"),
)

# Streamlit's own sign that a page is at work has a button "Stop" as well, which stops the page and not a training, and
# it would flash at each look at a training. There is no setting for it.
HIDE_STATUS = "<style>[data-testid='stStatusWidget'] { display: none; }</style>"


def page_frame(title: str, sentence: str) -> None:
    """Open a page: settings, sidebar with links, title and one sentence. To be called first on every page."""
    st.set_page_config(page_title=f"{title} · Siamese Lab", page_icon=":material/compare:", layout="wide")
    st.html(HIDE_STATUS)
    with st.sidebar:
        st.markdown("### Siamese Lab")
        for path, label, icon in PAGES:
            st.page_link(path, label=label, icon=icon)
    st.title(title, anchor=False)
    st.markdown(sentence)
