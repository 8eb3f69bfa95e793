"""What the network in use looks at: its test images, how it sees a drawing, and what to call it all."""

from typing import NamedTuple

import numpy as np

from siamese_core.config import IMAGE_SIZE, Look
from siamese_core.datasets.dataset import DataError, Dataset
from siamese_core.networks.card import ModelError, class_names, is_of_mnist, left_out, look_of, side_of
from ui.shared import resources
from ui.shared.canvas_objects import painted
from ui.shared.state import SIDES, SYMBOL_SIDES, Objects, Seen, SideName, state, widget_value
from ui.shared.thumbnails import STAGE_SIDE, shrunk, unpacked
from ui.shared.words import DIGITS, Words, words_of


class Sight(NamedTuple):
    """How a network sees a drawing or a picture."""

    look: Look = "ink"
    side: int = IMAGE_SIZE
    any_shape: bool = False  # whether a dot, a dash or a blot is something to it
    data: str = ""  # identifies its test images


SYMBOL_SIGHT = Sight(any_shape=True)


def use(name: str) -> None:
    """Take a network into use; what was drawn for one that sees in another way is looked at anew."""
    here = state()
    here.network = name
    now = sight(name)
    if here.sight != now:
        old, here.sight = here.sight, now
        if old is not None:
            for side in map(here.side, SIDES):
                side.look_again(lambda objects, pixels: _look_again(objects, pixels, now))
            here.error_cell = here.cell = None


def sight(name: str) -> Sight:
    """Return how a network sees; one whose card cannot be read counts as one of MNIST."""
    version = resources.model_version(name)
    try:
        card = resources.read_card(name, version)
        return Sight(look_of(card), side_of(card), not is_of_mnist(card), resources.data_key(name, version))
    except ModelError:
        return Sight()


def sight_on(side: SideName) -> Sight:
    """Return how a drawing is seen: one of the Symbols page always in one way, another as the network in use sees."""
    return SYMBOL_SIGHT if side in SYMBOL_SIDES else state().sight or Sight()


def test_images() -> Dataset:
    """Return the test images of the network in use. Raises DataError or ModelError."""
    name = state().network or resources.SHIPPED
    return resources.test_of(name, resources.model_version(name))


def words() -> Words:
    """Return the nouns for what the network in use compares."""
    try:
        return words_of(test_images().class_names)
    except DataError:  # MNIST is missing or damaged, and the page says so where it needs it
        return DIGITS


def words_ahead() -> Words:
    """Return the nouns for the network that the page is about to take into use, as far as the card tells them."""
    name = widget_value("model") or (state().asked or {}).get("model") or resources.SHIPPED
    try:
        return words_of(class_names(resources.read_card(name, resources.model_version(name))))
    except ModelError:
        return DIGITS


def unseen() -> list[str]:
    """Return the classes that the network in use was not trained on."""
    name = state().network or resources.SHIPPED
    try:
        return left_out(resources.read_card(name, resources.model_version(name)))
    except ModelError:
        return []


def of_picture(picture: np.ndarray, how: Sight) -> tuple[Seen, np.ndarray]:
    """Return what is seen of an uploaded picture (h, w, 4) uint8, and what to show of it (h, w).

    Raises ValueError if it sees nothing.
    """
    from siamese_core.imaging.canonical import canvas_stages

    found = look_at(picture, how)
    if isinstance(found, ValueError):
        raise found
    if how.look == "grey":
        return found, found.digit
    return found, canvas_stages(picture, any_shape=how.any_shape, side=how.side).crop


def look_at(picture: np.ndarray, how: Sight) -> Seen | ValueError:
    """Return what is seen of a picture (h, w, 4) uint8, and its stages, or why nothing is."""
    from siamese_core.imaging.canonical import canvas_stages  # imports SciPy, for which the canvases need not wait
    from siamese_core.imaging.look import see

    try:
        if how.look == "grey":
            image = see(picture, how.look, how.side)
            grey = picture[..., :3].mean(axis=2, dtype=np.float32) / 255
            return Seen(image, tuple(shrunk(stage, STAGE_SIDE) for stage in (grey, image)))
        stages = canvas_stages(picture, any_shape=how.any_shape, side=how.side)
        return Seen(stages.digit, tuple(shrunk(stage, STAGE_SIDE) for stage in stages))
    except ValueError as error:
        return error.with_traceback(None)  # which would hold the pixels


def look_at_drawing(objects: Objects, how: Sight) -> Seen | ValueError | None:
    """Return what is seen of a drawing whose canvas does not tell its pixels; None if it cannot be painted."""
    try:
        with np.errstate(over="raise", invalid="raise"):  # by places far beyond any canvas
            return look_at(painted(objects), how)
    except Exception:  # noqa: BLE001 the objects come from a browser: painting them may raise almost anything
        return None


def _look_again(objects: Objects, pixels: bytes, how: Sight) -> Seen | ValueError | None:
    return look_at(unpacked(pixels), how) if pixels else look_at_drawing(objects, how)
