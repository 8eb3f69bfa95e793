"""Embeddings: look into the learned space, with your own drawings in it."""

import streamlit as st

from siamese_core.card import ModelError
from siamese_core.data import DataError
from ui import resources, spaces
from ui.map_controls import controls
from ui.map_figures import class_table, exports, figures
from ui.map_view import maps_with_drawings, pictures, views
from ui.widgets import load_model, model_titles, page_frame, pick_model, usable_model

page_frame(
    "Look into the space",
    "Every dot is a digit, where the network puts it: point at one, click one, and draw your own among them.",
)
name = usable_model(pick_model())
