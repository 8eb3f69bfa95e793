"""A table on a page, written as Markdown.

`st.table` and `st.dataframe` take pandas and pyarrow, 63 MB of the app's process for a few lines of text, and do not
work here (`process`).
"""

from collections.abc import Mapping, Sequence

import streamlit as st

LONG, TALLEST = 20, 400  # rows of a table that then scrolls; px


def show_table(table: Mapping[str, Sequence[object]] | Sequence[Mapping[str, object]]) -> None:
    """Draw a table, its columns by their names or its rows one after another; a long one scrolls.

    Cells are Markdown: what comes from outside goes through `plain` first.
    """
    columns = table if isinstance(table, Mapping) else {name: [row[name] for row in table] for name in table[0]}
    rows = list(zip(*columns.values(), strict=True))
    lines = [list(columns), ["---"] * len(columns), *rows]
    with st.container(height=TALLEST if len(rows) > LONG else "content", border=False):
        st.markdown("\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines))


def _cell(content: object) -> str:
    """Return what a cell holds, in one line; a bar would end the cell."""
    return " ".join(str(content).split()).replace("\\|", "|").replace("|", "\\|")
