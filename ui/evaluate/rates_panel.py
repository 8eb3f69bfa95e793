"""What a threshold does: in words, in figures with their intervals, and as a point on every curve."""

import streamlit as st

from siamese_core.metrics import curves as rates
from siamese_core.metrics import resampling
from siamese_core.metrics.confidence import Interval
from siamese_core.metrics.curves import Curves
from siamese_core.metrics.reliability import brier, reliability
from siamese_core.metrics.resampling import EerInterval
from ui.evaluate import charts
from ui.evaluate.words import for_share, in_words
from ui.shared import terms
from ui.shared.chart import show_chart
from ui.shared.resources import Loaded
from ui.shared.terms import explained
from ui.shared.words import Words

METRIC = 160  # px, two fit beside each other on a phone


def figures(loaded: Loaded, curves: Curves, meet: EerInterval, threshold: float, share: float) -> None:
    """Draw what the threshold does on test pairs."""
    at = rates.position(curves, threshold)
    far, frr = resampling.far_interval(curves, threshold), resampling.frr_interval(curves, threshold)
    accuracy, precision = rates.accuracy(curves, share)[at], rates.precision(curves, share)[at]
    with st.container(key="in_words", gap="xsmall"):
        st.markdown(in_words(far.rate, frr.rate, loaded.words))
        st.markdown(for_share(share, accuracy, precision, loaded.words.same))
    cells = (
        ("FAR", far, f"Accepted impostor pairs / impostor pairs. {explained(terms.LIMIT)}"),
        ("FRR", frr, f"Rejected genuine pairs / genuine pairs. {explained(terms.LIMIT)}"),
        ("EER", Interval(meet.rate, meet.low, meet.high), "The rate where FAR and FRR meet."),
    )
    with st.container(horizontal=True, gap="medium"):
        for label, interval, help_ in cells:
            with st.container(width=METRIC):
                st.metric(label, f"{interval.rate:.2%}", help=help_)
                st.caption(f"{interval.low:.2%} to {interval.high:.2%}")
        with st.container(width=METRIC):
            st.metric("Accuracy", f"{accuracy:.2%}", help="The share of right verdicts, for this share of same pairs.")
            st.caption(f"precision {precision:.2%}")
    st.caption(
        f"All {curves.genuine_pairs + curves.impostor_pairs:,} pairs of test {loaded.words.many}, at the threshold "
        f"{threshold:.3f}. The fitted threshold, {loaded.model.threshold:.3f}, comes from validation "
        f"{loaded.words.many}; on these "
        f"test pairs FAR and FRR meet at {meet.threshold:.3f}. Below each rate its 95 % interval: other test "
        f"{loaded.words.many} would give other rates (bootstrap over {loaded.words.many}). Another training seed "
        "would give another network."
    )


def curves_panel(
    curves: Curves, meet: EerInterval, threshold: float, share: float, pair: float | None, words: Words
) -> None:
    """Draw the four curves with the threshold in each."""
    at = rates.position(curves, threshold)
    logarithmic = st.toggle(
        "Logarithmic rates", key="logarithmic", persist_state="session",
        help="For networks that are rarely wrong: FAR and FRR from one in a million to all.",
    )  # fmt: skip
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Distances** of all test pairs")
        show_chart(
            charts.histogram(curves, threshold, pair, words), "histogram", "How the distances of all test pairs spread"
        )
        st.markdown("**ROC**: same pairs gained over different ones let in")
        show_chart(charts.roc(curves, at, logarithmic), "roc", "The ROC curve, with a point at the threshold")
    with right:
        st.markdown("**FAR and FRR** over the threshold")
        alt = "FAR and FRR over the threshold, and where they meet"
        show_chart(charts.far_and_frr(curves, meet, at, logarithmic), "rates", alt)
        st.markdown("**Accuracy, precision and recall** for the chosen share")
        show_chart(charts.accuracies(curves, share, at), "accuracies", "Accuracy, precision and recall by threshold")


def calibration(loaded: Loaded, curves: Curves, share: float) -> None:
    """Draw how far the probability of same can be believed."""
    st.subheader("Is the probability right?", anchor=False)
    left, right = st.columns(2, gap="medium")
    found = reliability(curves, loaded.model.calibration, share)
    with left:
        show_chart(charts.reliability(found), "reliability", "How often pairs are the same, by their probability")
    with right:
        st.metric("Brier score", f"{brier(curves, loaded.model.calibration, share):.4f}")
        st.caption(
            "The mean squared difference between the probability of same and what is true, 1 or 0. 0 is perfect; "
            f"always saying {share:.0%} would give {share * (1 - share):.3f}. On the dashed line, of the pairs that "
            "the network calls the same with 80 %, 80 % are. The probability was fitted on validation "
            f"{loaded.words.many}, "
            f"these are test {loaded.words.many}."
        )
