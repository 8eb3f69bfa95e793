"""Where the words of the app are explained: the chapters of How it works, by their anchors.

A link opens beside the page it stands on, so that nobody loses a drawing or a training by it.
"""

PAGE = "How_it_works"
ENCODER, PAIRS, LOSS, TRAINING, LIMIT, UNSEEN = ANCHORS = ("encoder", "pairs", "loss", "training", "limit", "unseen")


def explained(anchor: str, words: str = "How it works") -> str:
    """Return a link in Markdown to a chapter. Raises ValueError for an anchor that no chapter has."""
    if anchor not in ANCHORS:
        raise ValueError(f"expected an anchor out of {', '.join(ANCHORS)}, got {anchor!r}")
    return f"[{words}]({PAGE}#{anchor})"
