"""Import TensorFlow without the messages that its C++ code writes to the terminal, whatever the settings in Python."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

ONE_AT_A_TIME = threading.RLock()  # two who send it away at once could each bring back the other's nowhere


def import_tensorflow() -> None:
    """Import TensorFlow and Keras and run one operation, silently. Takes 3 to 4 s the first time."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with silent_stderr(), _without("pandas"), _without("sklearn"):
        import keras  # noqa: F401
        import tensorflow as tf

        tf.constant(0)


@contextmanager
def _without(package: str) -> Iterator[None]:
    """Let who would import a package find none, unless it is imported already.

    Keras can take its images from data frames and be part of a pipeline of scikit-learn, and imports both where they
    are installed: 110 MB and a second for what nobody here does.
    """
    hidden = sys.modules.setdefault(package, None) is None  # type: ignore[arg-type]
    try:
        yield
    finally:
        if hidden:
            del sys.modules[package]


@contextmanager
def silent_stderr() -> Iterator[None]:
    """Discard everything written to file descriptor 2, as C++ does; exceptions pass as usual. One thread at a time."""
    with ONE_AT_A_TIME:
        sys.stderr.flush()
        kept = os.dup(2)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 2)
            yield
        finally:
            with suppress(OSError):
                os.dup2(kept, 2)
            os.close(kept)
            os.close(nowhere)
