"""What `make audit` says: whether it has found something, nothing, or was not able to look."""

import shutil
import subprocess
from pathlib import Path

import pytest

from siamese_core.config import ROOT

FOUND = "Found 2 known vulnerabilities in 1 package\nName   Version ID\nPillow 1.0 PYSEC-1"


def script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def audit(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `make audit` where everything is installed already."""
    shutil.copy(ROOT / "Makefile", folder)
    (folder / "requirements.txt").touch()
    script(folder / ".venv" / "bin" / "python", "exit 1")  # makes no environment, and installs nothing
    (folder / ".venv" / "app.stamp").touch()
    return subprocess.run(["make", "audit"], check=False, cwd=folder, capture_output=True, text=True, timeout=60)


@pytest.mark.skipif(not shutil.which("make"), reason="needs make")
@pytest.mark.parametrize(
    ("said", "code", "sentence"),
    [
        ("No known vulnerabilities found", 0, ""),
        (FOUND, 1, "The packages above have known vulnerabilities: raise their pins in requirements.txt."),
        ("ERROR:pip_audit._cli:Could not connect to PyPI's vulnerability feed", 1, "Nothing was audited: the server"),
        ("ERROR:pip_audit._cli:a: Dependency not found on PyPI and could not be audited", 1, "Nothing was audited"),
    ],
)
def test_an_audit_says_what_it_has_found_or_that_it_could_not_look(
    tmp_path: Path, said: str, code: int, sentence: str
) -> None:
    script(tmp_path / ".venv" / "audit" / "bin" / "pip-audit", f"cat <<'END'\n{said}\nEND\nexit {code}")
    done = audit(tmp_path)
    assert said in done.stdout
    assert (done.returncode == 0) == (code == 0)
    assert sentence in done.stderr
    assert done.stderr == "" or sentence


@pytest.mark.skipif(not shutil.which("make"), reason="needs make")
def test_without_a_network_to_install_it_an_audit_says_so(tmp_path: Path) -> None:
    done = audit(tmp_path)
    assert done.returncode
    assert "Nothing was audited: pip-audit could not be installed, which needs a network." in done.stderr
