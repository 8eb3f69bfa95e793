"""Tables are Markdown: columns or rows, whatever a cell holds."""

from streamlit.testing.v1 import AppTest

from tests.ui.app import tables


def page() -> None:
    from ui.shared.table import show_table

    show_table({"": ["EER", "a | b"], "Value": ["1 %", r"c \| d"]})
    show_table([{"Run": "first\nrun", "Seconds": 3}, {"Run": "", "Seconds": 4}])


def test_columns_or_rows_become_a_table() -> None:
    app = AppTest.from_function(page).run()
    assert not app.exception
    assert tables(app) == [
        {"": ["EER", r"a \| b"], "Value": ["1 %", r"c \| d"]},
        {"Run": ["first run", ""], "Seconds": ["3", "4"]},
    ]
