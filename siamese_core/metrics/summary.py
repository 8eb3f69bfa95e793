"""The report of a network on all pairs, for the command line and for the page's download: one function, so that both
give the same figures to the last digit.
"""

from typing import Any

from siamese_core.metrics.calibration import Calibration
from siamese_core.metrics.counting import Counted


def report(counted: Counted, threshold: float, calibration: Calibration) -> dict[str, Any]:
    """Return the figures of a network with this threshold and calibration as what JSON can hold."""
    raise NotImplementedError
