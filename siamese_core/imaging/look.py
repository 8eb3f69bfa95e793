"""The two ways in which an encoder sees a picture: the ink on it alone, or the picture as it is, in greys."""

import numpy as np
from PIL import Image

from siamese_core.config import IMAGE_SIZE, Look
from siamese_core.imaging.canonical import canvas_stages
from siamese_core.imaging.picture_error import PictureError

LUMA = (0.299, 0.587, 0.114)  # of red, green and blue, ITU-R BT.601
LEAST_SIDE = 4  # pixels, of a picture that shows anything
LEAST_TONES = 4  # levels of 255 between the darkest and the lightest pixel


def see(rgba: np.ndarray, look: Look, side: int = IMAGE_SIZE) -> np.ndarray:
    """Turn a picture (h, w, 4) uint8 into an image (side, side) float32 in [0, 1], as an encoder sees it.

    "ink": the ink of a drawing or photo, light on black, see `canonical`; of any shape. "grey": see `as_it_is`. Raises
    PictureError for a picture that shows nothing.
    """
    if min(rgba.shape[:2]) < LEAST_SIDE:
        height, width = rgba.shape[:2]
        raise PictureError(f"The picture has {width} x {height} pixels, expected at least {LEAST_SIDE} x {LEAST_SIDE}.")
    return canvas_stages(rgba, any_shape=True, side=side).digit if look == "ink" else as_it_is(rgba, side)


def as_it_is(rgba: np.ndarray, side: int = IMAGE_SIZE) -> np.ndarray:
    """Fit a picture (h, w, 4) uint8 into a square in greys, (side, side) float32 in [0, 1].

    Its aspect ratio is kept; beside it the square has the tone of the picture's rim. What is transparent is white.
    Raises PictureError if all of it has one tone.
    """
    colours, alpha = rgba[..., :3] @ np.array(LUMA, np.float32), rgba[..., 3] / np.float32(255)
    grey = colours * alpha + 255 * (1 - alpha)
    if np.ptp(grey) < LEAST_TONES:
        raise PictureError("The picture has one tone alone; it shows nothing.")
    rim = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    return fitted(grey, side, float(np.median(rim)))


def fitted(grey: np.ndarray, side: int, ground: float) -> np.ndarray:
    """Fit greys (h, w) from 0 to 255 into the middle of a square of one tone, (side, side) float32 in [0, 1]."""
    scale = side / max(grey.shape)
    height, width = (max(1, round(each * scale)) for each in grey.shape)
    small = grey
    if (height, width) != grey.shape:
        resample = Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
        small = np.asarray(Image.fromarray(grey.astype(np.float32)).resize((width, height), resample))
    whole = np.full((side, side), ground, np.float32)
    top, left = (side - height) // 2, (side - width) // 2
    whole[top : top + height, left : left + width] = small
    return np.clip(whole / np.float32(255), 0, 1)
