"""The choice of a symbol for the app to draw, in a hand of its own each time: one teaches and asks without drawing."""

import streamlit as st

from siamese_core.datasets.synthetic.drawn_symbols import symbol_strokes
from siamese_core.datasets.synthetic.symbols import SYMBOLS
from ui.shared.canvas import put_drawing
from ui.shared.canvas_objects import stroke_objects
from ui.shared.digit_picker import Run
from ui.shared.state import SideName, state

WIDTH = 300  # px


def pick_symbol(name: SideName, run: Run) -> None:
    """Draw a popover with a button for each symbol that the app can draw; run: ends a callback."""
    with st.popover("Draw one for me", type="tertiary", icon=":material/casino:", key=f"pick_{name}"):
        st.caption("Each time in another handwriting:")
        with st.container(horizontal=True, width=WIDTH, gap="xsmall", key=f"digits_{name}"):
            for symbol in SYMBOLS:
                st.button(symbol, key=f"{name}_{symbol}", on_click=_pick, args=(name, symbol, run))


def _pick(name: SideName, symbol: str, run: Run) -> None:
    put_drawing(name, stroke_objects(symbol_strokes(symbol, state().rng)))
    run((name,), True)
