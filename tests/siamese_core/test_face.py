"""The public face: every name is there, comes when it is used, and nothing heavy comes before."""

import subprocess
import sys

import pytest

import siamese_core
from siamese_core.config import ROOT


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", siamese_core.__all__)
def test_every_name_is_what_its_module_has(name: str) -> None:
    found = getattr(siamese_core, name)
    assert found.__name__ == name
    assert found.__module__ == f"siamese_core.{siamese_core._PLACES[name]}"


def test_the_list_of_names_and_their_places_agree() -> None:
    assert sorted(siamese_core.__all__) == siamese_core.__all__ == list(siamese_core._PLACES)
    assert set(siamese_core.__all__) <= set(dir(siamese_core))


def test_another_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'no_such_name'"):
        siamese_core.no_such_name  # noqa: B018


def test_importing_it_imports_nothing_that_is_not_pythons_own() -> None:
    code = "import sys\nbefore = set(sys.modules)\nimport siamese_core\nnew = set(sys.modules) - before\n"
    assert (
        run(code + "print(*sorted(m for m in {m.split('.')[0] for m in new} - sys.stdlib_module_names))")
        == "siamese_core\n"
    )


def test_a_name_that_needs_no_tensorflow_brings_none() -> None:
    code = "import sys, siamese_core\nsiamese_core.equal_error_rate([0.1, 0.9], [1, 0])\nsiamese_core.load_mnist\n"
    assert run(code + "print('numpy' in sys.modules, 'tensorflow' in sys.modules)").split() == ["True", "False"]
