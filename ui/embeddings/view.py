"""The map of one network or of two side by side, with the visitor's drawings and what was clicked on it."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from plotly.graph_objects import Figure
from streamlit.delta_generator import DeltaGenerator

from siamese_core.config import CANVAS_SIZE
from siamese_core.jobs.map_queue import MapState
from ui.embeddings import charts, network_space
from ui.embeddings.charts import MAP_HEIGHT
from ui.embeddings.controls import Choice
from ui.embeddings.digits import picked_digit, selected_digits
from ui.embeddings.drawings import Drawings, canvas_panel, nearest_digits, tell
from ui.embeddings.events import events, show_pictures
from ui.embeddings.figures import figures
from ui.embeddings.marked_map import marked_map
from ui.embeddings.marks import Marks, marks_of, show_marks
from ui.embeddings.network_space import Layout, Space, View
from ui.shared import resources
from ui.shared.resources import kept
from ui.shared.state import entered, state

POLL = 0.5  # seconds between two looks at a map that is being made
KEYS = ("map", "map_beside")
PANEL_WIDTH = CANVAS_SIZE + 10  # px
BUTTONS = {  # Plotly's, by the dimensions of the map
    2: [["zoom2d", "pan2d", "select2d", "lasso2d"], ["zoomIn2d", "zoomOut2d", "resetScale2d"], ["toImage"]],
    3: [["orbitRotation", "pan3d", "zoom3d"], ["resetCameraDefault3d"], ["toImage"]],
}
CONFIG = {
    "displaylogo": False,
    "displayModeBar": True,
    "toImageButtonOptions": {"filename": "siamese-lab-map", "scale": 2},
}


def chosen_spaces(network: str, choice: Choice) -> list[Space]:
    """Return the spaces to show, of the network and of the one beside it.

    One that cannot be used is left out, with a word about it; the shipped one takes the place of the first.
    """
    found: list[Space] = []
    for name in (network, resources.SHIPPED, choice.beside):
        if not name or (found and name != choice.beside) or name in [each.network for each in found]:
            continue
        try:
            trained_on = found[0].trained_on if found else network_space.config_of(name).training_images
            of = network_space.space_of(name, choice.split, choice.size, trained_on)
            network_space.embeddings(of)
            found.append(of)
        except ValueError as error:
            st.warning(f"The network “{name}” cannot be shown: {error}.", icon=":material/warning:")
    return found


def views(titles: list[str], all_: list[Space], choice: Choice) -> list[View] | None:
    """Return the maps of the spaces, or None as long as one of them is being made; then draw how far it is."""
    layouts = [network_space.layout(each, choice.method, choice.settings) for each in all_]
    for each in all_:
        if choice.method == "UMAP" and (word := network_space.refusal(each, choice.settings)):
            st.info(f"{word} A new one is made instead.", icon=":material/info:")
    if any(isinstance(each, MapState) for each in layouts):
        entered("embeddings, waiting")  # the canvas is gone, and is given its drawing back when it comes again
        failed = any(isinstance(each, MapState) and each.complaint for each in layouts)
        st.fragment(_waiting, run_every=None if failed else POLL)(titles, all_, choice)
        return None
    return [
        View(called, each, at) for called, each, at in zip(titles, all_, layouts, strict=True) if isinstance(at, Layout)
    ]


@st.fragment
def maps_with_drawings(shown: list[View], choice: Choice) -> None:
    """Draw the maps, the canvas, the figures, and what was clicked or selected; a stroke or a click runs this alone."""
    first, alone = shown[0], len(shown) == 1
    _take_events(first.space)
    places, panel = _places(alone)
    within = first.layout.xy.shape[1] in state().marks_in_maps
    if not within:
        _maps(places, shown)  # at once: they wait for no drawing
    with panel:
        with st.container(width=PANEL_WIDTH, gap="small"):
            drawings = canvas_panel("beside one" if alone else "under two")
        told = st.container(width="stretch", gap="small")
        with told:
            drawings, embedded = _embedded(shown, drawings)
    placed = [view.layout.place(each) if len(each) else each for view, each in zip(shown, embedded, strict=True)]
    marks = [
        marks_of(view, drawings.names, each, stars, choice.doubtful)
        for view, each, stars in zip(shown, embedded, placed, strict=True)
    ]
    if within:
        _maps(places, shown, marks)
    else:
        show_marks(dict(zip(KEYS, marks, strict=False)))
    with told:
        tell(first.space, first.layout, drawings, embedded[0], placed[0])
        nearest_digits(first.space, drawings, embedded[0])
    with places[0] if alone else st.container():
        picked_digit(first.space, first.layout)
        selected_digits(first.space)
    with panel if alone else st.container():
        figures(shown)


def _places(alone: bool) -> tuple[list[DeltaGenerator], DeltaGenerator]:
    """Return where the maps and the canvas go: beside one map, under two."""
    if not alone:
        return list(st.columns(2, gap="medium")), st.container(horizontal=True, gap="medium")
    with st.container(horizontal=True, gap="medium"):
        return [st.container(width="stretch")], st.container(width=PANEL_WIDTH, gap="small")


def _maps(places: list[DeltaGenerator], shown: list[View], marks: Sequence[Marks | None] = (None, None)) -> None:
    """Draw each map in its place, with marks in it where they cannot be drawn over it."""
    for place, view, each, key in zip(places, shown, marks, KEYS, strict=False):
        with place:
            if len(shown) > 1:
                st.markdown(f"**{view.title}**")
            figure = marked_map(_map(view), each) if each else _map(view)
            config = {**CONFIG, "modeBarButtons": BUTTONS[view.layout.xy.shape[1]]}
            st.plotly_chart(figure, key=key, config=config)
            st.caption(_about(view))


def _map(view: View) -> Figure:
    """Return the chart of a map without marks; all visitors share it."""
    name, at, digits = str(view.layout.key), view.layout, network_space.shown(view.space).digits
    return kept(("map", name), lambda: charts.space_map(at.xy, digits.labels, digits.class_names, at.explained, name))


def pictures(of: Space) -> None:
    """Let the picture of the digit pointed at appear over the maps."""
    show_pictures(of, list(KEYS))


def _take_events(of: Space) -> None:
    """Note what was clicked or selected; what was noted of other digits is forgotten."""
    here = state()
    if here.map_of != of[2:]:
        here.map_of, here.picked, here.selected = of[2:], None, []
    clicked, selected = events(list(KEYS), "map_events")
    places = range(len(network_space.shown(of).indices))
    if clicked and clicked.get("id") in places:
        here.picked = clicked["id"]
    if selected:
        here.selected = [i for i in selected["ids"] if i in places]


def _embedded(shown: list[View], drawings: Drawings) -> tuple[Drawings, list[np.ndarray]]:
    """Return the drawings with their embeddings (m, d) by each network; none, with a word, if one cannot be used."""
    try:
        if len(drawings.names):
            return drawings, [network_space.embed(view.space, drawings.digits) for view in shown]
    except ValueError as error:
        st.warning(f"Drawings cannot be placed: {error}.", icon=":material/warning:")
    none = Drawings([], drawings.digits[:0], drawings.complaint)
    return none, [network_space.embeddings(view.space)[:0] for view in shown]


def _about(view: View) -> str:
    n, d = network_space.embeddings(view.space).shape
    of = f"{n:,} {view.space.split} digits, {d} dimensions"
    if view.layout.explained:
        shares = sum(view.layout.explained)
        return f"{of}; these {len(view.layout.explained)} principal components hold {shares:.0%} of their variance."
    return f"{of}. UMAP keeps neighbourhoods; how far its islands lie apart says little. Seed 0."


def _waiting(titles: list[str], all_: list[Space], choice: Choice) -> None:
    """Draw how far the maps are that are being made; the whole page follows once all are there."""
    states = {each: network_space.layout(each, choice.method, choice.settings) for each in all_}
    under_way = {each: found for each, found in states.items() if isinstance(found, MapState)}
    if not under_way:
        st.rerun()
    with st.container(height=MAP_HEIGHT, key="map_waiting", vertical_alignment="center", horizontal_alignment="center"):
        for each, found in under_way.items():
            if found.complaint:
                st.error(found.complaint, icon=":material/error:")
                ask = (network_space.embeddings(each), choice.settings)
                st.button("Try again", on_click=resources.map_jobs().forget_failure, args=ask, key=f"again_{each}")
                continue
            st.markdown(f"**{titles[all_.index(each)]}**: {_how_far(found)}")
            st.progress(found.share or 0.0)


def _how_far(found: MapState) -> str:
    if found.share is None and resources.jobs().training:
        return "a training is under way on this server; the map is made as soon as it ends."
    if found.share is None:
        return "waiting for the process that makes maps; it needs some seconds to start."
    if found.share == 0:
        return "finding the neighbours; the first map of a server takes about ten seconds longer."
    return f"laying out the map, {found.share:.0%}. It is kept for everybody who asks for the same."
