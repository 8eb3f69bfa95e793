"""What the pages share: the frame, the model picker, the model itself."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from siamese_core.card import ModelError
from siamese_core.data import DataError
from ui import resources
from ui.run_name import run_name
from ui.state import set_link, take_from_link
from ui.strips import strip, strip_width
from ui.visitor import visitor

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


def pick_model() -> str:
    """Draw the model picker in the sidebar and return the chosen name; the page's link carries it.

    It offers the shipped network, those in runs/, and those of the visitor's own runs and of a run in the link.
    """
    names = model_titles("model")
    take_from_link("model", names)
    with st.sidebar:
        chosen: str = st.selectbox(
            "Network",
            list(names),
            format_func=names.__getitem__,
            key="model",
            persist_state="session",
            help="The shipped network, those in the folder runs/ on this server, and those you have trained.",
        )
    set_link({} if chosen == resources.SHIPPED else {"model": chosen}, ["model"])
    return chosen


def model_titles(*parameters: str) -> dict[str, str]:
    """Return what each network that may be chosen is called, by its name.

    These are the shipped network, those in runs/, and those of the visitor's own runs and of runs that the link names
    under these parameters.
    """
    jobs = resources.jobs()
    linked = [run for each in parameters if (run := jobs.find(st.query_params.get(each, "").rpartition(":")[2]))]
    runs = [run for run in [*jobs.of_visitor(visitor()), *linked] if run.model_folder]
    return {name: name for name in resources.model_names()} | {run.id: run_name(run) for run in reversed(runs)}


def show_strip(
    pictures: Sequence[np.ndarray] | np.ndarray,
    words: Sequence[str],
    size: tuple[int, int],
    colours: Sequence[str] | None = None,
) -> None:
    """Draw pictures side by side, each over its word; arguments as `strips.strip`."""
    width = strip_width(len(pictures), size[0])
    st.image(strip(pictures, words, size, colours), width=width, alt=", ".join(words))


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
