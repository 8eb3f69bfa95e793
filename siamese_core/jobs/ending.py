"""How a training ended, as a status with a sentence for its visitor."""

import errno
import logging
from concurrent.futures import BrokenExecutor, Future

from siamese_core.jobs import records
from siamese_core.jobs.run_folder import Run, Status
from siamese_core.jobs.worker_process import why

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
ADVICE = "Try again; if it happens again, use fewer images or shorter embeddings."
RESTARTED = Status("interrupted", "The server was restarted before the training had ended.")
UNEXPECTED = Status("failed", f"The training ended by an unexpected error. {ADVICE}")


def status_of(future: "Future[Status]") -> Status:
    """Return the final status of a training."""
    error = None if future.cancelled() else future.exception()
    if isinstance(error, BrokenExecutor):
        return Status("failed", f"{why(error)} {ADVICE}")
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return Status("failed", f"The trained network could not be stored: {error.strerror}.")
    if error or future.cancelled():
        logging.error("a training ended unexpectedly", exc_info=error)
        return UNEXPECTED
    return future.result()


def not_begun(error: Exception) -> Status:
    """Return the status of a training that could not begin."""
    if isinstance(error, BrokenExecutor):
        return Status("failed", f"The training could not begin. {why(error)}")
    return Status("failed", f"The training could not begin: {getattr(error, 'strerror', None) or error}.")


def seconds_of(run: Run) -> list[float]:
    """Return how long a training took, as one number; none if it left no points."""
    return [point.seconds for point in records.read_points(run.folder)[-1:]]
