"""The app's own process imports neither TensorFlow, nor what brings it, nor pandas, on whatever page."""

import json
import subprocess
import sys

from siamese_core.config import ROOT

NEVER = ("tensorflow", "keras", "umap", "numba", "sklearn", "pandas", "pyarrow")
# Opens every page, with drawings in both boxes, first with the shipped network and then with that of a run; the worker
# takes everything and answers nothing.
VISIT = """
import json, shutil, sys, tempfile
from concurrent.futures import Executor, Future
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

from siamese_core.config import FAST, SHIPPED_MODEL
from siamese_core.jobs import run_folder, worker, worker_process
from siamese_core.jobs.run_folder import Status
from tests.browser.handwriting import DIGITS
from tests.ui.app import FakeCanvas, compare_page
from ui.shared import resources

asked = []
worker.DISTORTED = 20

class Idle(Executor):
    def submit(self, function, /, *arguments, **more):
        asked.append(function.__name__)
        future = Future()
        if function is worker.evaluate:  # counts, without anything that the app must not import
            embeddings, labels, *rest = arguments
            future.set_result(function(embeddings[:500], labels[:500], *rest))
        if function is worker.robustness:
            future.set_result(function(*arguments))
        return future

canvas = FakeCanvas()
canvas.strokes = {"left": DIGITS[7][0], "right": DIGITS[8][0], "teach": DIGITS[1][0], "ask": DIGITS[2][0]}
package = ModuleType("streamlit_drawable_canvas")
package.__dict__.update(st_canvas=canvas, CanvasResult=object)
sys.modules["streamlit_drawable_canvas"] = package
root, seen = Path(tempfile.mkdtemp()), {}
run = run_folder.create(root, FAST, "0" * 32)
shutil.copytree(SHIPPED_MODEL, run.folder / run_folder.MODEL)
run_folder.write_status(run.folder, Status("done"))

def loaded():
    return sorted({name.partition(".")[0] for name, module in sys.modules.items() if module} & set(sys.argv[1:]))

with patch.object(worker_process, "process_executor", Idle), patch.object(resources, "TRAINED", root):
    for page in (
        "", "pages/2_Embeddings.py", "pages/9_About.py", "pages/1_Train.py", "pages/3_Evaluate.py",
        "pages/4_Symbols.py", "pages/5_How_it_works.py",
    ):
        for link in ({}, {"model": run.id, "run": run.id, "method": "UMAP", "neighbours": "7", "axes": "3-D"}):
            app = compare_page()
            app = app.switch_page(page) if page else app
            for name, value in link.items():
                app.query_params[name] = value
            app.run()
            where = f"{page} {len(link)}"
            seen[where] = {
                "loaded": loaded(), "exception": [e.value for e in app.exception], "asked": list(asked),
                "metrics": len(app.metric), "charts": len(app.get("plotly_chart")),
            }
            asked.clear()
print(json.dumps(seen))
"""


def test_every_page_does_without_tensorflow_and_asks_the_worker_only_for_what_needs_it() -> None:
    result = subprocess.run(
        [sys.executable, "-c", VISIT, *NEVER], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr[-3000:]
    seen = json.loads(result.stdout.splitlines()[-1])
    assert [where for where, found in seen.items() if found["loaded"]] == []
    assert [where for where, found in seen.items() if found["exception"]] == []
    asked = {where: found["asked"] for where, found in seen.items()}
    assert asked == {
        " 0": [],
        " 5": [],
        "pages/2_Embeddings.py 0": ["measure"],
        "pages/2_Embeddings.py 5": ["make_map"],
        "pages/9_About.py 0": [],
        "pages/9_About.py 5": [],
        "pages/1_Train.py 0": ["warm"],
        "pages/1_Train.py 5": [],
        "pages/3_Evaluate.py 0": ["evaluate", "robustness"],
        "pages/3_Evaluate.py 5": ["evaluate", "robustness"],
        "pages/4_Symbols.py 0": [],
        "pages/4_Symbols.py 5": [],
        "pages/5_How_it_works.py 0": [],
        "pages/5_How_it_works.py 5": [],
    }
    assert [where for where in (" 0", " 5") if not seen[where]["metrics"]] == [], "no distance was shown"
    charts = ("pages/2_Embeddings.py 0", "pages/1_Train.py 5", "pages/3_Evaluate.py 5", "pages/4_Symbols.py 0")
    assert [where for where in charts if not seen[where]["charts"]] == [], "no chart was shown"
