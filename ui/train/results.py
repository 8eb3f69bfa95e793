"""The results of a training: its measures, ways to use the network, the article's figure, the visitor's other runs."""

from typing import Any

import numpy as np
import streamlit as st

from siamese_core.datasets.pairs import sample_pairs
from siamese_core.jobs import download, records, run_folder
from siamese_core.jobs.run_folder import Run
from siamese_core.metrics.distances import distance
from siamese_core.metrics.verification import is_same
from siamese_core.networks.card import ModelError, is_of_mnist, read_card, tells_apart
from ui.shared import resources
from ui.shared.colours import DIFFERENT as WRONG
from ui.shared.colours import SAME as RIGHT
from ui.shared.network_card import STOOD_IN, parts_table
from ui.shared.network_picker import CANNOT_TELL
from ui.shared.plain import plain
from ui.shared.state import set_widget_value, state
from ui.shared.table import show_table
from ui.shared.thumbnails import PAIR_SIZE, show_strip, side_by_side
from ui.shared.words import Words, listed, words_of
from ui.train import charts, settings, subject

PAIRS, ROW = 16, 4  # of the article's figure
POOR_ACCURACY = 0.85  # on test pairs; a network below it is no use for drawings


def measures(run: Run) -> None:
    """Draw how good the network is: one figure, the article's beside it, the others folded away."""
    card = _card(run)
    if card is None:
        return
    frozen, figures, words = card["frozen"], card["figures"], _words(run)
    right = frozen["accuracy"]
    seen = " of the classes it was trained on" if "parts" in card else ""
    st.subheader("How good it is", anchor=False)
    left, beside = st.columns(2, gap="medium")
    with left:
        st.metric("Right on test pairs", f"{right['rate']:.2%}")
        st.caption(
            f"Of {frozen['pairs']:,} pairs of test {words.many}{seen}, half of them {words.same}, at the "
            f"threshold {card['threshold']:.3f}. 95 % confidence interval: {right['low']:.2%} to "
            f"{right['high']:.2%}, of this "
            "network; another seed gives another network."
        )
    with beside:
        st.metric("As the article counts", f"{figures['validation_accuracy']:.2%}")
        of = "its 2,000 validation pairs" if is_of_mnist(card) else "validation pairs"
        reports = f" The article reports {charts.ARTICLE_ACCURACY:.1%}." if is_of_mnist(card) else ""
        st.caption(
            f"Of {of}, at half the margin instead of a fitted threshold.{reports} For other settings, half the margin "
            f"may be far from where the network tells {words.many} apart, and this figure says little."
        )
    _apart(card)
    with st.expander("More figures", icon=":material/query_stats:"):
        eer = frozen["eer"]
        rows = {
            "EER, where FAR and FRR meet, on the same test pairs": f"{eer['rate']:.2%} "
            f"({eer['low']:.2%} to {eer['high']:.2%})",
            f"Threshold, fitted on validation {words.many}": f"{card['threshold']:.3f}",
            "Right on pairs it was trained on, at half the margin": f"{figures['train_accuracy']:.2%}",
        }
        show_table({"Figure": list(rows), "Value": list(rows.values())})


def _apart(card: dict[str, Any]) -> None:
    """Draw the figures of the classes left out beside those of the others, and say what stood in for a test."""
    if "stood_in" in card:
        st.warning(STOOD_IN, icon=":material/info:")
    if "parts" not in card:
        return
    unseen = card["parts"]["unseen"]
    with st.container(key="parts", gap="small"):
        st.markdown("**Classes it has seen, and classes it has not**")
        show_table(parts_table(card))
        if "why" in unseen:
            st.caption("Pairs of classes left out need two such classes with test pictures: leave out two or more.")
        else:
            st.caption(
                "Each on test pairs within these classes, at the same threshold, which was fitted to the classes "
                "it has "
                f"seen. With 95 % confidence intervals. Compare two of {listed(unseen['classes'])} yourself: “Draw "
                "with "
                "it”, and let chance pick."
            )


