"""How often a visitor may do what costs the server something, so that one cannot keep thirty others waiting."""

import time

from ui.shared.state import state

MINUTE = 60.0  # seconds


def too_often(what: str, a_minute: int) -> str:
    """Note that a visitor does something now; return a sentence if that is too often, else an empty string."""
    now, times = time.monotonic(), state().times.setdefault(what, [])
    times[:] = [each for each in times if now - each < MINUTE]
    if len(times) >= a_minute:
        wait = max(1, round(MINUTE - (now - times[0])))
        return f"At most {a_minute} {what} a minute are taken here. Please wait {wait} s."
    times.append(now)
    return ""
