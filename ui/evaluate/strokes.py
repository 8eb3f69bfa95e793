"""Why this distance: which strokes of the pair on Compare count."""

import numpy as np
import streamlit as st
from PIL import Image, ImageColor, ImageDraw

from siamese_core.networks.occlusion import Occlusion, occlude
from ui.shared.canvas import both_seen
from ui.shared.colours import DIFFERENT, SAME
from ui.shared.resources import Loaded
from ui.shared.thumbnails import data_url

SIDE = 224  # px on the screen
ALIKE, APART = (np.array(ImageColor.getrgb(colour)) for colour in (SAME, DIFFERENT))


def strokes_panel(loaded: Loaded) -> None:
    """Draw the two drawings of Compare with a colour over the ink that counts, and the piece that decides."""
    st.subheader("Why this distance", anchor=False)
    left, right, _ = both_seen()
    if not (left and right):
        st.caption("Draw a pair on Compare, and see here which of its strokes count.")
        st.page_link("streamlit_app.py", label="Draw a pair", icon=":material/compare:")
        return
    found = occlude(loaded.model, left.digit, right.digit)
    most = max(float(np.abs(heat).max()) for heat in (found.left, found.right)) or 1.0
    with st.container(horizontal=True, gap="medium"):
        for name, seen, heat in (("left", left, found.left), ("right", right, found.right)):
            url = data_url(_picture(seen.digit, heat / most, found, name))
            st.image(url, caption=f"{name}", width=SIDE, alt=f"the {name} drawing, its ink coloured by what it does")
        with st.container(width="stretch"):
            st.markdown(f"The distance is **{found.distance:.3f}**.")
            st.markdown(
                ":green[Green] ink makes the two alike: without it they lie farther apart. :orange[Orange] ink sets "
                "them apart. White ink hardly matters."
            )
            st.markdown(_decides(found))


def _decides(found: Occlusion) -> str:
    if found.flip is None:
        return "No single piece, up to half the picture wide, decides: without any of them the verdict stays."
    flip = found.flip
    return (
        f"The **framed piece** of the {flip.side} one decides: without its ink the distance is {flip.distance:.3f}, "
        "and the verdict flips."
    )


def _picture(digit: np.ndarray, heat: np.ndarray, found: Occlusion, name: str) -> Image.Image:
    """Return the ink, tinted by the heat (side, side) in [-1, 1], with the deciding window framed."""
    strength = np.abs(heat)[..., None]
    tint = np.where(heat[..., None] > 0, ALIKE, APART)
    ink = digit[..., None] * ((1 - strength) * 255 + strength * tint)
    scale = SIDE * 2 // len(digit)
    image = Image.fromarray(ink.round().astype(np.uint8)).resize((len(digit) * scale,) * 2, Image.Resampling.NEAREST)
    if found.flip and found.flip.side == name:
        _frame(image, found.flip.left * scale, found.flip.top * scale, found.flip.size * scale)
    return image


def _frame(image: Image.Image, left: int, top: int, size: int) -> None:
    ImageDraw.Draw(image).rectangle((left, top, left + size - 1, top + size - 1), outline=(255, 214, 10), width=3)
