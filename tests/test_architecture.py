"""The house: which room may import which, and where Streamlit and TensorFlow may be named at all."""

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CORE = "siamese_core"

# The floors of the core, from the ground up: a room imports itself and the floors below it, nothing beside or above.
FLOORS: tuple[set[str], ...] = (
    {"config", "files"},
    {"imaging"},
    {"datasets"},
    {"metrics"},
    {"networks", "projection"},
    {"training"},
    {"jobs", "cli"},
    {"__main__"},
)
FACE = "__init__"  # may import all of them, and none of them imports it
SHARED = "shared"  # the one folder of ui that the others may import
PAGES = {
    "Compare": "compare",
    "1_Train": "train",
    "2_Embeddings": "embeddings",
    "3_Evaluate": "evaluate",
    "4_Symbols": "symbols",
    "5_How_it_works": "explain",
}
WITHOUT_TENSORFLOW = {"config", "files", "imaging", "datasets", "metrics", "projection"}
ALSO_WITHOUT = {
    "networks.card", "networks.inference", "networks.model", "networks.comparison", "networks.conversion",
    "training.monitor", "jobs.run_folder", "jobs.limits", "jobs.worker", "jobs.queue", "jobs.map_queue",
    "jobs.worker_process", "jobs.records", "jobs.estimate", "jobs.ending", "jobs.keeping", "jobs.download",
    "networks.occlusion", "jobs.cluster", "jobs.remote", "jobs.parcel", "training.forces", "training.recording",
    "networks.kept", "training.parts", "jobs.data_folder", "jobs.data_sets", "jobs.data_queue",
}  # fmt: skip
WITHOUT_STREAMLIT = {
    "ui/shared/distance_chart.py", "ui/shared/colours.py", "ui/embeddings/charts.py", "ui/train/charts.py",
    "ui/evaluate/charts.py", "ui/evaluate/words.py", "ui/train/settings.py", "ui/train/duration.py",
    "ui/shared/class_chart.py", "ui/symbols/answering.py", "ui/symbols/charts.py", "ui/shared/terms.py",
    "ui/shared/words.py",
}  # fmt: skip


def modules(root: Path) -> dict[str, Path]:
    """Return every module below a folder, at any depth, by its dotted name there; a package by its folder's."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" and parts[:-1] else parts)] = path
    return found


def imported(source: str) -> set[str]:
    """Return the dotted names that a source imports anywhere, inside functions as well; `from a import b` gives a.b."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute here"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def packages(source: str) -> set[str]:
    """Return the top-level packages that a source imports."""
    return {name.split(".")[0] for name in imported(source)}


def rooms(source: str, house: str = CORE) -> set[str]:
    """Return the rooms of a house that a source imports; a name that is no room is one of the house's own face."""
    return {name.split(".")[1] for name in imported(source) if name.startswith(f"{house}.")}


def floor_of(room: str) -> int:
    """Return the floor on which a room lies. Raises StopIteration for a room that has none."""
    return next(i for i, floor in enumerate(FLOORS) if room in floor)


def misplaced(root: Path) -> list[str]:
    """Return each import in the core below a folder that does not lead down, as "module -> room"."""
    found = []
    for name, path in modules(root).items():
        room = name.split(".")[0]
        if name == FACE:
            continue
        below = set().union(*FLOORS[: floor_of(room)], {room})
        found += [f"{name} -> {other}" for other in rooms(path.read_text("utf-8")) - below]
    return found


def arrows(root: Path) -> dict[str, set[str]]:
    """Return for each module of the core which others it imports, inside functions as well."""
    known = modules(root)
    found: dict[str, set[str]] = {}
    for name, path in known.items():
        inner = {each.removeprefix(f"{CORE}.") for each in imported(path.read_text("utf-8"))}
        found[name] = (inner | {each.rpartition(".")[0] for each in inner}) & known.keys() - {name}
    return found


def attributes(source: str) -> set[str]:
    """Return every attribute a source names, as `session_state` in `st.session_state`, or imports by its last name."""
    named = {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}
    return named | {name.split(".")[-1] for name in imported(source)}


MODULES = modules(ROOT / CORE)
UI = modules(ROOT / "ui")
APP_FILES = [
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "streamlit_app.py", *sorted((ROOT / "pages").glob("*.py")), *UI.values())
]
FREE = sorted(name for name in MODULES if name.split(".")[0] in WITHOUT_TENSORFLOW or name in ALSO_WITHOUT)


