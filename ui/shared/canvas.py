"""The canvases with their buttons: drawing, undo, clear, swap, test digits, upload.

Where two stand on a page, each side is a part of the page that runs by itself, and so is the answer: a stroke runs the
answer alone, and a button the side or sides it acts on, and the answer.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from streamlit_drawable_canvas import CanvasResult, st_canvas

from siamese_core.config import CANVAS_SIZE, PEN_WIDTH
from siamese_core.datasets.dataset import to_float
from ui.shared import in_use
from ui.shared.browser_script import run_script
from ui.shared.canvas_message import objects_of, pixels_of
from ui.shared.canvas_objects import content, picture_object
from ui.shared.digit_picker import Run, pick_digit
from ui.shared.parts import nothing, part, run_parts, take_given
from ui.shared.photo import crop_button, photo_popover
from ui.shared.state import SIDES, Objects, Seen, Side, SideName, state, widget_value
from ui.shared.thumbnails import packed

Pick = Callable[[SideName, Run], None]  # draws the way to a drawing without a mouse or finger

ANSWER = "answer"  # key of the part that shows what follows from the drawings, where both canvases stand
PAIR_BUTTONS = "pair_buttons"  # key of the container of the buttons that act on both sides
FRAME_HEIGHT = CANVAS_SIZE + 2  # px, with its border
SCRIPT = Path(__file__).with_suffix(".js")
UPLOAD_SHARE = 0.72  # of the canvas, for the longer side of an uploaded digit


def canvas_pair() -> None:
    """Draw both canvases with their buttons; they keep their drawings when the visitor comes back to the page.

    The page shows what follows from them in a part with the key ANSWER.
    """
    for name in SIDES:
        canvas(name, ANSWER, _pick_digit)
    nothing()


def canvas(name: SideName, shows: str, pick: Pick, buttons: tuple[str, ...] = ()) -> None:
    """Draw one canvas with its buttons as a part of the page.

    shows: key of the part that shows what follows from its drawing. buttons: keys of containers with more buttons that
    replace it.
    """
    with st.container(width=CANVAS_SIZE, gap="small", key=_group_key(name)):
        part(side_key(name))(_side)(name, "pair", partial(_run_parts, shows), pick, buttons)


def taken_side(name: SideName) -> Side:
    """Return a side with what its canvas has sent by now: a stroke may come in the same request as a button's click."""
    _take(name)
    return state().side(name)


def put_drawing(name: SideName, objects: Objects, source: Seen | None = None) -> None:
    """Put another drawing into a canvas, before it is drawn or in a callback that runs its part, `side_key`.

    What the network sees of it is known at once: a canvas that is new with it sends nothing by itself.
    """
    side = taken_side(name)
    side.replace(objects, source)
    side.seen = in_use.look_at_drawing(objects, in_use.sight_on(name)) if objects else None


def one_canvas(name: SideName, place: str) -> None:
    """Draw the canvas of one side with its buttons, as part of whatever it stands in; a stroke runs all of that.

    place: names where on the page the canvas stands; when it moves, the browser builds it anew.
    """
    for other in SIDES:
        if other != name:
            state().side(other).leave()
    take_given()
    with st.container(width=CANVAS_SIZE, gap="small", key=_group_key(name)):
        _side(name, place, _run_around, _pick_digit)


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


def _side(name: SideName, place: str, run: Run, pick: Pick, buttons: tuple[str, ...] = ()) -> None:
    side = state().side(name)
    side.stand(place)
    with st.container(gap="xxsmall"):
        with st.container(gap=None):
            _head(name, run, pick)
            run_script(SCRIPT, f"bare_{name}", _script_data(name, side, buttons))
        with st.container(height=FRAME_HEIGHT, border=False):  # of its own, so that nothing jumps when the canvas loads
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
    _receive(name, result)
    with st.container(horizontal=True, gap="xsmall", key=f"tools_{name}"):
        st.button("Undo", icon=":material/undo:", key=f"undo_{name}", on_click=_undo, args=(name, run))
        st.button("Clear", icon=":material/delete:", key=f"clear_{name}", on_click=_clear, args=(name, run))
        photo_popover(name, run, partial(_use_picture, name))
    if side.complaint:
        st.error(side.complaint, icon=":material/image_not_supported:")
    crop_button(name, side, run, partial(_use_picture, name))


