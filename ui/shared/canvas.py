"""The two canvases with their buttons: drawing, undo, clear, swap, test digits, upload.

What takes long to import is imported where it is used, so that the canvases stand before it.
"""

import base64
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import streamlit as st
from streamlit_drawable_canvas import st_canvas

from siamese_core.config import CANVAS_SIZE, PEN_WIDTH
from ui.shared import resources
from ui.shared.browser_script import run_script
from ui.shared.state import SIDES, Side, SideName, Source, entered, state, widget_value

if TYPE_CHECKING:
    from siamese_core.imaging.canonical import Stages

FRAME_HEIGHT = CANVAS_SIZE + 48  # px, with the name of the side
SCRIPT = Path(__file__).with_suffix(".js")
UPLOAD_SHARE = 0.72  # of the canvas, for the longer side of an uploaded digit


class Seen(NamedTuple):
    """What the network sees of a side."""

    digit: np.ndarray  # (28, 28) float32
    stages: "Stages | None"  # None for a test digit, which needs none
    test_index: int | None = None  # of a test digit


def canvas_pair(page: str) -> None:
    """Draw both canvases with their buttons; they keep their drawings when the visitor comes back to the page."""
    fresh = entered(page)
    for name in SIDES:
        one_canvas(name, fresh)


def one_canvas(name: SideName, fresh: bool) -> None:
    """Draw the canvas of one side with its buttons; fresh: the browser builds it anew, so give it what was drawn."""
    if fresh:
        state().side(name).remount()
    with st.container(width=CANVAS_SIZE, gap="small"):
        _side(name)


def pair_buttons() -> None:
    """Draw the buttons that act on both sides."""
    with st.container(horizontal=True, gap="small"):
        st.button("Swap", icon=":material/swap_horiz:", on_click=state().swap)
        st.button("Random same pair", icon=":material/join_full:", on_click=_random_pair, args=(True,))
        st.button("Random different pair", icon=":material/join:", on_click=_random_pair, args=(False,))


def seen(side: Side) -> Seen | None:
    """Return what the network sees of a side, None while it is blank. Raises ValueError if it holds no digit."""
    if side.blank:
        return None
    if side.source:
        return Seen(side.source.digit, side.source.stages, side.source.test_index)
    if side.pixels is None:
        return None
    from siamese_core.imaging.canonical import canvas_stages

    stages = canvas_stages(side.pixels)
    return Seen(stages.digit, stages)


def both_seen() -> tuple[Seen | None, Seen | None, str]:
    """Return what the network sees left and right, None for a side with no digit, and a word about such a drawing."""
    found: list[Seen | None] = []
    complaint = ""
    for name in SIDES:
        try:
            found.append(seen(state().side(name)))
        except ValueError as error:
            found.append(None)
            complaint = f"{name.capitalize()} box: {error}"
    return found[0], found[1], complaint


def _side(name: SideName) -> None:
    side = state().side(name)
    with st.container(height=FRAME_HEIGHT, border=False):  # a height of its own, so that nothing jumps when it loads
        with st.container(gap=None):
            st.markdown(f"**{name.capitalize()}**")
            run_script(SCRIPT, f"bare_{name}", {"canvas": f"canvas_{name}"})
        result = st_canvas(
            stroke_width=PEN_WIDTH,
            stroke_color="#ffffff",
            background_color="#000000",
            width=CANVAS_SIZE,
            height=CANVAS_SIZE,
            drawing_mode="freedraw",
            initial_drawing={"objects": side.loaded, "nonce": side.nonce},
            return_image_data=True,
            key=f"canvas_{name}",
        )
    side.receive((result.json_data or {}).get("objects"), lambda: result.image_data)
    with st.container(horizontal=True, gap="xsmall", key=f"tools_{name}"):
        st.button("Undo", icon=":material/undo:", key=f"undo_{name}", on_click=_undo, args=(name,))
        st.button("Clear", icon=":material/delete:", key=f"clear_{name}", on_click=_clear, args=(name,))
        with st.popover("Photo", icon=":material/add_a_photo:", key=f"photo_{name}"):
            st.file_uploader(
                "A picture of one handwritten digit, such as a photo of ink on paper",
                type=["png", "jpg", "jpeg", "gif", "webp", "bmp", "tif", "tiff"],
                key=f"upload_{name}",
                on_change=_upload,
                args=(name,),
            )
    if side.complaint:
        st.error(side.complaint, icon=":material/image_not_supported:")


def _undo(name: SideName) -> None:
    side = state().side(name)
    side.replace(side.objects[:-1])


def _clear(name: SideName) -> None:
    state().side(name).replace([])


def _random_pair(same: bool) -> None:
    """Put two random test digits of one class, or of two classes, into the canvases."""
    from siamese_core.datasets.dataset import to_float

    digits, rng = resources.test_digits(), state().rng
    first = int(rng.integers(len(digits.labels)))
    others = np.flatnonzero((digits.labels == digits.labels[first]) == same)
    second = int(rng.choice(others[others != first]))
    for name, index in zip(SIDES, (first, second), strict=True):
        image = to_float(digits.images[index])
        source = Source(image, test_index=index)
        state().side(name).replace([_picture_object(image, 1.0)], source)


def _upload(name: SideName) -> None:
    """Take an uploaded picture as drawing; what cannot be used changes nothing and leaves a word about why."""
    file, side = widget_value(f"upload_{name}"), state().side(name)
    if file is None:
        return
    from siamese_core.imaging.canonical import canvas_stages
    from siamese_core.imaging.files import read_picture

    try:
        stages = canvas_stages(read_picture(file.getvalue()))
    except ValueError as error:
        side.complaint = f"{file.name}: {error}"
        return
    side.replace([_picture_object(stages.crop, UPLOAD_SHARE)], Source(stages.digit, stages))


def _picture_object(grey: np.ndarray, share: float) -> dict[str, Any]:
    """Return a picture (h, w) in [0, 1] as an object of the canvas, in its middle, its longer side a share of it."""
    from PIL import Image

    scale = share * CANVAS_SIZE / max(grey.shape)
    height, width = (max(1, round(side * scale)) for side in grey.shape)
    image = Image.fromarray((grey * 255).round().astype(np.uint8)).resize((width, height), Image.Resampling.BICUBIC)
    file = io.BytesIO()
    image.save(file, "PNG")
    return {
        "type": "Image",
        "src": "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii"),
        "left": (CANVAS_SIZE - width) // 2,
        "top": (CANVAS_SIZE - height) // 2,
        "originX": "left",
        "originY": "top",
        "angle": 0,
    }
