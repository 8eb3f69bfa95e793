"""The worker killed at random moments, six of them; `benchmarks/kills.py` has more."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.kills import KINDS, Place, kills

SPAN = 3.0  # seconds in which a kill falls: the worker starts, imports and begins


@pytest.mark.slow
def test_killed_at_any_moment_a_job_ends_whole_or_as_failed_and_the_next_is_done(tmp_path: Path) -> None:
    place = Place(tmp_path)
    try:
        found = list(kills(place, dict.fromkeys(KINDS, SPAN), 6, np.random.default_rng(0)))
    finally:
        place.jobs.close()
    assert [each.kind for each in found] == [*KINDS, *KINDS]
    assert {each.end for each in found} <= {"whole", "failed"}, found
