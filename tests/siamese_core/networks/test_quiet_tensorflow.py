"""TensorFlow starts without a word on the terminal, and what goes wrong meanwhile is still heard."""

import os
import re
import subprocess
import sys

import pytest

from siamese_core.config import ROOT
from siamese_core.networks import quiet_tensorflow

BLOCKED = "import sys\nsys.modules['tensorflow'] = None\n"
CALL = "from siamese_core.networks.quiet_tensorflow import import_tensorflow\nimport_tensorflow()\n"


def test_a_failed_import_is_heard() -> None:
    """That a good one is silent is seen in test_cli.py, where a whole command writes nothing but its answer."""
    result = subprocess.run(
        [sys.executable, "-c", BLOCKED + CALL], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert re.search(r"^ModuleNotFoundError: .*\btensorflow\b", result.stderr, re.MULTILINE)


def test_keras_comes_without_what_it_need_not_have_and_others_can_still_import_it() -> None:
    seen = (
        "import sys\nprint(*({'keras', 'pandas', 'sklearn'} & set(sys.modules)))\nimport pandas\nprint(pandas.__name__)"
    )
    result = subprocess.run([sys.executable, "-c", CALL + seen], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.stdout.split() == ["keras", "pandas"], result.stderr[-1000:]


def test_stderr_speaks_again_afterwards(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet_tensorflow.silent_stderr():
        os.write(2, b"from C++\n")
    os.write(2, b"after it\n")
    assert capfd.readouterr().err == "after it\n"


def test_stderr_speaks_again_after_an_exception(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyError), quiet_tensorflow.silent_stderr():
        raise KeyError
    os.write(2, b"after it\n")
    assert capfd.readouterr().err == "after it\n"
