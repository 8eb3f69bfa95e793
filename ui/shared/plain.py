"""Text from outside in a sentence of a page."""

import re


def plain(text: str, most: int = 60) -> str:
    """Return a text, cut short, as Markdown that shows it just as it is: no link, picture or icon comes of it."""
    shown = text if len(text) <= most else text[:most] + "…"
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~$:&@/])", r"\\\1", " ".join(shown.split()))
