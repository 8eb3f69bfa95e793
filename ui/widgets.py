"""What the pages share: the frame, the model picker, the model itself."""

import streamlit as st

from siamese_core.card import ModelError
from siamese_core.data import DataError
from ui import resources

PAGES = (
    ("streamlit_app.py", "Compare", ":material/compare:"),
    ("pages/9_About.py", "About", ":material/info:"),
)


def page_frame(title: str, sentence: str) -> None:
    """Open a page: settings, sidebar with links, title and one sentence. To be called first on every page."""
    st.set_page_config(page_title=f"{title} · Siamese Lab", page_icon=":material/compare:", layout="wide")
    with st.sidebar:
        st.markdown("### Siamese Lab")
        for path, label, icon in PAGES:
            st.page_link(path, label=label, icon=icon)
    st.title(title, anchor=False)
    st.markdown(sentence)


def pick_model() -> str:
    """Draw the model picker in the sidebar and return the chosen name; the page's link carries it."""
    with st.sidebar:
        chosen: str = st.selectbox(
            "Network",
            resources.model_names(),
            key="model",
            bind="query-params",
            persist_state="session",
            help="The shipped network, and those trained into the folder runs/ on this server.",
        )
    return chosen


def load_model(name: str) -> resources.Loaded | None:
    """Load a model; one that cannot be used is replaced by the shipped one, with a word about it.

    Returns None, again with a word, if the shipped model or MNIST itself is damaged.
    """
    for candidate in dict.fromkeys((name, resources.SHIPPED)):
        try:
            return resources.load(candidate, resources.model_version(candidate))
        except ModelError as error:
            if candidate == resources.SHIPPED:
                st.error(f"The shipped network cannot be used: {error}.")
            else:
                st.warning(f"The network “{candidate}” cannot be used: {error}. The shipped one takes its place.")
        except DataError as error:
            st.error(str(error))
            return None
    return None
