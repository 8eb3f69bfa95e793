"""What Python knows of a drawing, also while messages of canvas and server cross."""

from unittest.mock import patch

import numpy as np

from ui.shared import state as state_module
from ui.shared.state import Objects, Seen, Side, State, enter

STROKE: Objects = [{"type": "Path", "path": [["M", 1, 2]], "stroke": "#fff"}]
TWO: Objects = [*STROKE, {"type": "Path", "path": [["M", 5, 6]], "stroke": "#fff"}]
PICTURE: Objects = [{"type": "Image", "src": "data:,", "left": 0, "top": 0, "angle": 0}]
SENT_PICTURE: Objects = [{**PICTURE[0], "scaleX": 1, "opacity": 1}]  # the canvas adds its defaults
SEEN = Seen(np.ones((28, 28), np.float32))
SOURCE = Seen(np.zeros((28, 28), np.float32), test_index=3)


def drawn(objects: Objects = STROKE) -> Side:
    side = Side()
    side.receive(objects, lambda: SEEN)
    return side


def test_a_new_side_is_blank() -> None:
    assert Side().blank


def test_a_stroke_is_taken() -> None:
    side = drawn()
    assert not side.blank
    assert side.seen is SEEN


def test_nothing_sent_changes_nothing() -> None:
    side = drawn()
    side.receive(None, lambda: SEEN)
    side.receive([], lambda: None)  # a canvas just mounted tells its start, but has drawn nothing
    assert side.objects == STROKE


def test_clearing_is_not_undone_by_what_the_canvas_sent_before() -> None:
    side = drawn()
    side.replace([])
    side.receive(STROKE, lambda: SEEN)  # what the browser still holds in the run that cleared
    assert side.blank
    assert side.seen is None
    side.receive([], lambda: SEEN)  # its answer
    side.receive(STROKE, lambda: SEEN)  # and then the same stroke, drawn again
    assert side.objects == STROKE


def test_each_replacement_has_a_nonce_of_its_own() -> None:
    side = Side()
    nonces = []
    for _ in range(3):
        side.replace([])
        nonces.append(side.nonce)
    assert len(set(nonces)) == 3


def test_an_untouched_picture_keeps_its_source_and_a_stroke_over_it_ends_it() -> None:
    side = Side()
    side.replace(PICTURE, SOURCE)
    side.receive(SENT_PICTURE, lambda: SEEN)
    assert side.source is SOURCE
    side.receive([*SENT_PICTURE, *STROKE], lambda: SEEN)
    assert side.source is None


def test_a_turned_picture_is_no_longer_its_source() -> None:
    side = Side()
    side.replace(PICTURE, SOURCE)
    side.receive([{**SENT_PICTURE[0], "angle": 90}], lambda: SEEN)
    assert side.source is None


def test_undo_shows_the_last_answer_until_the_canvas_has_drawn() -> None:
    side = drawn(TWO)
    side.replace(side.objects[:-1])
    assert side.objects == STROKE
    assert side.seen is SEEN


def test_a_canvas_built_anew_starts_from_what_was_drawn() -> None:
    side = Side()
    side.stand("here")
    side.receive(STROKE, lambda: SEEN)
    side.stand("here")
    assert side.loaded == [], "where it stands it goes on"
    side.stand("there")
    assert side.loaded == STROKE
    side.receive(TWO, lambda: SEEN)
    side.leave()
    side.stand("there")
    assert side.loaded == TWO
    assert side.seen is SEEN
    assert side.nonce == 0, "a canvas that the browser has kept loads nothing over a stroke that is on its way"


def test_swap_exchanges_drawings_and_sources() -> None:
    state = State(left=drawn(), right=Side())
    state.right.replace(PICTURE, SOURCE)
    state.swap()
    assert state.left.objects == PICTURE
    assert state.left.source is SOURCE
    assert state.left.seen is None
    assert state.right.objects == STROKE
    assert state.right.source is None
    assert state.right.seen is SEEN


def test_only_what_the_network_sees_anew_is_told() -> None:
    side = Side()
    assert side.receive(STROKE, lambda: SEEN)
    assert not side.receive(STROKE, lambda: SEEN)
    side.replace([])
    assert not side.receive([], lambda: SEEN), "the canvas tells that it is blank, which is known"
    side.replace(PICTURE, SOURCE)
    assert not side.receive(SENT_PICTURE, lambda: SEEN), "the source says what is seen"
    assert side.receive([*SENT_PICTURE, *STROKE], lambda: SEEN)
    assert side.receive([], lambda: SEEN)


def test_another_page_has_no_canvases_yet_whether_it_draws_any_or_not() -> None:
    here = State(page="Compare", notes=["a word"], owed={"answer"})
    here.left.stand("pair")
    here.left.receive(STROKE, lambda: SEEN)
    with patch.object(state_module, "state", lambda: here):
        enter("Compare")
        assert (here.left.place, here.owed) == ("pair", {"answer"})
        enter("About")
        enter("Compare")
    assert (here.left.place, here.owed, here.notes) == ("", set(), [])
    here.left.stand("pair")
    assert here.left.loaded == STROKE
