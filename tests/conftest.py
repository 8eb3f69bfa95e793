"""Settings for all tests: quiet TensorFlow, set before its import; property tests without deadline, always the same."""

import os

from hypothesis import settings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # no note about it, and the same rounding everywhere

# No deadline, as a first call may import TensorFlow. The same examples each time: a red test means a change.
settings.register_profile("same everywhere", deadline=None, derandomize=True)
settings.load_profile("same everywhere")
