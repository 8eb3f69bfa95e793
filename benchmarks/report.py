"""The report of a benchmark: the spread over runs, as lines for people and as one JSON line."""

import json
import os
import platform
from collections.abc import Sequence
from typing import Any

import numpy as np


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return the median, the extremes, the 95th percentile and the number of the values."""
    return {
        "median": float(np.median(values)),
        "min": float(np.min(values)),
        "max": float(np.max(values)),
        "p95": float(np.percentile(values, 95)),
        "runs": len(values),
    }


def tell(title: str, values: Sequence[float], unit: str, limits: str = "") -> None:
    """Print the spread of values on one line."""
    s = spread(values)
    aim = f"   aim: {limits}" if limits else ""
    print(
        f"{title}: median {s['median']:.4g} {unit}, 95th percentile {s['p95']:.4g}, "
        f"{s['min']:.4g} to {s['max']:.4g} over {s['runs']} runs{aim}",
        flush=True,
    )


def machine() -> str:
    """Describe the machine in a few words."""
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}"


def finish(name: str, figures: dict[str, Any]) -> None:
    """Print all figures as one JSON line; the last thing a benchmark does."""
    print(json.dumps({"benchmark": name, "machine": machine(), **figures}))
