"""Teaching: the name of what is drawn on the first canvas, and the button."""

import streamlit as st

from siamese_core.datasets.symbols import LONGEST_NAME, SymbolError, checked_name, find, teach
from ui.shared.canvas import ANSWER, side_key, taken_side
from ui.shared.kept_drawings import keep_drawings
from ui.shared.parts import give, part, run_parts
from ui.shared.state import widget_value
from ui.symbols.symbol_set import TAUGHT, TEACHING, drawn_example, plain, replace_taught, say, symbols, word

NAME = "symbol_name"  # key of the text field
BUTTON = "teach_button"  # key of the container with what takes the drawing from the canvas


@part(TEACHING)
def teaching() -> None:
    """Draw the field for the name and the button."""
    with st.container(key=BUTTON), st.form("teach", border=False):
        st.text_input(
            "Name", key=NAME, max_chars=LONGEST_NAME, placeholder="its name, such as heart",
            help="A symbol is known at once, without any training. A name that is there already gets another example.",
        )  # fmt: skip
        st.form_submit_button("Teach", type="primary", icon=":material/school:", on_click=_teach, width="stretch")
    if told := word(TEACHING):
        st.info(told, icon=":material/draw:")
    keep_drawings("teach")


def _teach() -> None:
    """Teach what is drawn, under the name; what cannot be taught stays as it is, and gets a sentence."""
    side, name = taken_side("teach"), widget_value(NAME) or ""
    try:
        drawing, kept = drawn_example("teach"), checked_name(name)
        known = find(symbols(), kept)
        new = teach(symbols(), kept, drawing)
    except SymbolError as error:
        photo = side.photo
        side.replace(side.objects, side.source)  # the canvas waits for its drawing since the click
        side.photo = photo
        say(TEACHING, plain(str(error)))
        run_parts(side_key("teach"), TEACHING)
        return
    replace_taught(f"adding to {known.name}" if known else f"teaching {kept}", new, [])
    give(NAME, "")
    run_parts(side_key("teach"), TEACHING, ANSWER, TAUGHT)


def take_over() -> None:
    """Take what is asked over to the teaching canvas, to be named there; what stood there comes back by Undo."""
    asked = taken_side("ask")
    replace_taught("taking the drawing over", symbols(), asked.objects, asked.source)
    say(TEACHING, "Now give it a name, and press Teach.")
    run_parts(side_key("teach"), TEACHING, ANSWER, TAUGHT)
