"""The About page opens alone."""

from tests.ui.app import compare_page


def test_about_opens_alone_and_shows_the_card() -> None:
    app = compare_page().switch_page("pages/9_About.py").run()
    assert not app.exception
    assert "49,995,000" in app.table[0].value.to_string()
