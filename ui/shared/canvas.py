"""The two canvases with their buttons: drawing, undo, clear, swap, test digits, upload.

Where both stand on a page, each side is a part of the page that runs by itself, and so is the answer: a stroke runs the
answer alone, and a button the side or sides it acts on, and the answer.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from PIL import Image
from streamlit_drawable_canvas import CanvasResult, st_canvas

from siamese_core.config import CANVAS_SIZE, PEN_WIDTH
from siamese_core.datasets.dataset import to_float
from ui.shared import resources
from ui.shared.browser_script import run_script
from ui.shared.crop import crop_button, keep
from ui.shared.parts import give, nothing, part, run_parts, take_given
from ui.shared.state import SIDES, Seen, Side, SideName, state, widget_value
from ui.shared.thumbnails import STAGE_SIDE, data_url, shrunk, to_grey

if TYPE_CHECKING:
    from siamese_core.imaging.canonical import Stages

ANSWER = "answer"  # key of the part that shows what follows from the drawings, where both canvases stand
PAIR_BUTTONS = "pair_buttons"  # key of the container of the buttons that act on both sides
FRAME_HEIGHT = CANVAS_SIZE + 48  # px, with the name of the side
SCRIPT = Path(__file__).with_suffix(".js")
FILE_ENDINGS = ["png", "jpg", "jpeg", "gif", "webp", "bmp", "tif", "tiff", "avif", "heic", "heif"]
UPLOAD_SHARE = 0.72  # of the canvas, for the longer side of an uploaded digit

Run = Callable[[tuple[SideName, ...], bool], None]  # the sides to draw anew, and whether the answer is another


def canvas_pair() -> None:
    """Draw both canvases with their buttons; they keep their drawings when the visitor comes back to the page.

    The page shows what follows from them in a part with the key ANSWER.
    """
    for name in SIDES:
        with st.container(width=CANVAS_SIZE, gap="small"):
            part(_side_key(name))(_side)(name, "pair", _run_parts)
    nothing()


def one_canvas(name: SideName, place: str) -> None:
    """Draw the canvas of one side with its buttons, as part of whatever it stands in; a stroke runs all of that.

    place: names where on the page the canvas stands; when it moves, the browser builds it anew.
    """
    for other in SIDES:
        if other != name:
            state().side(other).leave()
    take_given()
    with st.container(width=CANVAS_SIZE, gap="small"):
        _side(name, place, _run_around)


@st.fragment
def pair_buttons() -> None:
    """Draw the buttons that act on both sides."""
    with st.container(horizontal=True, gap="small", key=PAIR_BUTTONS):
        st.button("Swap", icon=":material/swap_horiz:", on_click=_swap)
        st.button("Random same pair", icon=":material/join_full:", on_click=_random_pair, args=(True,))
        st.button("Random different pair", icon=":material/join:", on_click=_random_pair, args=(False,))


def seen(side: Side) -> Seen | None:
    """Return what the network sees of a side, None while it is blank. Raises ValueError if it holds no digit."""
    if side.blank:
        return None
    if side.source:
        return side.source
    if isinstance(side.seen, ValueError):
        raise ValueError(*side.seen.args)  # anew, as each raising adds to what an error holds
    return side.seen


def _read(pixels: np.ndarray | None) -> Seen | ValueError | None:
    """Return what the network sees of a canvas, or why it cannot; None if the canvas has not drawn anything yet."""
    if pixels is None:
        return None
    from siamese_core.imaging.canonical import canvas_stages  # imports SciPy, for which the canvases need not wait

    try:
        return _seen(canvas_stages(pixels))
    except ValueError as error:
        return error.with_traceback(None)  # which would hold the pixels


def _seen(stages: "Stages") -> Seen:
    return Seen(stages.digit, tuple(shrunk(stage, STAGE_SIDE) for stage in stages))


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


def _side(name: SideName, place: str, run: Run) -> None:
    side = state().side(name)
    side.stand(place)
    with st.container(height=FRAME_HEIGHT, border=False):  # a height of its own, so that nothing jumps when it loads
        with st.container(gap=None):
            st.markdown(f"**{name.capitalize()}**")
            replacing = [f"undo_{name}", f"clear_{name}", PAIR_BUTTONS]
            data = {"canvas": f"canvas_{name}", "replacing": replacing, "nonce": side.nonce}
            run_script(SCRIPT, f"bare_{name}", data)
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
            on_change=partial(_drawn, name, run),
        )
    _receive(side, result)
    with st.container(horizontal=True, gap="xsmall", key=f"tools_{name}"):
        st.button("Undo", icon=":material/undo:", key=f"undo_{name}", on_click=_undo, args=(name, run))
        st.button("Clear", icon=":material/delete:", key=f"clear_{name}", on_click=_clear, args=(name, run))
        with st.popover(
            "Photo", icon=":material/add_a_photo:", key=f"photo_{name}", on_change=run, args=((name,), False)
        ):
            st.file_uploader(
                "A picture of one handwritten digit, such as a photo of ink on paper",
                type=FILE_ENDINGS,
                key=_upload_key(name),
                on_change=_upload,
                args=(name, run),
            )
    if side.complaint:
        st.error(side.complaint, icon=":material/image_not_supported:")
    crop_button(name, side, partial(_use_picture, name))


def _upload_key(name: SideName) -> str:
    return f"upload_{name}_{state().side(name).uploads}"


def _side_key(name: SideName) -> str:
    return f"side_{name}"


def _run_parts(sides: tuple[SideName, ...], answer: bool) -> None:
    """End a callback: run the parts of the page that have changed, and no others."""
    run_parts(*map(_side_key, sides), *([ANSWER] if answer else []))


def _run_around(_sides: tuple[SideName, ...], _answer: bool) -> None:
    """End a callback: the fragment or page around the canvas runs, as Streamlit does by itself."""


def _receive(side: Side, result: CanvasResult) -> bool:
    """Take what a canvas sent, and tell whether the network now sees something else."""
    return side.receive((result.json_data or {}).get("objects"), lambda: _read(result.image_data))


def _take(name: SideName) -> bool:
    """Take what the canvas of a side has sent by now, and tell whether the network now sees something else."""
    sent = (widget_value(f"canvas_{name}") or {}).get("drawing")
    return sent is not None and _receive(state().side(name), CanvasResult(sent.get("raw"), sent.get("data"), True))


def _drawn(name: SideName, run: Run) -> None:
    """Take a drawing as soon as the canvas sends it; a word about an upload goes."""
    complaint = state().side(name).complaint
    changed = _take(name)
    run((name,) if complaint and not state().side(name).complaint else (), changed)


def _undo(name: SideName, run: Run) -> None:
    _take(name)  # a stroke may have come in the same request, whose own callback comes after a button's
    side = state().side(name)
    side.replace(side.objects[:-1])
    run((name,), True)


def _clear(name: SideName, run: Run) -> None:
    _take(name)  # so that it does not count as drawn afterwards
    state().side(name).replace([])
    run((name,), True)


def _swap() -> None:
    for name in SIDES:
        _take(name)
    state().swap()
    _run_parts(SIDES, True)


def _random_pair(same: bool) -> None:
    """Put two random test digits of one class, or of two classes, into the canvases."""
    digits, rng = resources.test_digits(), state().rng
    first = int(rng.integers(len(digits.labels)))
    others = np.flatnonzero((digits.labels == digits.labels[first]) == same)
    second = int(rng.choice(others[others != first]))
    for name, index in zip(SIDES, (first, second), strict=True):
        _take(name)
        image = to_float(digits.images[index])
        source = Seen(image, test_index=index)
        state().side(name).replace([_picture_object(image, 1.0)], source)
    _run_parts(SIDES, True)


def _upload(name: SideName, run: Run) -> None:
    """Take an uploaded picture as drawing; what cannot be used changes nothing and leaves a word about why."""
    from siamese_core.imaging.files import read_picture

    file, side = widget_value(_upload_key(name)), state().side(name)
    if file is not None:
        side.uploads += 1  # an empty uploader takes this one's place, so that the same file can be taken again
        give(f"photo_{name}", False)  # closes the popover, behind which a word about the upload would hide
        photo = b""
        try:
            picture = read_picture(file.getvalue())
            photo = keep(picture)
            _use_picture(name, picture)
        except ValueError as error:
            side.complaint = f"{file.name}: {error}"
        side.photo = photo
    run((name,), file is not None)


def _use_picture(name: SideName, picture: np.ndarray) -> None:
    """Take what a picture (h, w, 4) uint8 holds as drawing. Raises ValueError if it holds none."""
    from siamese_core.imaging.canonical import canvas_stages

    stages, side = canvas_stages(picture), state().side(name)
    _take(name)
    photo = side.photo
    side.replace([_picture_object(stages.crop, UPLOAD_SHARE)], _seen(stages))
    side.photo = photo


def _picture_object(grey: np.ndarray, share: float) -> dict[str, Any]:
    """Return a picture (h, w) in [0, 1] as an object of the canvas, in its middle, its longer side a share of it."""
    scale = share * CANVAS_SIZE / max(grey.shape)
    height, width = (max(1, round(side * scale)) for side in grey.shape)
    image = Image.fromarray(to_grey(grey)).resize((width, height), Image.Resampling.BICUBIC)
    return {
        "type": "Image",
        "src": data_url(image),
        "left": (CANVAS_SIZE - width) // 2,
        "top": (CANVAS_SIZE - height) // 2,
        "originX": "left",
        "originY": "top",
        "angle": 0,
    }