def read(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


# --- the readers of the sources see what they must ---


def test_imports_are_seen_in_every_form() -> None:
    source = f"from {CORE} import a\nfrom {CORE}.b.c import x\nimport {CORE}.d\ndef f():\n    from {CORE}.e import y\n"
    assert rooms(source) == {"a", "b", "d", "e"}
    assert packages("import os.path\nfrom tensorflow.x import y") == {"os", "tensorflow"}


def test_attributes_are_seen_in_every_form() -> None:
    assert "session_state" in attributes("import streamlit as st\nst.session_state['x'] = 1")
    assert "session_state" in attributes("from streamlit import session_state as s")
    assert "cache_data" in attributes("import streamlit as st\n@st.cache_data\ndef f(): ...")


def test_modules_are_seen_at_any_depth(tmp_path: Path) -> None:
    deep = tmp_path / "imaging" / "far" / "down"
    deep.mkdir(parents=True)
    (deep / "below.py").write_text(f"def f():\n    from {CORE}.jobs.queue import Jobs\n")
    (tmp_path / "__init__.py").write_text("")
    assert set(modules(tmp_path)) == {"__init__", "imaging.far.down.below"}
    assert misplaced(tmp_path) == ["imaging.far.down.below -> jobs"]


def test_a_room_without_a_floor_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "attic").mkdir()
    (tmp_path / "attic" / "trunk.py").write_text("x = 1\n")
    with pytest.raises(StopIteration):
        misplaced(tmp_path)


def test_a_circle_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f"from {CORE}.b import x\n")
    (tmp_path / "b.py").write_text(f"def f():\n    from {CORE}.a import x\n")
    with pytest.raises(CycleError):
        list(TopologicalSorter(arrows(tmp_path)).static_order())


# --- the core ---


def test_every_folder_is_seen_and_every_room_has_a_floor() -> None:
    folders = {path.parent for path in (ROOT / CORE).rglob("*.py")}
    assert folders == {path.parent for path in MODULES.values()}
    assert {name.split(".")[0] for name in MODULES} == set().union(*FLOORS) | {FACE}
    for folder in folders:
        assert (folder / "__init__.py").is_file(), f"{folder} has no __init__.py that says what it holds"


def test_imports_lead_down() -> None:
    assert misplaced(ROOT / CORE) == []


def test_no_import_goes_in_a_circle() -> None:
    without_face = {name: to - {FACE} for name, to in arrows(ROOT / CORE).items() if name != FACE}
    list(TopologicalSorter(without_face).static_order())  # raises CycleError for a circle


def test_the_core_does_not_use_its_own_public_face() -> None:
    known = {name.split(".")[0] for name in MODULES}
    for name, path in MODULES.items():
        assert rooms(path.read_text("utf-8")) <= known, name


@pytest.mark.parametrize("module", MODULES)
def test_the_core_knows_nothing_of_the_app(module: str) -> None:
    app = {"streamlit", "ui", "pages", "tests", "benchmarks", "assets"}
    assert not packages(MODULES[module].read_text("utf-8")) & app


def run_without_tensorflow(code: str) -> subprocess.CompletedProcess[str]:
    block = "import sys\nsys.modules['tensorflow'] = sys.modules['keras'] = None\n"
    return subprocess.run([sys.executable, "-c", block + code], cwd=ROOT, capture_output=True, text=True, check=False)


def test_these_modules_work_where_tensorflow_is_missing() -> None:
    imports = "".join(f"import {CORE}.{module}\n" for module in FREE)
    use = f"from {CORE}.datasets.mnist import load_mnist\nprint([len(split.labels) for split in load_mnist()])"
    result = run_without_tensorflow(imports + use)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "[55000, 5000, 10000]"


def test_the_block_does_block() -> None:
    assert "ModuleNotFoundError" in run_without_tensorflow("import keras").stderr


# --- the app ---


@pytest.mark.parametrize("module", UI)
def test_no_folder_of_a_page_imports_another(module: str) -> None:
    own = module.split(".")[0]
    assert rooms(UI[module].read_text("utf-8"), "ui") <= {own, SHARED}


@pytest.mark.parametrize("file", [file for file in APP_FILES if not file.startswith("ui/")])
def test_a_page_imports_its_own_folder(file: str) -> None:
    own = PAGES.get("Compare" if file == "streamlit_app.py" else Path(file).stem)
    assert rooms(read(file), "ui") <= {own, SHARED}
    assert len(read(file).splitlines()) < 120


@pytest.mark.parametrize("file", APP_FILES)
def test_only_state_touches_the_session(file: str) -> None:
    assert file == "ui/shared/state.py" or "session_state" not in attributes(read(file))


@pytest.mark.parametrize("file", APP_FILES)
def test_only_resources_caches(file: str) -> None:
    assert file == "ui/shared/resources.py" or not attributes(read(file)) & {"cache_data", "cache_resource"}


@pytest.mark.parametrize("file", APP_FILES)
def test_app_arrows_point_to_ui_and_core(file: str) -> None:
    used = packages(read(file))
    assert not used & {"pages", "streamlit_app", "tests", "benchmarks", "assets"}
    assert file not in WITHOUT_STREAMLIT or "streamlit" not in used
