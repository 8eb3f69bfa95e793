"""An answer said to who cannot see it: to a screen reader, and at the lower edge of a small screen."""

from pathlib import Path

from ui.shared.browser_script import run_script

SCRIPT = Path(__file__).with_suffix(".js")


def announce(place: str, text: str, colour: str) -> None:
    """Say an answer that stands in the container with the key `place`; an empty text says nothing."""
    run_script(SCRIPT, "announcement", {"place": place, "text": text, "colour": colour})
