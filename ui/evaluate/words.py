"""The rates in words that need no FAR."""

from ui.shared.words import DIGITS, Words

COUNTS = (1_000, 10_000, 100_000, 1_000_000)  # pairs to speak of


def in_words(far: float, frr: float, words: Words = DIGITS) -> str:
    """Say how many pairs would be judged wrongly, of as many pairs as it takes to see some."""
    return (
        f"Of {_of(frr)} pairs of the **same** {words.kind} it would reject **{_few(frr)}**; of {_of(far)} pairs of "
        f"**different** {words.kinds} it would accept **{_few(far)}**."
    )


def for_share(share: float, accuracy: float, precision: float, same: str = "the same digit") -> str:
    """Say what the rates mean where a share of all pairs is the same."""
    return (
        f"Where {share * 100:g} % of all pairs are {same}, {accuracy:.2%} of its verdicts are right, and of "
        f"1,000 pairs that it calls the same, {round(1_000 * precision):,} are."
    )


def _count(rate: float) -> int:
    """Return the least of COUNTS of which such a share is at least one pair; the first where it is nothing."""
    return next((n for n in COUNTS if rate * n >= 0.95), COUNTS[0] if rate == 0 else COUNTS[-1])


def _of(rate: float) -> str:
    return f"{_count(rate):,}"


def _few(rate: float) -> str:
    few = round(rate * _count(rate))
    return "none" if few == 0 else f"{few:,}"
