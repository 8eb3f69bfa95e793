"""What the command line shows on a terminal: a progress bar while it trains, and a table of figures."""

from typing import TYPE_CHECKING, Any

from siamese_core.config import TrainingConfig

if TYPE_CHECKING:
    from siamese_core.training.loop import Progress

LABELS = {
    "train_accuracy": "train accuracy, limit of half the margin",
    "train_accuracy_at_threshold": "train accuracy, fitted threshold",
    "validation_accuracy": "validation accuracy, limit of half the margin",
    "validation_accuracy_at_threshold": "validation accuracy, fitted threshold",
    "validation_eer": "EER on validation pairs",
    "far": "FAR",
    "frr": "FRR",
    "eer": "EER",
    "eer_threshold": "threshold of the EER",
    "auc": "AUC",
    "threshold_at_far_0.01": "threshold of FAR at most 1 %",
    "threshold_at_far_0.001": "threshold of FAR at most 0.1 %",
    "best_threshold": "threshold of the best accuracy, half of all pairs same",
    "best_accuracy": "accuracy at that threshold",
    "brier": "Brier score, half of all pairs same",
    "one_nn": "1-NN accuracy among the test images",
}


class ProgressBar:
    """A bar on stderr: epoch, loss, pairs per second, time left; one line per epoch if stderr is not a terminal."""

    def __init__(self, config: TrainingConfig) -> None:
        from rich import progress
        from rich.console import Console

        self._config = config
        self._bar = progress.Progress(
            progress.TextColumn("{task.description}"),
            progress.BarColumn(bar_width=16),
            progress.TextColumn("{task.fields[detail]}"),
            progress.TimeRemainingColumn(),
            progress.TextColumn("left"),
            console=Console(stderr=True),
        )
        self._task = self._bar.add_task(config.recipe, total=None, detail="building the graph")

    def __enter__(self) -> "ProgressBar":
        self._bar.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._bar.stop()

    def listener(self, progress: "Progress") -> None:
        """Show the progress of the training."""
        detail = (
            f"epoch {progress.epoch}/{self._config.epochs}  loss {progress.loss:.4f}  "
            f"{progress.pairs_per_second:,.0f} pairs/s"
        )
        if not self._bar.console.is_terminal and progress.step * self._config.epochs == progress.epoch * progress.steps:
            self._bar.console.print(f"{self._config.recipe} {detail}", soft_wrap=True, highlight=False)
        if progress.step == progress.steps:
            detail = "measuring on the validation and test images"
        self._bar.update(self._task, completed=progress.step, total=progress.steps, detail=detail)


def show_table(title: str, figures: dict[str, Any]) -> None:
    """Print a table of figures with their names."""
    from rich.console import Console
    from rich.table import Table

    table = Table("", "", title=title, show_header=False)
    for name, value in figures.items():
        table.add_row(LABELS.get(name, name.replace("_", " ")), _text(value))
    Console().print(table)


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4f}" if value >= 1e-3 or value == 0 else f"{value:.2e}"
    return f"{value:,}" if isinstance(value, int) else str(value)
