"""What runs in the worker process: trainings, each recorded in its run's folder, maps, and what else needs TensorFlow,
UMAP or scikit-learn.

Each call imports what it needs, so that a worker that only makes maps stays small.
"""

import faulthandler
import functools
import gc
import multiprocessing
import os
import threading
import time
from contextlib import suppress
from pathlib import Path

import numpy as np

from siamese_core.datasets.dataset import DataError, Dataset, Splits, to_float
from siamese_core.datasets.mnist import load_mnist
from siamese_core.datasets.reading.bounds import Bounds
from siamese_core.datasets.reading.read import read_pictures
from siamese_core.files import write_whole
from siamese_core.imaging import distort
from siamese_core.jobs import data_folder, data_sets, records, run_folder
from siamese_core.jobs.heaps import share_heaps
from siamese_core.jobs.recorder import Recorder
from siamese_core.jobs.run_folder import Run, Status
from siamese_core.metrics import counting
from siamese_core.metrics.robustness import Robustness
from siamese_core.metrics.robustness import robustness as measure_robustness
from siamese_core.networks.kept import has_own_test, read_test
from siamese_core.projection import quality, umap_map

GRACE = 60.0  # seconds beyond its time limit, after which a run that has not ended is killed
DISTORTED = 500  # test images that are distorted to see how robust a model is
PROGRESS_STEPS = 100  # of the reading of an upload that are told
POLITENESS = 10  # added to the worker's niceness, so that the app's answers come first


def start() -> None:
    """Prepare a new worker process: it gives way to the app, and ends when the app does."""
    share_heaps()
    with suppress(OSError):
        os.nice(POLITENESS)
    threading.Thread(target=_end_with_the_app, daemon=True).start()


def warm() -> None:
    """Import and load what a training needs, so that the next one starts at once."""
    _import_tensorflow()
    from siamese_core.metrics.calibration import fit_calibration
    from siamese_core.training import recipes  # noqa: F401

    fit_calibration(np.ones(2), np.ones(2))  # imports a part of SciPy
    _mnist()


def train(folder: Path, seconds: float) -> Status:
    """Train the run in the folder, write its model, and return its final status.

    After `seconds` the training ends and keeps what was learned. If it hangs, the process ends after GRACE more.
    """
    faulthandler.dump_traceback_later(seconds + GRACE, exit=True)
    try:
        warm()
        return _train(run_folder.read(folder), seconds)
    except FloatingPointError as error:
        return Status("failed", str(error))
    except DataError as error:
        return Status("failed", str(error))
    except Exception as error:
        if not _out_of_memory(error):
            raise
        return Status("failed", "The server ran out of memory: try fewer images or shorter embeddings.")
    finally:
        faulthandler.cancel_dump_traceback_later()
        _forget()


def read_upload(folder: Path, bounds: Bounds, seconds: float) -> None:
    """Read an upload and keep its images, or note in one sentence why it cannot be read, and keep nothing.

    After `seconds` it is given up. If it hangs, the process ends after GRACE more.
    """
    upload, end = data_folder.read(folder), time.monotonic() + seconds
    faulthandler.dump_traceback_later(seconds + GRACE, exit=True)

    def tell(done: int, whole: int) -> None:
        if time.monotonic() > end:
            raise DataError(f"reading took longer than {seconds:g} s; try fewer or smaller pictures")
        if done * PROGRESS_STEPS // whole != (done - 1) * PROGRESS_STEPS // whole or not done:
            data_folder.write_progress(upload, done / whole)

    try:
        tell(0, 1)
        reading = read_pictures(upload.source, side=upload.side, look=upload.look, bounds=bounds, on_progress=tell)
        data_folder.finish(upload, reading)
    except DataError as error:
        data_folder.fail(upload, _speaking_of(upload.file, str(error)))
    except MemoryError:
        data_folder.fail(upload, "The server ran out of memory while it read the file; try fewer pictures.")
    except OSError as error:
        data_folder.fail(upload, data_folder.not_kept(error))
    finally:
        faulthandler.cancel_dump_traceback_later()


def make_map(embeddings: np.ndarray, settings: umap_map.MapSettings, path: Path, seconds: float) -> None:
    """Make the UMAP of embeddings (n, d) and write it to a file; until then a file beside it holds the progress.

    If it hangs, the process ends after `seconds` and GRACE.
    """
    faulthandler.dump_traceback_later(seconds + GRACE, exit=True)
    try:
        _write_share(path, 0.0)
        xy = umap_map.fit_umap(embeddings, settings, lambda share: _write_share(path, share))
        umap_map.write_map(path, embeddings, xy)
    finally:
        faulthandler.cancel_dump_traceback_later()
        forget_share(path)


