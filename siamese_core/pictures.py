"""Read an image file that anyone may have sent into an RGBA array, without trusting a byte of it.

The header is read first, and says how large the picture is before any of it is decoded. What Pillow, its decoders or the
file itself may raise or warn on the way ends as one PictureError with one sentence.
"""

import io
import struct
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

MAX_BYTES = 25_000_000  # of a file
MAX_PIXELS = 25_000_000  # decoded, counted after the scaling that a JPEG decoder does for free
MAX_SIDE = 1024  # px, longer side of what is returned
FORMATS = ("PNG", "JPEG", "MPO", "GIF", "WEBP", "BMP", "TIFF", "PPM")
BAD_FILE = (OSError, SyntaxError, ValueError, EOFError, struct.error, KeyError, IndexError, TypeError, OverflowError)


class PictureError(ValueError):
    """A picture that cannot be used; the message is one sentence that says why."""


def read_picture(
    source: bytes | Path, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS, max_side: int = MAX_SIDE
) -> np.ndarray:
    """Read an image file, given as its bytes or its path, as (h, w, 4) uint8 RGBA.

    Turned upright by its EXIF orientation; the first frame of an animation; scaled down to at most `max_side` pixels on
    the longer side. Raises PictureError if it is missing, empty, too large, damaged, or no image.
    """
    data = _read_bytes(source, max_bytes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's own about bombs and odd tags: the limits here are stricter
        try:
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                _check_size(image, max_pixels, max_side)
                return np.asarray(_upright_rgba(image, max_side))
        except PictureError:
            raise
        except Image.DecompressionBombError as error:
            raise PictureError("the picture has too many pixels") from error
        except Image.UnidentifiedImageError as error:
            raise PictureError(
                "the file is not an image that can be read (PNG, JPEG, GIF, WebP, BMP or TIFF)"
            ) from error
        except BAD_FILE as error:
            raise PictureError(f"the image file is damaged or cut short ({error})") from error


def _read_bytes(source: bytes | Path, max_bytes: int) -> bytes:
    try:
        size = len(source) if isinstance(source, bytes) else Path(source).stat().st_size
        if size > max_bytes:
            raise PictureError(f"the file has {size:,} bytes, more than the {max_bytes:,} allowed")
        data = source if isinstance(source, bytes) else Path(source).read_bytes()
    except OSError as error:
        raise PictureError(f"the file {source} cannot be read: {error.strerror}") from error
    if not data:
        raise PictureError("the file is empty")
    return data


def _check_size(image: Image.Image, max_pixels: int, max_side: int) -> None:
    """Have a JPEG decoder scale down on the way, then refuse what is still too large; nothing is decoded before."""
    size = image.size
    if image.format in ("JPEG", "MPO"):
        image.draft(None, (max_side, max_side))
    if image.width * image.height > max_pixels:
        raise PictureError(f"the picture has {size[0]:,} x {size[1]:,} pixels, more than the {max_pixels:,} allowed")


def _upright_rgba(image: Image.Image, max_side: int) -> Image.Image:
    """Decode, scale down and turn the first frame."""
    orientation = image.getexif().get(0x0112, 1)
    rgba = _to_rgba(image)
    rgba.thumbnail((max_side, max_side), Image.Resampling.BOX)
    rgba.getexif()[0x0112] = orientation
    return ImageOps.exif_transpose(rgba)


def _to_rgba(image: Image.Image) -> Image.Image:
    """Convert any mode; 16 and 32 bit greys are scaled by their range, where Pillow's own conversion clips them."""
    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(_to_8_bit(np.asarray(image), image.mode)).convert("RGBA")
    return image.convert("RGBA")


def _to_8_bit(grey: np.ndarray, mode: str) -> np.ndarray:
    if mode.startswith("I;16"):
        return (grey >> 8).astype(np.uint8)
    low, high = float(grey.min()), float(grey.max())
    return ((grey - low) * (255.0 / max(high - low, 1e-9))).astype(np.uint8)
