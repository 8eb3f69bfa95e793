"""The name of a run."""

from siamese_core.jobs.run_folder import Run


def run_name(run: Run) -> str:
    """Return the name of a run, as the pages show it."""
    config = run.config
    kind = {"article": "article", "fast": "fast"}.get(config.recipe, config.encoder.replace("_", " "))
    word = "epoch" if config.epochs == 1 else "epochs"
    return f"Run {run.number} · {kind}, {config.epochs} {word}, margin {config.margin:g}"
