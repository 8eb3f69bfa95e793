"""Uploading a picture, and cropping and turning it where what was found in it is not what its visitor meant."""

import io
from collections.abc import Callable

import numpy as np
import streamlit as st
from PIL import Image

from ui.shared import in_use, resources
from ui.shared.digit_picker import Run
from ui.shared.pace import too_often
from ui.shared.parts import give
from ui.shared.plain import plain
from ui.shared.state import SYMBOL_SIDES, Side, SideName, state, widget_value
from ui.shared.thumbnails import show_strip, to_grey

FILE_ENDINGS = ["png", "jpg", "jpeg", "gif", "webp", "bmp", "tif", "tiff", "avif", "heic", "heif"]
KEPT_SIDE = 800  # px, longer side of a picture that is kept
PREVIEW = 300  # px on the screen, longer side
TURN_STEP = 5  # degrees
WHOLE = (0, 100)  # percent of the picture
SEEN = (84, 84)  # px on the screen

Use = Callable[[np.ndarray], None]  # takes a picture (h, w, 4) uint8 as drawing; ValueError if it holds no digit


def photo_popover(name: SideName, run: Run, use: Use) -> None:
    """Draw the popover in which a picture is chosen; run: ends a callback."""
    with st.popover("Photo", icon=":material/add_a_photo:", key=_key(name), on_change=run, args=((name,), False)):
        st.file_uploader(
            _what_is_wanted(name),
            type=FILE_ENDINGS,
            key=_upload_key(name),
            on_change=_upload,
            args=(name, run, use),
        )


def _what_is_wanted(name: SideName) -> str:
    if name in SYMBOL_SIDES:
        return "A picture of one symbol, such as a photo of ink on paper"
    if in_use.sight_on(name).any_shape:
        return f"A picture of one {in_use.words().one}, as those of {in_use.test_images().name}".replace(
            "one picture", "one thing"
        )
    return "A picture of one handwritten digit, such as a photo of ink on paper"


def _upload(name: SideName, run: Run, use: Use) -> None:
    """Take an uploaded picture as drawing; what cannot be used changes nothing and leaves a word about why."""
    from siamese_core.imaging.files import read_picture

    file, side = widget_value(_upload_key(name)), state().side(name)
    if file is not None:
        side.uploads += 1  # an empty uploader takes this one's place, so that the same file can be taken again
        give(_key(name), False)  # closes the popover, behind which a word about the upload would hide
        photo = b""
        try:
            if complaint := too_often("pictures", resources.limits().pictures_per_minute):
                raise ValueError(complaint)
            picture = read_picture(file.getvalue())
            photo = keep(picture)
            use(picture)
        except ValueError as error:
            side.complaint = f"{plain(file.name)}: {error}"
        side.photo = photo
    run((name,), file is not None)


def _key(name: SideName) -> str:
    return f"photo_{name}"


def _upload_key(name: SideName) -> str:
    return f"upload_{name}_{state().side(name).uploads}"


def keep(rgba: np.ndarray) -> bytes:
    """Return a picture (h, w, 4) uint8 as a small file, some 50 kB."""
    image = Image.fromarray(rgba)
    image.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.BOX)
    file = io.BytesIO()
    image.save(file, "WEBP", quality=90)
    return file.getvalue()


def part_of(kept: bytes, turn: int, across: tuple[int, int], down: tuple[int, int]) -> np.ndarray:
    """Return a part of a kept picture, (h, w, 4) uint8: turned clockwise by degrees, then cut to percents of its sides.

    What the turning adds at the corners is transparent.
    """
    image = Image.open(io.BytesIO(kept)).convert("RGBA")
    image = image.rotate(-turn, Image.Resampling.BICUBIC, expand=True)
    (left, right), (top, bottom) = (
        (round(size * start / 100), max(round(size * end / 100), round(size * start / 100) + 1))
        for size, (start, end) in ((image.width, across), (image.height, down))
    )
    return np.asarray(image.crop((left, top, right, bottom)))


def crop_button(name: SideName, side: Side, run: Run, use: Use) -> None:
    """Draw the button that opens the dialog, as long as the drawing comes from a picture or one could not be read.

    The click is noted in a callback: a stroke that comes in the same request has other parts of the page run first, and
    a button tells of its click in one run only.
    """
    if not side.photo:
        return
    icon = ":material/crop_rotate:"
    st.button("Crop or turn the picture", icon=icon, key=f"crop_{name}", on_click=_ask_to_crop, args=(name, run))
    if side.cropping:
        _dialog(name, side.photo, use)
        side.cropping = False


def _ask_to_crop(name: SideName, run: Run) -> None:
    state().side(name).cropping = True
    run((name,), False)


@st.dialog("Crop and turn")
def _dialog(name: SideName, photo: bytes, use: Use) -> None:
    place = st.container(horizontal_alignment="center")
    across = st.slider("From left to right", *WHOLE, WHOLE, format="%d %%", key=f"across_{name}")
    down = st.slider("From top to bottom", *WHOLE, WHOLE, format="%d %%", key=f"down_{name}")
    turn = st.slider("Turn", -180, 180, 0, TURN_STEP, format="%d°", key=f"turn_{name}")
    part = part_of(photo, turn, across, down)
    with place:
        st.image(_preview(part), width=min(PREVIEW, part.shape[1]), alt="the chosen part of the picture")
    usable = _show_what_is_seen(part, name)
    if st.button("Use this part", type="primary", disabled=not usable, key=f"use_{name}"):
        use(part)
        st.rerun()


def _preview(part: np.ndarray) -> Image.Image:
    image = Image.fromarray(part)
    image.thumbnail((PREVIEW * 2, PREVIEW))
    return image


def _show_what_is_seen(part: np.ndarray, name: SideName) -> bool:
    """Show what the network would see of a picture, or why it sees nothing, and tell whether it sees anything."""
    found = in_use.look_at(part, in_use.sight_on(name))
    if isinstance(found, ValueError):
        st.warning(str(found), icon=":material/image_not_supported:")
        return False
    show_strip([to_grey(found.digit)], ["the network sees"], SEEN)
    return True
