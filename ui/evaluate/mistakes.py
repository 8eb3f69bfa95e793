"""Where the network fails: the errors of each two classes, and the pairs behind them."""

import numpy as np
import streamlit as st

from siamese_core.metrics import hardest
from siamese_core.metrics.counting import Counted
from siamese_core.metrics.curves import errors_by_class
from siamese_core.metrics.hardest import Mistakes, PairList
from ui.evaluate import charts
from ui.shared import in_use
from ui.shared.canvas import put_test_digits
from ui.shared.chart import show_chart
from ui.shared.class_chart import about_few
from ui.shared.events import events
from ui.shared.state import state
from ui.shared.thumbnails import PAIR_SIZE, show_strip, side_by_side
from ui.shared.two_classes import choose_two

SHOWN = 12  # pairs at most
LISTS: dict[str, str] = {  # of `Mistakes`, as the page calls them
    "Taken for the same": "false_accepts",
    "Taken for different": "false_rejects",
    "Only just the same": "narrow_accepts",
    "Only just different": "narrow_rejects",
}
MEANING = {
    "false_accepts": "Different {kinds} that this threshold accepts, the nearest first.",
    "false_rejects": "Two of one {kind} that this threshold rejects, the farthest first.",
    "narrow_accepts": "Two of one {kind}, rightly accepted, the nearest to the threshold first.",
    "narrow_rejects": "Different {kinds}, rightly rejected, the nearest to the threshold first.",
}


def mistakes_panel(counted: Counted, threshold: float) -> None:
    """Draw the errors by class, the pairs of the cell clicked, and the hardest pairs overall."""
    names = in_use.test_images().class_names
    st.subheader("Where it fails", anchor=False)
    clicked = events(["errors"], "errors_events").clicked
    if clicked and {clicked.get("x"), clicked.get("y")} <= set(names):
        state().error_cell = names.index(clicked["y"]), names.index(clicked["x"])
    left, right = st.columns(2, gap="medium")
    with left:
        show_chart(charts.matrix(counted.curves, threshold, names), "errors", "The errors of two classes, as a table")
        st.caption(
            about_few(len(names), "are taken for each other the most")
            + f"In percent: off the diagonal FAR, how often a {in_use.words().one} of the row and one of the column "
            "are taken for the "
            "same; on it FRR, how often two of one class are taken for different. Click a cell to see its pairs."
        )
    with right:
        _cell(counted, choose_two(names, state().error_cell or _worst(counted, threshold), "mistaken"))
    _overall(hardest.mistakes(counted.hardest, threshold))


def _cell(counted: Counted, cell: tuple[int, int]) -> None:
    names = in_use.test_images().class_names
    a, b = cell
    if in_use.words().one == "digit":
        both = f"of two {names[a]}s" if a == b else f"of a {names[a]} and a {names[b]}"
    else:
        both = f"of two of {names[a]}" if a == b else f"of {names[a]} and {names[b]}"
    what = f"{both}, the {'farthest' if a == b else 'nearest'} first"
    st.markdown(f"**The hardest pairs** {what}")
    _gallery(hardest.of_classes(counted.hardest, a, b), "cell")


def _worst(counted: Counted, threshold: float) -> tuple[int, int]:
    """Return the two different classes with the most errors."""
    errors = errors_by_class(counted.curves, threshold)
    between = np.where(np.eye(len(errors), dtype=bool) | np.isnan(errors), -1.0, errors)
    a, b = np.unravel_index(between.argmax(), between.shape)
    return int(a), int(b)


def _overall(found: Mistakes) -> None:
    st.markdown("**The hardest pairs of all**")
    label = st.segmented_control(
        "Which pairs", list(LISTS), default="Taken for the same", required=True, key="mistakes",
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    name = LISTS[label]
    pairs: PairList = getattr(found, name)
    words = in_use.words()
    st.caption(f"{MEANING[name].format(kind=words.kind, kinds=words.kinds)} A {words.one} comes at most twice.")
    _gallery(pairs, "overall")


def _gallery(pairs: PairList, key: str) -> None:
    """Draw the first pairs, each over a button that sends it to Compare."""
    digits = in_use.test_images()
    if not len(pairs.left):
        st.caption("There is no such pair at this threshold.")
        return
    few = pairs.take(np.arange(min(SHOWN, len(pairs.left))))
    both = side_by_side(digits.images[few.left], digits.images[few.right])
    with st.container(horizontal=True, gap="small"):
        for i, (left, right) in enumerate(zip(few.left.tolist(), few.right.tolist(), strict=True)):
            with st.container(width=PAIR_SIZE[0], gap="xxsmall"):
                show_strip([both[i]], [f"{few.distances[i]:.3f}"], PAIR_SIZE)
                _send(left, right, f"{key}_{i}")


def _send(left: int, right: int, key: str) -> None:
    names, labels = in_use.test_images().class_names, in_use.test_images().labels
    what = f"Compare this {names[labels[left]]} and this {names[labels[right]]}"
    if st.button("Compare", help=what, key=f"send_{key}", type="tertiary"):
        put_test_digits(left, right)
        st.switch_page("streamlit_app.py")
