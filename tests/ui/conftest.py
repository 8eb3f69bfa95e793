"""What the tests of several pages need: a canvas in the real one's place, and a worker in this process."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from unittest.mock import patch

import pytest

from siamese_core.jobs import worker, worker_process
from tests.ui.app import FakeCanvas, fake_canvas


@pytest.fixture
def canvas() -> Iterator[FakeCanvas]:
    """Replace the real canvas by a fake one."""
    with fake_canvas() as fake:
        yield fake


class ThreadExecutor(ThreadPoolExecutor):
    """Works in a thread of this process, and never gets ready to train: nothing here imports TensorFlow for that."""

    def __init__(self) -> None:
        super().__init__(1)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Take a call."""
        return Future() if fn is worker.warm else super().submit(fn, *args, **kwargs)


@pytest.fixture(scope="session", autouse=True)
def thread_worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let a thread work instead of a process, and keep runs and maps in a folder of the tests."""
    from ui.shared import resources

    with (
        patch.object(worker_process, "process_executor", ThreadExecutor),
        patch.object(resources, "TRAINED", tmp_path_factory.mktemp("trained")),
    ):
        yield