@st.fragment
def sixteen_pairs(run: Run) -> None:
    """Draw the article's figure: random pairs of test digits, each with its distance and the verdict."""
    card, embeddings = _card(run), resources.run_embeddings(run.id)
    if card is None or embeddings is None:
        return
    digits = resources.test_of(run.id, resources.model_version(run.id))
    if len(embeddings) != len(digits) or not _enough(digits.labels):
        return
    st.subheader("16 random pairs", anchor=False)
    st.caption(
        f"The article's figure, with test {_words(run).many}. Each pair has its distance and the verdict, orange "
        "if wrong."
    )
    pairs = sample_pairs(digits.labels, PAIRS, np.random.default_rng(state().drawn_pairs))
    apart = distance(embeddings[pairs.left], embeddings[pairs.right])
    verdicts = is_same(apart, card["threshold"])
    words = [f"{d:.2f} {'same' if v else 'differ'}" for d, v in zip(apart, verdicts, strict=True)]
    colours = [RIGHT if v == s else WRONG for v, s in zip(verdicts, pairs.same == 1, strict=True)]
    both = side_by_side(digits.images[pairs.left], digits.images[pairs.right])
    for column, start in zip([c for c in st.columns(2) for _ in (0, 1)], range(0, PAIRS, ROW), strict=True):
        part = slice(start, start + ROW)
        with column:
            show_strip(both[part], words[part], PAIR_SIZE, colours[part])
    st.button("16 others", icon=":material/casino:", on_click=_draw_other_pairs)


def _enough(labels: np.ndarray) -> bool:
    """Return whether there are eight pairs of each kind to draw from."""
    of = np.bincount(labels)
    return int(of[of > 1].sum()) >= PAIRS // 2 and int((of > 0).sum()) > 1 and len(labels) >= PAIRS // 2


def _words(run: Run) -> Words:
    return words_of(resources.test_of(run.id, resources.model_version(run.id)).class_names)


def own_runs(shown: Run, mine: list[Run]) -> None:
    """Draw a table of the visitor's runs; of the settings it has those that differ between them."""
    if len(mine) < 2:
        return
    st.subheader("Your runs", anchor=False)
    names = [n for n in settings.NAMES if any(n in settings.differences(mine[0].config, run.config) for run in mine)]
    rows = [_row(run, names, run.id == shown.id) for run in reversed(mine)]
    if len({(run.data, run.config.left_out) for run in mine}) > 1:
        rows = [{**row, **subject.told(run)} for row, run in zip(rows, reversed(mine), strict=True)]
    show_table(rows)
    st.caption(
        "Only settings that differ between your runs are listed. The table scrolls sideways, also by arrow keys."
    )


def use_network(run: Run) -> None:
    """Draw the ways to use the network: on Compare, as a download, in Python."""
    if run.model_folder is None:
        return
    st.subheader("Use this network", anchor=False)
    card = _card(run)
    if card and not tells_apart(card):
        st.warning(CANNOT_TELL.format(_words(run).many), icon=":material/warning:")
    elif card and (accuracy := card["frozen"]["accuracy"]["rate"]) < POOR_ACCURACY:
        st.caption(
            f"It is right about {accuracy:.0%} of pairs, where guessing is about half: do not expect much of it."
        )
    with st.container(horizontal=True, gap="small"):
        if st.button("Draw with it", type="primary", icon=":material/draw:"):
            set_widget_value("model", run.id)
            st.switch_page("streamlit_app.py", query_params={"model": run.id})
        st.download_button(
            "Download",
            lambda: run_folder.zip_model(run),
            file_name=run_folder.zip_name(run),
            mime="application/zip",
            icon=":material/download:",
            on_click="ignore",
        )
    with st.expander("How to load it in Python", icon=":material/code:"):
        folder = run_folder.zip_name(run).removesuffix(".zip")
        st.markdown("Unpack the zip in a copy of this project, and run there:")
        st.code(f".venv/bin/python {folder}/load.py", language="sh")
        st.markdown("Or in a program of your own, started in that copy:")
        st.code(download.snippet(run.model_folder, folder), language="python")


def _row(run: Run, names: list[str], shown: bool) -> dict[str, str]:
    card = _card(run)
    values = settings.settings_of(run.config)
    points = records.read_points(run.folder)
    return {
        "Run": (plain(run.name) or f"Run {run.number}") + (", shown above" if shown else ""),
        "State": run.status.state,
        "Right on test pairs": f"{card['frozen']['accuracy']['rate']:.2%}" if card else "",
        "Test EER": f"{card['frozen']['eer']['rate']:.2%}" if card else "",
        **{settings.label_of(name): settings.words_of(name, values[name]) for name in names},
        "Seconds": f"{points[-1].seconds:.1f}" if points else "",
    }


def _card(run: Run) -> dict[str, Any] | None:
    try:
        return read_card(run.model_folder) if run.model_folder else None
    except ModelError:
        return None


def _draw_other_pairs() -> None:
    state().drawn_pairs += 1