def _head(name: SideName, run: Run, pick: Pick) -> None:
    """Draw the name of a side, and the way to a digit without a mouse or finger."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{name.capitalize()}**", width="content")
        pick(name, run)


def _pick_digit(name: SideName, run: Run) -> None:
    pick_digit(name, run, _put_test_digit)


def _script_data(name: SideName, side: Side, buttons: tuple[str, ...]) -> dict[str, Any]:
    """Return what the script needs: what replaces the drawing, and what to call it for who cannot see it."""
    return {
        "canvas": f"canvas_{name}",
        "group": _group_key(name),
        "replacing": [f"undo_{name}", f"clear_{name}", f"digits_{name}", PAIR_BUTTONS, *buttons],
        "nonce": side.nonce,
        "name": f"{name.capitalize()} drawing",
        **content(side, in_use.words_ahead().one),
    }


def _group_key(name: SideName) -> str:
    return f"drawing_{name}"


def side_key(name: SideName) -> str:
    """Return the key of the part with the canvas of a side."""
    return f"side_{name}"


def _run_parts(shows: str, sides: tuple[SideName, ...], answer: bool) -> None:
    """End a callback: run the parts of the page that have changed, and no others."""
    run_parts(*map(side_key, sides), *([shows] if answer else []))


def _run_around(_sides: tuple[SideName, ...], _answer: bool) -> None:
    """End a callback: the fragment or page around the canvas runs, as Streamlit does by itself."""


def _receive(name: SideName, result: CanvasResult) -> bool:
    """Take what a canvas sent, and tell whether the network now sees something else."""
    side = state().side(name)

    def read() -> Seen | ValueError | None:
        pixels = pixels_of(result)
        if pixels is None:  # the canvas has not drawn anything yet
            return None
        found = in_use.look_at(pixels, in_use.sight_on(name))
        side.pixels = packed(pixels) if pixels.shape[0] == pixels.shape[1] else b""
        return found

    return side.receive(objects_of(result), read)


def _take(name: SideName) -> bool:
    """Take what the canvas of a side has sent by now, and tell whether the network now sees something else."""
    sent = (widget_value(f"canvas_{name}") or {}).get("drawing")
    return isinstance(sent, dict) and _receive(name, CanvasResult(sent.get("raw"), sent.get("data"), True))


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
    _run_parts(ANSWER, SIDES, True)


def _random_pair(same: bool) -> None:
    """Put two random test images of one class, or of two classes, into the canvases."""
    digits, rng = in_use.test_images(), state().rng
    alone = np.bincount(digits.labels)[digits.labels] == 1
    first = int(rng.choice(np.flatnonzero(~alone))) if same else int(rng.integers(len(digits.labels)))
    others = np.flatnonzero((digits.labels == digits.labels[first]) == same)
    second = int(rng.choice(others[others != first]))
    show_test_digits(first, second)


def show_test_digits(left: int, right: int) -> None:
    """End a callback: put two test digits into the drawings, and run what follows from them."""
    put_test_digits(left, right)
    _run_parts(ANSWER, SIDES, True)


def put_test_digits(left: int, right: int) -> None:
    """Put two test images into the drawings, by their indices."""
    for name, index in zip(SIDES, (left, right), strict=True):
        _put_test_digit(name, index)


def _put_test_digit(name: SideName, index: int) -> None:
    _take(name)
    image = to_float(in_use.test_images().images[index])
    state().side(name).replace([picture_object(image, 1.0)], Seen(image, test_index=index))


def _use_picture(name: SideName, picture: np.ndarray) -> None:
    """Take what a picture (h, w, 4) uint8 holds as drawing. Raises ValueError if it holds none."""
    found, shown = in_use.of_picture(picture, in_use.sight_on(name))
    side = state().side(name)
    _take(name)
    photo = side.photo
    share = UPLOAD_SHARE if len(found.stages) > 2 else 1.0  # a picture as it is fills the canvas
    side.replace([picture_object(shown, share)], found)
    side.photo = photo
