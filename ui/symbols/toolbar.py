"""The buttons that act on the whole set: undo, open, save, start afresh."""

import streamlit as st

from siamese_core.datasets.symbol_file import from_file, to_file
from siamese_core.datasets.symbols import SymbolError, Symbols
from ui.shared.canvas import ANSWER, side_key
from ui.shared.parts import give, run_parts
from ui.shared.state import state, widget_value
from ui.symbols.symbol_set import TAUGHT, TEACHING, change, opening, plain, say, undo, word

FILE = "siamese-lab-symbols.json"
OPEN = "open_symbols"  # key of the popover


def toolbar(taught: Symbols) -> None:
    """Draw the buttons, and a word about the last act."""
    steps = state().symbol_steps
    with st.container(horizontal=True, gap="small"):
        st.button(
            f"Undo {plain(steps[-1].act)}" if steps else "Nothing to undo", icon=":material/undo:", key="undo_set",
            disabled=not steps, on_click=_undo,
        )  # fmt: skip
        st.download_button(
            "Save", to_file(taught), FILE, "application/json", icon=":material/download:", on_click="ignore",
            disabled=not taught, help="A small file with all symbols and their drawings.",
        )  # fmt: skip
        _open()
        st.button(
            "Start afresh", icon=":material/restart_alt:", disabled=not taught, on_click=_change,
            args=("starting afresh", ()), help="Takes all symbols away; Undo brings them back.",
        )  # fmt: skip
        if not taught:
            st.button(
                f"Take {len(opening())} to begin with", icon=":material/star:", on_click=_change,
                args=(f"taking {len(opening())}", opening()),
            )  # fmt: skip
    if told := word(TAUGHT):
        st.warning(told, icon=":material/info:")


def _open() -> None:
    picker = st.popover("Open", icon=":material/folder_open:", key=OPEN, on_change=run_parts, args=(TAUGHT,))
    if picker.open:
        with picker:
            st.file_uploader(
                "A file that Save has made; its symbols take the place of these", ["json"], key=_upload_key(),
                on_change=_take_file,
            )  # fmt: skip


def _take_file() -> None:
    """Take the symbols of a file; one that cannot be used changes nothing and leaves a word about why."""
    file = widget_value(_upload_key())
    if file is not None:
        state().symbol_files += 1  # an empty uploader takes this one's place, so that the same file can be taken again
        give(OPEN, False)  # closes the popover, behind which a word about the file would hide
        try:
            change(f"opening {file.name}", from_file(file.getvalue()))
        except SymbolError as error:
            say(TAUGHT, f"{plain(file.name)}: {plain(str(error))}")
    run_parts(TAUGHT, ANSWER)


def _upload_key() -> str:
    return f"symbol_file_{state().symbol_files}"


def _change(act: str, to: Symbols) -> None:
    change(act, to)
    run_parts(TAUGHT, ANSWER, TEACHING)


def _undo() -> None:
    undo()
    run_parts(TAUGHT, ANSWER, TEACHING, side_key("teach"))
