"""Evaluate: choose the threshold by what it does, and see where the network is wrong."""

import streamlit as st

from siamese_core.metrics import resampling
from siamese_core.metrics.counting import Counted
from ui.evaluate.apart import Part, apart_panel, count_apart
from ui.evaluate.counted import count, last_pair
from ui.evaluate.mistakes import mistakes_panel
from ui.evaluate.networks import beside_panel, ranking_panel
from ui.evaluate.rates_panel import calibration, curves_panel, figures
from ui.evaluate.report import report_panel
from ui.evaluate.robustness_panel import robustness_panel
from ui.evaluate.strokes import strokes_panel
from ui.evaluate.threshold import choose_threshold
from ui.shared.link import keep_link, show_notes
from ui.shared.network_picker import load_model, model_titles, pick_model
from ui.shared.page import page_frame
from ui.shared.resources import Loaded
from ui.shared.share import choose_share, expected_share
from ui.shared.visitor import remember_visitor


@st.fragment
def driven(loaded: Loaded, counted: Counted, parts: list[Part]) -> None:
    """Draw the threshold, and all that moves with it."""
    curves, meet = counted.curves, resampling.eer(counted.curves)
    share = choose_share(same=loaded.words.same)
    threshold = choose_threshold(loaded, curves, meet, share)
    figures(loaded, curves, meet, threshold, share)
    apart_panel(parts, threshold)
    curves_panel(curves, meet, threshold, share, last_pair(loaded), loaded.words)
    calibration(loaded, curves, share)
    mistakes_panel(counted, threshold)


page_frame(
    "Evaluate the network",
    "Where should the threshold lie, and when is the network wrong? Move the threshold, and everything moves with it.",
)
name = pick_model()
show_notes()
if (loaded := load_model(name)) and (counted := count(loaded)):
    driven(loaded, counted, count_apart(loaded))
    robustness_panel(loaded)
    strokes_panel(loaded)
    titles = model_titles()
    beside_panel(loaded, counted, titles)
    ranking_panel(loaded)
    report_panel(loaded, titles[loaded.name], counted, expected_share())
remember_visitor()
keep_link()
