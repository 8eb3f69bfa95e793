"""TensorFlow starts without a word on the terminal, and what goes wrong meanwhile is still heard."""

import os
import subprocess
import sys

import pytest

from siamese_core import startup
from siamese_core.config import ROOT

BLOCKED = "import sys\nsys.modules['tensorflow'] = None\n"
CALL = "from siamese_core.startup import import_tensorflow\nimport_tensorflow()\n"


def run(code: str) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=bare, capture_output=True, text=True, check=False)


def test_tensorflow_is_ready_and_nothing_was_written() -> None:
    result = run(CALL + "import sys\nsys.modules['tensorflow'].constant(1.0)\nprint('done')")
    assert (result.returncode, result.stdout, result.stderr) == (0, "done\n", "")


def test_a_failed_import_is_heard() -> None:
    result = run(BLOCKED + CALL)
    assert result.returncode == 1
    assert "ModuleNotFoundError" in result.stderr


def test_stderr_speaks_again_afterwards(capfd: pytest.CaptureFixture[str]) -> None:
    with startup._silent_stderr():
        os.write(2, b"from C++\n")
    os.write(2, b"after it\n")
    assert capfd.readouterr().err == "after it\n"


def test_stderr_speaks_again_after_an_exception(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyError), startup._silent_stderr():
        raise KeyError
    os.write(2, b"after it\n")
    assert capfd.readouterr().err == "after it\n"