def measure(embeddings: np.ndarray, xy: np.ndarray, labels: np.ndarray) -> quality.Measures:
    """Return how well the classes are separated, see `quality.measure`."""
    return quality.measure(embeddings, xy, labels)


def evaluate(
    embeddings: np.ndarray, labels: np.ndarray, classes: int, thresholds: tuple[float, ...]
) -> counting.Counted:
    """Return the curves and the hardest pairs of all pairs, see `counting.count_pairs`."""
    return counting.count_pairs(embeddings, labels, classes, thresholds)


def robustness(folder: Path, kind: distort.Kind, canonical: bool) -> Robustness:
    """Return what a distortion does to the first DISTORTED test images, by a model's threshold. Raises ModelError."""
    from siamese_core.networks.model import load_model

    model, test = load_model(folder), _test(folder).subset(slice(DISTORTED))
    amounts = distort.AMOUNTS[kind]
    images = to_float(test.images)
    return measure_robustness(model, images, test.labels, kind, amounts, model.threshold, canonical=canonical)


def convert(folder: Path) -> None:
    """Add the encoder for LiteRT to a model folder of an earlier version. Raises ModelError."""
    _import_tensorflow()
    from siamese_core.networks.keras_encoder import convert_folder

    convert_folder(folder)


def untrained(folder: Path) -> bytes:
    """Return the encoder of a model folder for LiteRT, as its training began with it. Raises ModelError."""
    _import_tensorflow()
    from siamese_core.networks.conversion import convert
    from siamese_core.training.recipes import untrained

    return convert(untrained(folder))


def read_share(path: Path) -> float | None:
    """Return the share of a map's layout that is done, in [0, 1], None before it begins and after it has ended."""
    try:
        share = float(_share_file(path).read_text())
    except (OSError, ValueError):
        return None
    return share if 0 <= share <= 1 else None


def forget_share(path: Path) -> None:
    """Delete the file that tells how far a map is."""
    _share_file(path).unlink(missing_ok=True)


def _share_file(path: Path) -> Path:
    return path.with_suffix(".share")


def _write_share(path: Path, share: float) -> None:
    with suppress(OSError):  # on a full disk the map goes on
        write_whole(_share_file(path), f"{share:.3f}".encode())  # whole: a file read half-written would say less


def _speaking_of(file: str, sentence: str) -> str:
    """Return a sentence about an upload, which speaks of the file by the name its visitor knows."""
    stored = f"{data_folder.UPLOAD}{Path(file).suffix.lower()}"
    return sentence.replace(stored, file).replace(f" {data_folder.UPLOAD} ", f" {file} ").rstrip(".") + "."


def _train(run: Run, seconds: float) -> Status:
    from siamese_core.training.parts import fitted
    from siamese_core.training.recipes import train_live

    splits = _mnist() if run.data == data_sets.MNIST else data_sets.load(run.folder.parent, run.data)
    if run.data != data_sets.MNIST or run.config.left_out:
        run = run._replace(config=fitted(run.config, splits))
    recorder = Recorder(run, splits, seconds)
    model = train_live(run.config, splits, recorder.listen, recorder.begin)
    if recorder.ended_by:
        model.card["stopped_at_step"] = recorder.position.step
    model.save(run.folder / run_folder.MODEL)
    records.write_frames(run.folder, recorder.frames())
    return Status("stopped", recorder.ended_by) if recorder.ended_by else Status("done")


def _out_of_memory(error: Exception) -> bool:
    """Return whether an error says that the memory ran out; TensorFlow has an error of its own for that."""
    import tensorflow as tf

    return isinstance(error, (MemoryError, tf.errors.ResourceExhaustedError))


def _import_tensorflow() -> None:
    from siamese_core.networks.quiet_tensorflow import import_tensorflow

    import_tensorflow()


def _test(folder: Path) -> Dataset:
    """Return the test images of a model."""
    return read_test(folder) if has_own_test(folder) else _splits().test


def _mnist() -> Splits:
    """Return MNIST. Raises DataError with a whole sentence."""
    try:
        return _splits()
    except DataError as error:
        raise DataError(f"MNIST cannot be used: {error}.") from None


@functools.cache
def _splits() -> Splits:
    return load_mnist()


def _forget() -> None:
    """Release the graphs of the last training."""
    import keras

    keras.backend.clear_session()
    gc.collect()


def _end_with_the_app() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
