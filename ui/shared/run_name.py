"""The name of a run."""

from pathlib import Path

from siamese_core.jobs.data_sets import DRAWN, MNIST, SKLEARN
from siamese_core.jobs.run_folder import Run
from ui.shared import resources
from ui.shared.visitor import visitor
from ui.shared.words import listed


def run_name(run: Run) -> str:
    """Return the name of a run, as the pages show it: the visitor's own, a number, or that it is somebody else's."""
    config = run.config
    kind = {"article": "article", "fast": "fast"}.get(config.recipe, config.encoder.replace("_", " "))
    word = "epoch" if config.epochs == 1 else "epochs"
    return f"{_title(run)} · {_data(run)}{kind}, {config.epochs} {word}, margin {config.margin:g}"


def _data(run: Run) -> str:
    """Return what a run learns from, where it is not all of MNIST."""
    away = f"without {listed(run.config.left_out)}, " if run.config.left_out else ""
    if run.data == MNIST:
        return away
    upload = resources.data_sets().find(run.data)
    name = {DRAWN: "drawn digits", SKLEARN: "scikit-learn's digits"}.get(run.data)
    return f"{name or (Path(upload.file).stem if upload else 'own pictures')}, {away}"


def _title(run: Run) -> str:
    own = run.visitor == visitor()
    return run.name or (f"Run {run.number}" if own else "Somebody else's run")
