"""Run a finished encoder with LiteRT, without TensorFlow: what `conversion` makes, in a fraction of time and memory.

An interpreter of LiteRT serves one thread at a time. Threads come and go here, a new one for each run of a page, so
that each of them cannot have its own: an encoder has a few, lends them, and who asks first is served first.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from siamese_core.config import SIDES
from siamese_core.networks.card import LITERT_FILE, SQUARES, ModelError, sha256_of
from siamese_core.networks.quiet_tensorflow import silent_stderr

IDENTIFIER = slice(4, 8), b"TFL3"  # where a LiteRT file says that it is one, and how
BATCH = 16  # images at once: larger is no faster, takes more memory, and lets others wait longer
MOST_INTERPRETERS = 4  # of an encoder, on however many cores; each costs its weights once more


class Encoder:
    """A finished encoder: it embeds images, from any number of threads at once."""

    def __init__(self, content: bytes, name: str = "the encoder") -> None:
        """Open the content of a LiteRT file; name: what an error calls it.

        Raises ModelError with one sentence if it is damaged, or no encoder of square images of a side in SIDES.
        """
        place, identifier = IDENTIFIER
        if content[place] != identifier:
            raise ModelError(f"{name} is damaged or no LiteRT file")
        self._content = content
        self._pool = _Pool(lambda: _open(content, name), min(os.cpu_count() or 1, MOST_INTERPRETERS))
        self.side = 0  # pixels of the images it takes
        self.embedding_size = self._try(name)  # d

    def embed(self, images: np.ndarray) -> np.ndarray:
        """Return the embeddings (n, d) float32 of images (n, side, side), float in [0, 1], light ink on black.

        Raises ValueError for another shape or type.
        """
        images = np.asarray(images)
        if images.shape[1:] != (self.side, self.side) or not np.issubdtype(images.dtype, np.floating):
            shape = f"(n, {self.side}, {self.side})"
            raise ValueError(f"expected float images of shape {shape}, got {images.dtype} of {images.shape}")
        parts = [images[start : start + BATCH] for start in range(0, len(images), BATCH)]
        if not parts:
            return np.zeros((0, self.embedding_size), np.float32)
        if len(parts) == 1:
            return self._embed(images)
        with ThreadPoolExecutor(min(len(parts), self._pool.most)) as threads:
            return np.concatenate(list(threads.map(self._embed, parts)))

    def write(self, folder: Path) -> None:
        """Write the encoder for LiteRT; what Keras needs to train it further is not in it."""
        (folder / LITERT_FILE).write_bytes(self._content)

    def _embed(self, images: np.ndarray) -> np.ndarray:
        with self._pool.lend() as interpreter:
            return _run(interpreter, images)

    def _try(self, name: str) -> int:
        """Embed two images and return d; raises ModelError if that fails or its result is no embedding."""
        try:
            with silent_stderr(), self._pool.lend() as interpreter:  # LiteRT announces its delegate, once in a process
                self.side = _side(interpreter)
                images = np.zeros((2, self.side, self.side), np.float32)
                images[1, 8:20, 8:20] = 1  # a blank image and a square
                embeddings = _run(interpreter, images)
        except ModelError:
            raise
        except Exception as error:  # noqa: BLE001 LiteRT says in many ways that it cannot run a file
            raise ModelError(f"{name} cannot be run, it is damaged or foreign ({type(error).__name__})") from None
        if embeddings.ndim != 2 or len(embeddings) != 2 or embeddings.dtype != np.float32:
            raise ModelError(f"{name} gives no embeddings: of 2 images it makes {embeddings.dtype} {embeddings.shape}")
        if not np.isfinite(embeddings).all():
            raise ModelError(f"{name} holds weights that are not numbers")
        return embeddings.shape[1]


def read_encoder(path: Path | str, sha256: str | None = None) -> Encoder:
    """Read an encoder's LiteRT file; sha256: what its bytes must have, in hexadecimal, None to take any.

    LiteRT notices most damages of a file, but no changed weights; and in rare cases a changed graph ends the process.
    With the checksum no damaged file comes so far. Raises ModelError with one sentence if the file is missing, damaged
    or no encoder.
    """
    path = Path(path)
    try:
        content = path.read_bytes()  # and not mapped: a file cut short while it is mapped ends the process
    except FileNotFoundError:
        raise ModelError(f"{path} is missing, so {path.parent} is no complete model folder") from None
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({type(error).__name__})") from None
    if sha256 is not None and sha256_of(content) != sha256:
        raise ModelError(f"{path} is damaged, its checksum is not the one it was written with")
    return Encoder(content, str(path))


def _open(content: bytes, name: str) -> Interpreter:
    """Open an interpreter of one thread, which takes images (n, side, side) float32 and gives one array, for any n."""
    interpreter = Interpreter(model_content=content, num_threads=1)
    takes, gives = interpreter.get_input_details(), interpreter.get_output_details()
    shapes = [tuple(int(side) for side in each["shape_signature"]) for each in takes]
    if shapes not in [[(-1, side, side)] for side in SIDES] or takes[0]["dtype"] != np.float32 or len(gives) != 1:
        raise ModelError(f"{name} is no encoder of {SQUARES} images: it takes {shapes} and gives {len(gives)} arrays")
    return interpreter


def _side(interpreter: Interpreter) -> int:
    """Return the side of the images that an interpreter takes."""
    return int(interpreter.get_input_details()[0]["shape_signature"][1])


def _run(interpreter: Interpreter, images: np.ndarray) -> np.ndarray:
    """Return what the interpreter makes of images (n, side, side), n at least 1."""
    place, result = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]
    interpreter.resize_tensor_input(place, images.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(place, np.ascontiguousarray(images, np.float32))
    interpreter.invoke()
    return interpreter.get_tensor(result)


class _Pool:
    """Lends interpreters, opened when first needed, and then in the order in which they were asked for.

    `queue.Queue` would not do: a thread that gives one back and asks again gets it before those who have waited.
    """

    def __init__(self, make: Callable[[], Interpreter], most: int) -> None:
        self.most = most
        self._make = make
        self._lock = threading.Lock()
        self._made = 0
        self._free: list[Interpreter] = []
        self._waiting: deque[SimpleQueue[Interpreter]] = deque()

    @contextmanager
    def lend(self) -> Iterator[Interpreter]:
        interpreter = self._take()
        try:
            yield interpreter
        finally:
            self._give(interpreter)

    def _take(self) -> Interpreter:
        with self._lock:
            if self._free:
                return self._free.pop()
            if self._made < self.most:
                interpreter = self._make()
                self._made += 1
                return interpreter
            mine: SimpleQueue[Interpreter] = SimpleQueue()
            self._waiting.append(mine)
        return mine.get()

    def _give(self, interpreter: Interpreter) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().put(interpreter)
            else:
                self._free.append(interpreter)
