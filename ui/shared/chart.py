"""A chart on a page."""

import streamlit as st
from plotly.graph_objects import Figure

NO_BUTTONS = {"displayModeBar": False}


def show_chart(figure: Figure, key: str, alt: str) -> None:
    """Draw a chart without Plotly's buttons; alt: what it shows, for who cannot see it."""
    st.plotly_chart(figure, key=key, config=NO_BUTTONS, alt=alt)
