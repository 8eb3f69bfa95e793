"""How it works: six chapters, each one idea and one thing to move."""

from ui.explain.chapters import lead, questions
from ui.explain.encoder import one_encoder
from ui.explain.force import force
from ui.explain.limit import limit
from ui.explain.partners import partners
from ui.explain.replay import replay
from ui.explain.unseen import unseen
from ui.shared.link import keep_link, show_notes
from ui.shared.network_picker import load_fitting, pick_model
from ui.shared.page import page_frame
from ui.shared.resources import of_mnist

page_frame(
    "How it works",
    "Six ideas behind a network that compares, each with one thing to move. Every number comes from the networks and "
    "the library of this app.",
)
name = pick_model()
show_notes()
questions()
if loaded := load_fitting(name, of_mnist, "This page explains itself by MNIST's digits, which this network is not of."):
    one_encoder(loaded)
    partners()
    force()
    replay()
    limit(loaded)
    unseen()
lead()
keep_link()
