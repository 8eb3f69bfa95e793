"""The choice of a network in the sidebar, and the network itself."""

import streamlit as st

from siamese_core.datasets.dataset import DataError
from siamese_core.networks.card import ModelError
from ui.shared import resources
from ui.shared.run_name import run_name
from ui.shared.state import set_link, take_from_link
from ui.shared.visitor import visitor


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
