"""What an error says to a visitor: its sentence, without where the server keeps its files."""

import os
import re

from siamese_core.config import ROOT, RUNS
from ui.shared import resources

FOLDERS = re.compile(r"(?<![\w.:/\\])(?:[A-Za-z]:)?[\\/](?:[^\s\\/]+[\\/])+")  # of an absolute path


def told(error: Exception | str) -> str:
    """Return an error's sentence, with the server's folders left out of its paths."""
    text = str(error)
    for folder in (resources.jobs().root, RUNS, ROOT):  # these may have spaces in their names
        text = text.replace(f"{folder}{os.sep}", "")
    return FOLDERS.sub("", text)
