"""A duration in words."""

MINUTE = 60  # seconds
FEW = 90  # seconds that are still told as seconds


def duration(seconds: float) -> str:
    """Return so many seconds in words, such as "8 s" or "3 minutes"."""
    if seconds < FEW:
        return f"{seconds:.0f} s"
    return f"{seconds / MINUTE:.0f} minutes"
