"""The results of a training: its measures, ways to use the network, the article's figure, the visitor's other runs."""

from typing import Any

import numpy as np
import streamlit as st

from siamese_core.datasets.pairs import sample_pairs
from siamese_core.jobs import run_folder
from siamese_core.jobs.run_folder import Run
from siamese_core.metrics.distances import distance
from siamese_core.metrics.verification import is_same
from siamese_core.networks.card import ModelError, read_card
from ui.shared import resources
from ui.shared.colours import DIFFERENT as WRONG
from ui.shared.colours import SAME as RIGHT
from ui.shared.state import set_widget_value, state
from ui.shared.thumbnails import PAIR_SIZE, show_strip, side_by_side
from ui.train import settings

PAIRS, ROW = 16, 4  # of the article's figure
POOR_ACCURACY = 0.85  # on test pairs; a network below it is no use for drawings


def measures(run: Run) -> None:
    """Draw the accuracies and the EER of the network."""
    card = _card(run)
    if card is None:
        return
    frozen, figures = card["frozen"], card["figures"]
    cells = (
        ("Test accuracy", frozen["accuracy"], "At the fitted threshold, on frozen test pairs."),
        ("Test EER", frozen["eer"], "Where FAR and FRR meet, on the same pairs."),
        ("Validation accuracy", figures["validation_accuracy"], "As the article measures it, on its 2,000 pairs."),
        ("Training accuracy", figures["train_accuracy"], "As the article measures it, on pairs from the training."),
    )
    st.subheader("How good it is", anchor=False)
    for column, (label, figure, help_) in zip(st.columns(4), cells, strict=True):
        spread = isinstance(figure, dict)
        column.metric(label, f"{figure['rate'] if spread else figure:.2%}", help=help_)
        column.caption(f"{figure['low']:.2%} to {figure['high']:.2%}" if spread else "at half the margin")
    st.caption(
        f"The test figures are on {frozen['pairs']:,} pairs of test digits, half of them the same digit. Every run is "
        "tested on the same pairs. Below each figure is its 95 % confidence interval. The fitted threshold is "
        f"{card['threshold']:.3f}."
    )


@st.fragment
def sixteen_pairs(run: Run) -> None:
    """Draw the article's figure: random pairs of test digits, each with its distance and the verdict."""
    card, embeddings = _card(run), resources.run_embeddings(run.id)
    if card is None or embeddings is None:
        return
    digits = resources.test_digits()
    st.subheader("16 random pairs", anchor=False)
    st.caption("The article's figure, with test digits. Each pair has its distance and the verdict, orange if wrong.")
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


def earlier_runs(shown: Run, mine: list[Run]) -> None:
    """Draw a table of the visitor's runs; settings that differ from the run shown are marked."""
    if len(mine) < 2:
        return
    st.subheader("Your runs", anchor=False)
    names = [n for n in settings.NAMES if any(n in settings.differences(shown.config, run.config) for run in mine)]
    st.table([_row(run, names, settings.differences(shown.config, run.config)) for run in reversed(mine)])
    st.caption(
        "Only settings that differ between your runs are listed. Orange: different from the run shown above. "
        "Validation: the accuracy at the fitted threshold."
    )


def use_network(run: Run) -> None:
    """Draw the ways to use the network: on Compare, as a download, in Python."""
    if run.model_folder is None:
        return
    st.subheader("Use this network", anchor=False)
    card = _card(run)
    if card and (accuracy := card["frozen"]["accuracy"]["rate"]) < POOR_ACCURACY:
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
            file_name=f"siamese-{run.id}.zip",
            mime="application/zip",
            icon=":material/download:",
            on_click="ignore",
        )
    with st.expander("How to load it in Python", icon=":material/code:"):
        st.markdown("Unpack the zip in a copy of this project, and run there:")
        st.code(run_folder.SNIPPET.format(folder=f"siamese-{run.id}"), language="python")


def _row(run: Run, names: list[str], marked: list[str]) -> dict[str, str]:
    card = _card(run)
    points = run_folder.read_points(run.folder)
    values = settings.settings_of(run.config)
    texts = {name: settings.text_of(values[name]) for name in names}
    return {
        "Run": str(run.number),
        "State": run.status.state,
        **{name: f":orange[**{text}**]" if name in marked else text for name, text in texts.items()},
        "Validation": f"{points[-1].validation_accuracy_at_threshold:.1%}" if points else "",
        "Test EER": f"{card['frozen']['eer']['rate']:.2%}" if card else "",
        "Seconds": f"{points[-1].seconds:.1f}" if points else "",
    }


def _card(run: Run) -> dict[str, Any] | None:
    try:
        return read_card(run.model_folder) if run.model_folder else None
    except ModelError:
        return None


def _draw_other_pairs() -> None:
    state().drawn_pairs += 1
