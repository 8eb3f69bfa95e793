"""Read an untrusted image file into an RGBA array.

The header is read first, so that the size limits apply before anything is decoded. Every error of Pillow and its
decoders becomes a PictureError with one sentence.
"""

import functools
import io
import threading
import warnings
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError, features

from siamese_core.imaging.picture_error import PictureError

MAX_BYTES = 20_000_000  # of a file
MAX_PIXELS = 25_000_000  # decoded; a JPEG is scaled down while it is decoded, so its header may give more
MAX_JPEG_PIXELS = 64_000_000  # in a JPEG's header; a progressive JPEG takes 6 bytes of memory for each
MAX_WHOLE_PIXELS = 16_000_000  # in a WebP or AVIF, of which the decoders keep several copies
MAX_BRANDS = 256  # bytes of a file's first box that are looked at
MAX_SIDE = 1024  # px, longer side of what is returned
FORMATS = ("PNG", "JPEG", "GIF", "WebP", "BMP", "TIFF", "PPM", "AVIF", "HEIC")  # the last two where installed
BAND = 256  # rows of more than 8 bits that are scaled at once
DEPTHS = (8, 10, 12, 14, 16)  # bits that cameras and scanners keep in 16
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
        with _open(data) as image:
            _check_size(image, max_side)
            image.load()
            _check_size(image, max_side)  # some decoders find another size than the header's
            return np.array(_upright(image, max_side))
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise PictureError("The picture has far too many pixels.") from error
    except UnidentifiedImageError as error:
        raise PictureError(f"The file is not a {_listed(readable_formats())} image.") from error
    except Exception as error:  # parsers raise almost anything on a damaged or hostile file
        raise PictureError("The image file is damaged, cut short or of an unsupported kind.") from error


@functools.cache  # whether `pillow-heif` is there takes longer to find out than to read a small picture
def readable_formats() -> tuple[str, ...]:
    """Return those of FORMATS that this installation reads: Pillow may lack AVIF, and HEIC takes `pillow-heif`."""
    there = {"AVIF": features.check("avif"), "HEIC": find_spec("pillow_heif") is not None}
    return tuple(name for name in FORMATS if there.get(name, True))


def _open(data: bytes) -> Image.Image:
    """Open an image by its header; nothing is decoded yet."""
    taken, kind = readable_formats(), _container(data)
    if kind and kind not in taken:
        raise PictureError(f"{kind} images are not read here; save it as a {_listed(taken)} image.")
    if kind == "HEIC":
        from pillow_heif.as_plugin import HeifImageFile  # opened by hand, as its opener would be registered everywhere

        return HeifImageFile(io.BytesIO(data))
    return Image.open(io.BytesIO(data), formats=[name for name in taken if name != "HEIC"])


def _container(data: bytes) -> str:
    """Return "AVIF" or "HEIC" for a file of that kind by the brands in its first box, else an empty string."""
    if data[4:8] != b"ftyp":
        return ""
    size = min(int.from_bytes(data[:4]), MAX_BRANDS)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, size, 4))}
    if brands & {b"avif", b"avis"}:
        return "AVIF"
    return "HEIC" if brands & {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"} else ""


def _listed(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _check_size(image: Image.Image, max_side: int) -> None:
    """Refuse a picture that is too large by its header, and let the JPEG decoder scale down."""
    width, height = image.size
    is_jpeg = image.format in ("JPEG", "MPO")
    if is_jpeg:
        image.draft(None, (max_side, max_side))
    limit = MAX_JPEG_PIXELS if is_jpeg else MAX_WHOLE_PIXELS if image.format in ("WEBP", "AVIF") else MAX_PIXELS
    if width * height > limit or image.width * image.height > MAX_PIXELS:
        raise PictureError(
            f"The picture has {width:,} x {height:,} pixels, more than the {limit / 1e6:.0f} million allowed."
        )


def _upright(image: Image.Image, max_side: int) -> Image.Image:
    rgba = _to_rgba(image, max_side)
    rgba.thumbnail((max_side, max_side), Image.Resampling.BOX)
    rgba.getexif()[ExifTags.Base.Orientation] = image.getexif().get(ExifTags.Base.Orientation, 1)
    return ImageOps.exif_transpose(rgba)


def _to_rgba(image: Image.Image, max_side: int) -> Image.Image:
    """Convert a loaded image of any mode; greys of more than 8 bits are scaled, where Pillow would clip them."""
    if image.mode.startswith(("I", "F")):
        image = Image.fromarray(_to_8_bit(image))
    if image.mode in ("L", "RGB") and "transparency" not in image.info:
        image.thumbnail((max_side, max_side), Image.Resampling.BOX)  # before it has four channels, twice
    if image.mode in ("CMYK", "YCbCr", "HSV"):
        image = image.convert("RGB")
    return image if image.mode == "RGBA" else image.convert("RGBA")


def _to_8_bit(image: Image.Image) -> np.ndarray:
    """Scale greys to (h, w) uint8: 16 bits by those of DEPTHS in use, others from their least to their most."""
    if image.mode.startswith("I;16"):
        top = max(int(band.max()) for band in _bands(image))
        low, high = 0.0, float(next(2**bits - 1 for bits in DEPTHS if top < 2**bits))
    else:
        ends = [(float(band.min()), float(band.max())) for band in map(_finite, _bands(image))]
        low, high = min(low for low, _ in ends), max(high for _, high in ends)
    scale = 255 / max(high - low, 1e-9)
    return np.concatenate([np.round((_finite(band) - low) * scale).astype(np.uint8) for band in _bands(image)])


def _bands(image: Image.Image) -> Iterator[np.ndarray]:
    """Yield the greys of a few rows after the other: an array of all of them takes several times the picture."""
    for top in range(0, image.height, BAND):
        yield np.asarray(image.crop((0, top, image.width, min(top + BAND, image.height))))


def _finite(greys: np.ndarray) -> np.ndarray:
    return np.nan_to_num(greys.astype(np.float64))
