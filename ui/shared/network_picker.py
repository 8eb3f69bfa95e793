"""The network picker in the sidebar, and loading the chosen network."""

from collections.abc import Callable, Iterable

import streamlit as st

from siamese_core.datasets.dataset import DataError
from siamese_core.networks.card import ModelError, class_names, data_set, is_of_mnist, left_out, tells_apart
from ui.shared import in_use, resources
from ui.shared.link import forget_notes, linked_runs, set_link, take_option
from ui.shared.run_name import run_name
from ui.shared.state import state
from ui.shared.told import told
from ui.shared.visitor import visitor
from ui.shared.words import listed, words_of

MOST_TOLD = 12  # classes named
GONE = (
    "The network that this link names is not here, or not any more: a network trained here is kept for a while only. "
    "You see the shipped one."
)


CANNOT_TELL = "This network cannot tell {0} apart: on test {0} it does no better than guessing."


def pick_model() -> str:
    """Draw the network picker in the sidebar and return the chosen name; the page's link carries it.

    It offers the shipped network, those in runs/, those of the visitor's own runs, and that of a run in the link.
    """
    titles = model_titles()
    take_option("model", titles, GONE)
    with st.sidebar:
        chosen: str = st.selectbox(
            "Network",
            list(titles),
            format_func=titles.__getitem__,
            key="model",
            persist_state="session",
            on_change=forget_notes,
            help="The shipped networks, for digits and for anything, those in the folder runs/ on this server, and "
            "those you have trained. Beside the one for digits the other judges what is no digit.",
        )
    set_link({} if chosen == resources.SHIPPED else {"model": chosen}, ["model"])
    in_use.use(chosen)
    _about(chosen)
    if not _tells_apart(chosen):
        st.warning(f"{CANNOT_TELL.format(_kinds())} Choose another one in the sidebar.", icon=":material/warning:")
    return chosen


def _about(name: str) -> None:
    """Say what a network of another data set than MNIST compares, and what it was not trained on."""
    try:
        card = resources.read_card(name, resources.model_version(name))
    except ModelError:
        return
    told = []
    if not is_of_mnist(card):
        told.append(f"This network compares {words_of(class_names(card)).many} of **{data_set(card)}**")
        told[0] += f": {listed(class_names(card), MOST_TOLD)}."
    if away := left_out(card):
        told.append(f"It was never trained on **{listed(away, MOST_TOLD)}**.")
    if told:
        st.caption(" ".join(told))


def _kinds() -> str:
    try:
        return in_use.words().many
    except (ModelError, DataError):
        return "digits"


def _tells_apart(name: str) -> bool:
    """Return whether a network tells digits apart; a card that cannot be read is told of where the network is used."""
    try:
        return tells_apart(resources.read_card(name, resources.model_version(name)))
    except ModelError:
        return True


def model_titles() -> dict[str, str]:
    """Return the titles of the networks that can be chosen, by name.

    These are the shipped network, those in runs/, those of the visitor's own runs, and those of the runs that the link
    named by which the visitor came.
    """
    runs = [run for run in [*resources.jobs().of_visitor(visitor()), *linked_runs()] if run.model_folder]
    return {name: name for name in resources.model_names()} | {run.id: run_name(run) for run in reversed(runs)}


def same_data(name: str, others: Iterable[str]) -> list[str]:
    """Return those networks whose test images are the same as those of a network."""
    key = resources.data_key(name, resources.model_version(name))
    return [other for other in others if resources.data_key(other, resources.model_version(other)) == key]


def load_model(name: str) -> resources.Loaded | None:
    """Load a model; if it cannot be used, show a warning and load the shipped one.

    Returns None, and shows an error, if the shipped model or MNIST is damaged.
    """
    for candidate in dict.fromkeys((name, resources.SHIPPED)):
        try:
            return resources.load(candidate, resources.model_version(candidate))
        except ModelError as error:
            if candidate == state().network:
                in_use.use(resources.SHIPPED)
            if candidate == resources.SHIPPED:
                st.error(f"The shipped network cannot be used: {told(error)}.")
            else:
                st.warning(f"The network “{candidate}” cannot be used: {told(error)}. The shipped one is used instead.")
        except DataError as error:
            st.error(f"MNIST cannot be used: {told(error)}.")
            return None
    return None


def load_fitting(name: str, fits: Callable[[resources.Loaded], bool], why: str) -> resources.Loaded | None:
    """Load a model for a page that not every network fits; for one that does not, say why and load the shipped one.

    Returns None as `load_model`.
    """
    loaded = load_model(name)
    if loaded is None or fits(loaded):
        return loaded
    st.info(f"{why} The shipped network is used on this page instead.", icon=":material/info:")
    in_use.use(resources.SHIPPED)  # so that what was drawn is seen as that one sees it
    return load_model(resources.SHIPPED)
