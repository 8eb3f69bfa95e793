"""Import TensorFlow without the lines it writes to the terminal by way of C++, which no Python setting holds back."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress


def import_tensorflow() -> None:
    """Import TensorFlow and Keras and run one operation, silently. Takes 3 to 4 s the first time."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _silent_stderr():
        import keras  # noqa: F401
        import tensorflow as tf

        tf.constant(0)


@contextmanager
def _silent_stderr() -> Iterator[None]:
    """Send what C++ writes to file descriptor 2 nowhere; exceptions pass as always."""
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
