"""The app as a process of its own, on a free port, for as long as a `with` block lasts."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT = 60.0  # seconds until the server must answer
STOP_LIMIT = 10.0  # seconds it has to end by itself


@contextmanager
def serving(
    log: Path,
    script: Path = ROOT / "streamlit_app.py",
    trained: Path | None = None,
    python: Sequence[str] = (sys.executable,),
) -> Iterator[str]:
    """Run the script under Streamlit, its output in the log, and give the address once it answers.

    trained: the folder of what visitors train; beside the log by itself. python: the command that is Python.

    At the end the server and every process it started are ended. Raises RuntimeError with the log if it does not start.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with log.open("wb") as out:
        command = [*python, "-m", "streamlit", "run", str(script), *_options(port)]
        environment = os.environ | {"SIAMESE_LAB_FOLDER": str(trained or log.with_suffix(".trained"))}
        server = subprocess.Popen(
            command, cwd=script.parent, env=environment, stdout=out, stderr=out, start_new_session=True
        )
        try:
            _wait_until_healthy(server, address, log)
            yield address
        finally:
            _end(server)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _options(port: int) -> list[str]:
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    return [f"--{name}={value}" for name, value in options.items()]


def _wait_until_healthy(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the app did not start:\n{log.read_text(errors='replace')}")


def _end(server: subprocess.Popen[bytes]) -> None:
    """End the server and the processes it started: they share a session, whose process group has the server's id."""
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        server.wait(STOP_LIMIT)
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()
