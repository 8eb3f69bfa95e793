"""The name of a run."""

from siamese_core.jobs.run_folder import Run
from ui.shared.visitor import visitor


def run_name(run: Run) -> str:
    """Return the name of a run, as the pages show it: the visitor's own, a number, or that it is somebody else's."""
    config = run.config
    kind = {"article": "article", "fast": "fast"}.get(config.recipe, config.encoder.replace("_", " "))
    word = "epoch" if config.epochs == 1 else "epochs"
    return f"{_title(run)} · {kind}, {config.epochs} {word}, margin {config.margin:g}"


def _title(run: Run) -> str:
    own = run.visitor == visitor()
    return run.name or (f"Run {run.number}" if own else "Somebody else's run")
