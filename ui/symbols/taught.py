"""What has been taught: a card for each symbol, its examples, and what can be done to it."""

from collections.abc import Callable

import streamlit as st

from siamese_core.datasets.symbols import (
    LONGEST_NAME,
    MOST_SYMBOLS,
    Example,
    Symbol,
    SymbolError,
    Symbols,
    forget,
    forget_example,
    images_of,
    rename,
)
from ui.shared.canvas import ANSWER
from ui.shared.parts import give, run_parts
from ui.shared.state import state, widget_value
from ui.shared.thumbnails import show_strip
from ui.symbols.symbol_set import TAUGHT, change, plain, say, symbols

TILE = (38, 38)  # px
CARD = 256  # px: five pictures and the card's rim


def cards(taught: Symbols) -> None:
    """Draw a card for each symbol."""
    if not taught:
        st.caption("No symbol yet: teach one above, open a file, or take some to begin with.")
        return
    st.caption(f"{len(taught)} of at most {MOST_SYMBOLS} symbols. A few examples each make the answers surer.")
    with st.container(horizontal=True, gap="small"):
        for i, symbol in enumerate(taught):
            with st.container(border=True, width=CARD, gap="xsmall", key=f"card_{i}"):
                _card(i, symbol)


def _card(i: int, symbol: Symbol) -> None:
    count = len(symbol.examples)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{plain(symbol.name)}**", width="content")
        menu = st.popover(
            "Change", type="tertiary", icon=":material/edit:", key=_menu(i), on_change=run_parts, args=(TAUGHT,)
        )
    captions = [str(k) for k in range(1, count + 1)]
    show_strip(images_of(symbol.examples), captions, TILE)
    if menu.open:
        with menu:
            _changes(i, symbol)


def _changes(i: int, symbol: Symbol) -> None:
    field = f"rename_{i}_{len(state().symbol_steps)}"
    st.text_input("Name", symbol.name, LONGEST_NAME, key=field, on_change=_rename, args=(i, symbol.name, field))
    if len(symbol.examples) > 1:
        st.caption("Take away example")
        with st.container(horizontal=True, gap="xsmall"):
            for k, example in enumerate(symbol.examples, 1):
                st.button(str(k), key=f"forget_{i}_{k}", on_click=_forget_example, args=(i, symbol.name, example))
    st.button(
        "Take away the symbol", icon=":material/delete:", key=f"forget_{i}", on_click=_forget, args=(i, symbol.name)
    )


def _rename(i: int, name: str, field: str) -> None:
    _try(i, f"naming {name} anew", lambda taught: rename(taught, name, widget_value(field) or ""))


def _forget(i: int, name: str) -> None:
    _try(i, f"taking {name} away", lambda taught: forget(taught, name))


def _forget_example(i: int, name: str, example: Example) -> None:
    _try(i, f"taking an example of {name} away", lambda taught: forget_example(taught, name, example))


def _try(i: int, act: str, make: Callable[[Symbols], Symbols]) -> None:
    """Change the set, or say why not; the menu of the card closes."""
    try:
        change(act, make(symbols()))
    except SymbolError as error:
        say(TAUGHT, plain(str(error)))
    give(_menu(i), False)
    run_parts(TAUGHT, ANSWER)


def _menu(i: int) -> str:
    return f"menu_{i}"
