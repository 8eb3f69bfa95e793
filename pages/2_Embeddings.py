"""Embeddings: look into the learned space, with your own drawings in it."""

from ui.embeddings.controls import controls
from ui.embeddings.downloads import exports
from ui.embeddings.figures import class_table
from ui.embeddings.network_space import title
from ui.embeddings.view import chosen_spaces, maps_with_drawings, pictures, views
from ui.embeddings.words import warn_of_collapse
from ui.shared import terms
from ui.shared.link import keep_link, show_notes
from ui.shared.network_picker import model_titles, pick_model, same_data
from ui.shared.page import page_frame
from ui.shared.terms import explained
from ui.shared.visitor import remember_visitor

page_frame(
    "Look into the space",
    "The network turns every {one} into a list of numbers, its embedding, which places the {one} as a dot on the map. "
    f"Point at one, click one, and draw your own among them. {explained(terms.TRAINING, 'What is this map?')}",
)
name = pick_model()
titles = model_titles()
choice = controls(name, {other: titles[other] for other in same_data(name, titles) if other != name})
show_notes()
chosen = chosen_spaces(name, choice)
if chosen and (shown := views([title(each.network, titles) for each in chosen], chosen, choice)):
    warn_of_collapse(shown)
    pictures(chosen[0])
    maps_with_drawings(shown, choice)
    class_table(shown[0])
    exports(shown[0])
remember_visitor()
keep_link()
