"""The legend of a map with many classes: folded into one line, in which classes are chosen that then stand out."""

import streamlit as st

from ui.embeddings import network_space
from ui.embeddings.charts import MOST_IN_LEGEND
from ui.embeddings.layouts import View
from ui.shared.state import set_widget_value, widget_value

CLASSES = "map_classes"  # key of the widget
MOST_CHOSEN = 10  # classes with colours that differ clearly


def chosen_classes(view: View) -> tuple[str, ...]:
    """Return the classes that stand out on the map of many classes, none if no one is chosen."""
    names = network_space.shown(view.space).digits.class_names
    if len(names) <= MOST_IN_LEGEND:
        return ()
    return tuple(name for name in widget_value(CLASSES) or () if name in names)


def choose_classes(view: View) -> None:
    """Draw the choice of classes that stand out; of few classes the map itself has a legend."""
    digits = network_space.shown(view.space).digits
    if digits.classes <= MOST_IN_LEGEND:
        return
    chosen = list(chosen_classes(view))
    if chosen != (widget_value(CLASSES) or []):  # those of another network
        set_widget_value(CLASSES, chosen)
    st.multiselect(
        "Classes that stand out", digits.class_names, key=CLASSES, persist_state="session",
        max_selections=MOST_CHOSEN, placeholder=f"choose some of the {digits.classes} classes",
        help=f"{digits.classes} colours cannot all be told apart. Point at a dot to read its class; or choose up to "
        f"{MOST_CHOSEN} classes, which then have colours of their own, with all others in grey.",
    )  # fmt: skip
