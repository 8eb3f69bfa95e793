"""The arrows between the modules: who may import whom, and where Streamlit and TensorFlow may be named at all."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CORE = "siamese_core"

# What each module of the core may import from the core. A module that is not in this table fails the test below.
ARROWS: dict[str, set[str]] = {
    "__init__": set(),
    "config": set(),
    "pairs": set(),
    "loss": set(),
    "evaluation": set(),
    "calibration": set(),
    "projection": set(),
    "maps": {"evaluation", "files"},
    "space": {"config", "evaluation"},
    "export": set(),
    "startup": set(),
    "files": set(),
    "terminal": {"config", "training"},
    "intervals": {"evaluation"},
    "data": {"config"},
    "ink": {"config"},
    "pictures": {"config"},
    "preprocess": {"config", "ink"},
    "strokes": set(),
    "others": {"strokes"},
    "drawn": {"config", "data", "preprocess", "strokes", "others"},
    "augment": {"config"},
    "encoders": {"config"},
    "novelty": {"evaluation"},
    "card": {"config", "calibration"},
    "model": {"config", "evaluation", "calibration", "card", "encoders", "novelty"},
    "comparison": {"config", "evaluation", "model"},
    "muon": set(),
    "training": {"config", "data", "drawn", "pairs", "loss", "evaluation", "augment", "encoders", "model", "muon"},
    "figures": {"config", "data", "pairs", "evaluation", "intervals"},
    "recipes": {
        "config",
        "data",
        "pairs",
        "evaluation",
        "calibration",
        "model",
        "training",
        "figures",
        "novelty",
        "preprocess",
    },
    "settings": {"config"},
    "snapshot": {"config", "data", "evaluation", "calibration", "figures", "projection"},
    "runs": {"config", "figures", "files", "snapshot"},
    "worker": {"calibration", "config", "data", "maps", "model", "training", "recipes", "runs", "snapshot", "startup"},
    "jobs": {"config", "runs", "worker"},
    "map_jobs": {"jobs", "maps", "worker"},
}
ENTRY = "__main__"  # the command line may import all of them, and nothing imports it
WITHOUT_TENSORFLOW = (
    "config", "data", "pairs", "ink", "preprocess", "pictures", "evaluation", "calibration", "projection",
    "strokes", "others", "drawn", "novelty", "files",
    "maps", "space", "export", "intervals", "figures", "snapshot", "runs", "settings", "card",
)  # fmt: skip
MODULES = sorted(path.stem for path in (ROOT / CORE).glob("*.py"))
FREE = [name for name in MODULES if name in WITHOUT_TENSORFLOW]


def imported(source: str) -> set[str]:
    """Return the dotted names that a source imports anywhere, inside functions as well; `from a import b` gives a.b."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = ".".join(filter(None, [CORE if node.level else "", node.module]))
            names |= {f"{module}.{alias.name}" for alias in node.names}
    return names


def packages(source: str) -> set[str]:
    """Return the top-level packages that a source imports."""
    return {name.split(".")[0] for name in imported(source)}


def arrows(source: str) -> set[str]:
    """Return the modules of the core that a source imports."""
    return {name.split(".")[1] for name in imported(source) if name.startswith(f"{CORE}.")}


def attributes(source: str) -> set[str]:
    """Return every attribute a source names, as `session_state` in `st.session_state`, or imports by its last name."""
    named = {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}
    return named | {name.split(".")[-1] for name in imported(source)}


def app_files() -> Iterator[Path]:
    yield from (path for path in [ROOT / "streamlit_app.py"] if path.exists())
    yield from sorted((ROOT / "pages").glob("*.py"))
    yield from sorted((ROOT / "ui").glob("*.py"))


APP_FILES = [path.relative_to(ROOT).as_posix() for path in app_files()]


def read(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


# --- the readers of the sources see what they must ---


def test_imports_are_seen_in_every_form() -> None:
    source = (
        "from . import a\nfrom .b import x\nimport siamese_core.c\ndef f():\n    from siamese_core.d import y as z\n"
    )
    assert arrows(source) == {"a", "b", "c", "d"}
    assert arrows("from siamese_core import e, f") == {"e", "f"}
    assert packages("import os.path\nfrom tensorflow.x import y") == {"os", "tensorflow"}


def test_attributes_are_seen_in_every_form() -> None:
    assert "session_state" in attributes("import streamlit as st\nst.session_state['x'] = 1")
    assert "session_state" in attributes("from streamlit import session_state as s")
    assert "cache_data" in attributes("import streamlit as st\n@st.cache_data\ndef f(): ...")


# --- the core ---


def test_the_table_points_one_way() -> None:
    assert set(TopologicalSorter(ARROWS).static_order()) == set(ARROWS)  # raises CycleError for a circle


@pytest.mark.parametrize("module", MODULES)
def test_core_module_imports_only_what_it_may(module: str) -> None:
    assert module in {*ARROWS, ENTRY}, f"{module} is new: give it its arrows in the table above"
    allowed = ARROWS.get(module, set(ARROWS))
    assert arrows(read(f"{CORE}/{module}.py")) <= allowed


@pytest.mark.parametrize("module", MODULES)
def test_core_knows_nothing_of_the_app(module: str) -> None:
    assert not packages(read(f"{CORE}/{module}.py")) & {"streamlit", "ui", "pages", "tests", "benchmarks", "assets"}


@pytest.mark.parametrize("module", FREE)
def test_module_names_no_tensorflow(module: str) -> None:
    assert not packages(read(f"{CORE}/{module}.py")) & {"tensorflow", "keras"}


def run_without_tensorflow(code: str) -> subprocess.CompletedProcess[str]:
    block = "import sys\nsys.modules['tensorflow'] = sys.modules['keras'] = None\n"
    return subprocess.run([sys.executable, "-c", block + code], cwd=ROOT, capture_output=True, text=True, check=False)


def test_these_modules_work_where_tensorflow_is_missing() -> None:
    imports = "".join(f"import {CORE}.{module}\n" for module in FREE)
    use = f"from {CORE} import data\nprint([len(split.labels) for split in data.load_mnist()])"
    result = run_without_tensorflow(imports + use)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "[55000, 5000, 10000]"


def test_the_block_does_block() -> None:
    assert "ModuleNotFoundError" in run_without_tensorflow("import keras").stderr


# --- the app ---


WITHOUT_STREAMLIT = {"ui/charts.py", "ui/map_charts.py", "ui/training_charts.py", "ui/strips.py"}


@pytest.mark.parametrize("file", APP_FILES)
def test_only_state_touches_the_session(file: str) -> None:
    assert file == "ui/state.py" or "session_state" not in attributes(read(file))


@pytest.mark.parametrize("file", APP_FILES)
def test_only_resources_caches(file: str) -> None:
    assert file == "ui/resources.py" or not attributes(read(file)) & {"cache_data", "cache_resource"}


@pytest.mark.parametrize("file", APP_FILES)
def test_app_arrows_point_to_ui_and_core(file: str) -> None:
    used = packages(read(file))
    assert not used & {"pages", "streamlit_app", "tests", "benchmarks", "assets"}
    assert file not in WITHOUT_STREAMLIT or "streamlit" not in used
