"""Read an untrusted image file into an RGBA array.

The header is read first, so that the size limits apply before anything is decoded. Every error of Pillow and its
decoders becomes a PictureError with one sentence.
"""

import io
import threading
import warnings
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from siamese_core.imaging.picture_error import PictureError

MAX_BYTES = 20_000_000  # of a file
MAX_PIXELS = 25_000_000  # decoded; a JPEG is scaled down while it is decoded, so its header may give more
MAX_JPEG_PIXELS = 64_000_000  # in a JPEG's header; a progressive JPEG takes 6 bytes of memory for each
MAX_SIDE = 1024  # px, longer side of what is returned
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "PPM")
_one_at_a_time = threading.Lock()  # many uploads then need the memory of one; `catch_warnings` is not thread-safe


def read_picture(source: bytes | Path, *, max_bytes: int = MAX_BYTES, max_side: int = MAX_SIDE) -> np.ndarray:
    """Read an image file, given as its bytes or its path, as (h, w, 4) uint8 RGBA.

    The picture is turned upright by its EXIF orientation and scaled down to at most `max_side` pixels on the longer
    side; of an animation the first frame is read. Raises PictureError if the file is missing, empty, too large, damaged
    or not an image.
    """
    data = source if isinstance(source, bytes) else _read_file(Path(source), max_bytes)
    if len(data) > max_bytes:
        raise PictureError(f"The file is larger than the {max_bytes / 1e6:.0f} MB allowed.")
    if not data:
        raise PictureError("The file is empty.")
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns about sizes and odd tags; the limits here are stricter
        return _decode(data, max_side)


def _read_file(path: Path, max_bytes: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(max_bytes + 1)
    except OSError as error:
        raise PictureError(f"The file {path} cannot be read: {error.strerror}.") from error


def _decode(data: bytes, max_side: int) -> np.ndarray:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_size(image, max_side)
            image.load()
            return np.array(_upright(image, max_side))
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise PictureError("The picture has far too many pixels.") from error
    except UnidentifiedImageError as error:
        raise PictureError("The file is not a PNG, JPEG, GIF, WebP, BMP, TIFF or PPM image.") from error
    except Exception as error:  # parsers raise almost anything on a damaged or hostile file
        raise PictureError("The image file is damaged, cut short or of an unsupported kind.") from error


def _check_size(image: Image.Image, max_side: int) -> None:
    """Refuse a picture that is too large by its header, and let the JPEG decoder scale down."""
    width, height = image.size
    is_jpeg = image.format in ("JPEG", "MPO")
    if is_jpeg:
        image.draft(None, (max_side, max_side))
    limit = MAX_JPEG_PIXELS if is_jpeg else MAX_PIXELS
    if width * height > limit or image.width * image.height > MAX_PIXELS:
        raise PictureError(
            f"The picture has {width:,} x {height:,} pixels, more than the {limit / 1e6:.0f} million allowed."
        )


def _upright(image: Image.Image, max_side: int) -> Image.Image:
    rgba = _to_rgba(image)
    rgba.thumbnail((max_side, max_side), Image.Resampling.BOX)
    rgba.getexif()[ExifTags.Base.Orientation] = image.getexif().get(ExifTags.Base.Orientation, 1)
    return ImageOps.exif_transpose(rgba)


def _to_rgba(image: Image.Image) -> Image.Image:
    """Convert a loaded image of any mode; greys of more than 8 bits are scaled, where Pillow would clip them."""
    if image.mode.startswith(("I", "F")):
        image = Image.fromarray(_to_8_bit(np.asarray(image), image.mode))
    if image.mode in ("CMYK", "YCbCr", "HSV"):
        image = image.convert("RGB")
    return image.convert("RGBA")


def _to_8_bit(grey: np.ndarray, mode: str) -> np.ndarray:
    """Scale (h, w) to uint8: 16 bits by their full range, 32 bits and floats from their minimum to their maximum."""
    if mode.startswith("I;16"):
        return np.round(grey / np.float32(257)).astype(np.uint8)
    finite = np.nan_to_num(grey.astype(np.float64))
    low, high = float(finite.min()), float(finite.max())
    return np.round((finite - low) * (255 / max(high - low, 1e-9))).astype(np.uint8)
