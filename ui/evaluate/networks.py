"""Two networks side by side, and a visitor's networks ranked, with whether a difference is more than noise."""

import streamlit as st

from siamese_core.metrics import curves as rates
from siamese_core.metrics import resampling
from siamese_core.metrics.confidence import Interval
from siamese_core.metrics.counting import Counted
from ui.evaluate.counted import count
from ui.shared import resources
from ui.shared.network_picker import load_model, same_data
from ui.shared.resources import Loaded
from ui.shared.run_name import run_name
from ui.shared.table import show_table
from ui.shared.visitor import visitor

NONE = "nothing"


@st.fragment
def beside_panel(loaded: Loaded, counted: Counted, titles: dict[str, str]) -> None:
    """Draw another network's figures beside those of this one, each at its own fitted threshold."""
    st.subheader("Beside another network", anchor=False)
    others = {NONE: NONE, **{name: titles[name] for name in same_data(loaded.name, titles) if name != loaded.name}}
    other = st.selectbox(
        "Beside it", list(others), format_func=others.__getitem__, key="evaluated_beside", persist_state="session"
    )
    if other == NONE:
        st.caption("Choose a network, to see whether one is better by more than chance. Train makes new ones.")
        return
    second = load_model(other)
    theirs = count(second) if second else None
    if second is None or theirs is None:
        return
    pair = ((titles[loaded.name], loaded, counted), (titles[second.name], second, theirs))
    show_table(
        {"": ["EER", "Balanced accuracy, at its own threshold", "Threshold"], **dict(_column(*each) for each in pair)}
    )
    gap = resampling.eer_difference(counted.curves, theirs.curves)
    right = resampling.accuracy_difference(
        counted.curves, theirs.curves, (loaded.model.threshold, second.model.threshold)
    )
    st.markdown(_verdict("EER", gap, lower_is_better=True) + " " + _verdict("balanced accuracy", right, False))
    st.caption(
        f"By a paired bootstrap: both networks are judged on the same resampled test {loaded.words.many}, 200 "
        "times. It says nothing "
        "of other training seeds."
    )


@st.fragment
def ranking_panel(loaded: Loaded) -> None:
    """Draw the visitor's networks of the same test images ranked by EER, on a press of a button: each is counted."""
    runs = [run for run in resources.jobs().of_visitor(visitor()) if run.model_folder]
    alike = same_data(loaded.name, [run.id for run in runs])
    runs = [run for run in runs if run.id in alike]
    if len(runs) < 2:
        return
    st.subheader("Your networks, ranked", anchor=False)
    if not st.toggle(f"Rank the {len(runs)} networks you have trained", key="rank", persist_state="session"):
        st.caption(
            f"All pairs of test {loaded.words.many} are counted for each, a few seconds a network the first time."
        )
        return
    found = [(run_name(run), counted) for run in runs if (counted := _counted(run.id))]
    ranked = resampling.rank([(name, each.curves) for name, each in found])
    show_table(
        [
            {
                "Place": f"{each.place}{', tied' if each.tied else ''}",
                "Network": each.name,
                "EER": f"{each.eer.rate:.2%} ({each.eer.low:.2%} to {each.eer.high:.2%})",
            }
            for each in ranked
        ]
    )
    st.caption("Networks share a place where their difference from the best of them is not more than noise.")


def _counted(name: str) -> Counted | None:
    loaded = load_model(name)
    return count(loaded) if loaded and loaded.name == name else None


def _column(title: str, loaded: Loaded, counted: Counted) -> tuple[str, list[str]]:
    meet = resampling.eer(counted.curves)
    at = rates.position(counted.curves, loaded.model.threshold)
    right = rates.balanced_accuracy(counted.curves)[at]
    eer = f"{meet.rate:.2%} ({meet.low:.2%} to {meet.high:.2%})"
    return title, [eer, f"{right:.2%}", f"{loaded.model.threshold:.3f}"]


def _verdict(what: str, difference: Interval, lower_is_better: bool) -> str:
    """Say whether a difference, of the first network less the second, is more than noise."""
    size = f"{abs(difference.rate) * 100:.2f} points ({difference.low * 100:+.2f} to {difference.high * 100:+.2f})"
    if not resampling.is_more_than_noise(difference):
        return f"Their {what} differs by {size}: **no more than noise**."
    first = (difference.rate < 0) == lower_is_better
    return f"The **{'first' if first else 'second'}** has the better {what}, by {size}: **more than noise**."
