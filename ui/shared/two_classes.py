"""The choice of two classes where they are too many for the cells of a table."""

from collections.abc import Sequence

import streamlit as st

from ui.shared.class_chart import MOST
from ui.shared.state import set_widget_value, widget_value

Cell = tuple[int, int]


def choose_two(names: Sequence[str], cell: Cell, key: str) -> Cell:
    """Draw the choice of two of many classes, those of the cell unless another one is chosen; return it."""
    if len(names) <= MOST:
        return cell
    keys = f"{key}_one", f"{key}_other"
    for each, label in zip(keys, cell, strict=True):
        if widget_value(f"{key}_of") != cell or widget_value(each) not in range(len(names)):
            set_widget_value(each, label)
    set_widget_value(f"{key}_of", cell)
    with st.container(horizontal=True, gap="small"):
        one, other = (
            st.selectbox(title, range(len(names)), format_func=names.__getitem__, key=each, persist_state="session")
            for title, each in zip(("Pairs of", "and"), keys, strict=True)
        )
    return one, other
