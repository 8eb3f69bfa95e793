"""The About page opens alone, shows the card, and explains the words of the other pages."""

import re
from pathlib import Path
from unittest.mock import patch

from streamlit.testing.v1 import AppTest

from siamese_core.config import ROOT, VERSION
from tests.jobs import Server
from tests.ui.app import captions, compare_page, tables, words
from ui.shared import resources

PLAIN = ("network", "digits", "which digits", "beside it")


def about() -> AppTest:
    return compare_page().switch_page("pages/9_About.py").run()


def test_about_opens_alone_and_shows_the_card() -> None:
    app = about()
    assert not app.exception
    assert "49,995,000" in tables(app)[0]["Value"]


def test_about_tells_the_version_that_the_changelog_begins_with() -> None:
    assert f"Siamese Lab, version {VERSION}" in captions(about())
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.findall(r"^## ([\d.]+)", changes, re.MULTILINE)[0] == VERSION


def test_about_explains_every_setting_of_the_other_pages(tmp_path: Path) -> None:
    explained = " ".join(words(about()).lower().split())
    with patch.object(resources, "jobs", lambda: Server(tmp_path).jobs):
        pages = [compare_page().switch_page(f"pages/{page}").run() for page in ("1_Train.py", "2_Embeddings.py")]
    widgets = [each for app in pages for each in (*app.slider, *app.select_slider, *app.selectbox, *app.number_input)]
    asked = {each.label.lower().removeprefix("umap: ") for each in widgets} - set(PLAIN)
    assert len(asked) > 10
    assert not {label for label in asked if label.removesuffix("s") not in explained}
