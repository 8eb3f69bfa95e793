"""The map of one network, or of two side by side, with the visitor's drawings and the digits clicked or selected."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from plotly.graph_objects import Figure
from streamlit.delta_generator import DeltaGenerator

from siamese_core.config import CANVAS_SIZE
from siamese_core.jobs.map_queue import MapState
from ui.embeddings import charts, layouts, network_space
from ui.embeddings.charts import MAP_HEIGHT
from ui.embeddings.controls import Choice
from ui.embeddings.digits import picked_digit, selected_digits
from ui.embeddings.downloads import file_name
from ui.embeddings.drawings import Drawings, canvas_panel, describe, nearest_digits
from ui.embeddings.figures import figures
from ui.embeddings.layouts import Layout, View
from ui.embeddings.legend import choose_classes, chosen_classes
from ui.embeddings.marked_map import marked_map
from ui.embeddings.marks import Marks, marks_of, show_marks
from ui.embeddings.network_space import Space
from ui.embeddings.pointed_at import show_pictures
from ui.embeddings.words import describe_map
from ui.shared import in_use, resources
from ui.shared.events import events
from ui.shared.resources import kept
from ui.shared.state import SIDES, state
from ui.shared.told import told

POLL = 0.5  # seconds between two updates of the progress of a map
KEYS = ("map", "map_beside")
GONE = "The {0} this network was trained on are not kept here any more. You see its test {0}."
PANEL_WIDTH = CANVAS_SIZE + 10  # px
BUTTONS = {  # Plotly's, by the dimensions of the map
    2: [["zoom2d", "pan2d", "select2d", "lasso2d"], ["zoomIn2d", "zoomOut2d", "resetScale2d"], ["toImage"]],
    3: [["orbitRotation", "pan3d", "zoom3d"], ["resetCameraLastSave3d"], ["toImage"]],
}


def chosen_spaces(network: str, choice: Choice) -> list[Space]:
    """Return the spaces to show: of the network, and of the one beside it.

    A network that cannot be used is left out, with a warning; the first is then replaced by the shipped one.
    """
    found: list[Space] = []
    for name in (network, resources.SHIPPED, choice.beside):
        if not name or (found and name != choice.beside) or name in [each.network for each in found]:
            continue
        try:
            trained_on = found[0].trained_on if found else network_space.config_of(name).training_images
            split = found[0].split if found else _split_here(name, choice.split)
            of = network_space.space_of(name, split, choice.size, trained_on)
            network_space.embeddings(of)
            found.append(of)
        except ValueError as error:
            st.warning(f"The network “{name}” cannot be shown: {told(error)}.", icon=":material/warning:")
    return found


def _split_here(network: str, split: network_space.Split) -> network_space.Split:
    """Return the split to show: the test images, with a word, if those that the network was trained on are gone."""
    if network_space.holds(network, split):
        return split
    many = in_use.words().many
    st.info(GONE.format(many), icon=":material/info:")
    return "test"


def views(titles: list[str], all_: list[Space], choice: Choice) -> list[View] | None:
    """Return the maps of the spaces; while one of them is being made, draw its progress and return None."""
    found = [layouts.layout(each, choice.method, choice.settings) for each in all_]
    for each in all_:
        if choice.method == "UMAP" and (reason := layouts.refusal(each, choice.settings)):
            st.info(f"{reason} A new one is made instead.", icon=":material/info:")
    if any(isinstance(each, MapState) for each in found):
        for name in SIDES:
            state().side(name).leave()
        failed = any(isinstance(each, MapState) and each.complaint for each in found)
        st.fragment(_waiting, run_every=None if failed else POLL)(titles, all_, choice)
        return None
    return [
        View(title, each, at) for title, each, at in zip(titles, all_, found, strict=True) if isinstance(at, Layout)
    ]


@st.fragment
def maps_with_drawings(shown: list[View], choice: Choice) -> None:
    """Draw maps, canvas, figures, and the digits clicked or selected; a stroke or a click reruns only this."""
    first, alone = shown[0], len(shown) == 1
    _take_events(first.space)
    places, panel = _places(alone)
    marks_in_maps = first.layout.xy.shape[1] in state().marks_in_maps
    if not marks_in_maps:
        _maps(places, shown)  # at once, without waiting for the drawings
    with panel:
        with st.container(width=PANEL_WIDTH, gap="small"):
            drawings = canvas_panel("beside one" if alone else "under two")
        description = st.container(width="stretch", gap="small")
        with description:
            drawings, embedded = _embedded(shown, drawings)
    placed = [view.layout.place(each) if len(each) else each for view, each in zip(shown, embedded, strict=True)]
    marks = [
        marks_of(view, drawings.names, each, stars, choice.doubtful)
        for view, each, stars in zip(shown, embedded, placed, strict=True)
    ]
    if marks_in_maps:
        _maps(places, shown, marks)
    else:
        show_marks(dict(zip(KEYS, marks, strict=False)))
    with description:
        describe(first.space, first.layout, drawings, embedded[0], placed[0])
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
    """Draw each map in its place; marks, where given, become part of the chart."""
    chosen = chosen_classes(shown[0])
    for place, view, each, key in zip(places, shown, marks, KEYS, strict=False):
        with place:
            if len(shown) > 1:
                st.markdown(f"**{view.title}**")
            figure = marked_map(_map(view, chosen), each) if each else _map(view, chosen)
            st.plotly_chart(
                figure,
                key=key,
                config=_config(view),
                alt=f"A map of {network_space.words(view.space).many}, coloured by their class",
            )
            describe_map(view)
    with places[0]:
        choose_classes(shown[0])


def _config(view: View) -> dict[str, Any]:
    """Return Plotly's settings for a map: its buttons, and the name of the PNG."""
    name = {"filename": file_name("map", view), "scale": 2}
    buttons = BUTTONS[view.layout.xy.shape[1]]
    return {"displaylogo": False, "displayModeBar": True, "modeBarButtons": buttons, "toImageButtonOptions": name}


def _map(view: View, chosen: tuple[str, ...]) -> Figure:
    """Return the chart of a map without marks; all visitors share it."""
    name, at, digits = str(view.layout.key), view.layout, network_space.shown(view.space).digits
    return kept(
        ("map", name, chosen),
        lambda: charts.space_map(at.xy, digits.labels, digits.class_names, at.explained, name, chosen),
    )


def pictures(of: Space) -> None:
    """Show the picture of the digit under the pointer, over the maps."""
    show_pictures(of, list(KEYS))


def _take_events(of: Space) -> None:
    """Note the digits clicked or selected; forget those of another sample of digits."""
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
    """Return the drawings and their embeddings (m, d) by each network; none, with a warning, if a network fails."""
    try:
        if len(drawings.names):
            return drawings, [network_space.embed(view.space, drawings.digits) for view in shown]
    except ValueError as error:
        st.warning(f"Drawings cannot be placed: {told(error)}.", icon=":material/warning:")
    none = Drawings([], drawings.digits[:0], drawings.complaint)
    return none, [network_space.embeddings(view.space)[:0] for view in shown]


def _waiting(titles: list[str], all_: list[Space], choice: Choice) -> None:
    """Draw the progress of the maps that are being made; rerun the whole page once all are made."""
    states = {each: layouts.layout(each, choice.method, choice.settings) for each in all_}
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
            st.markdown(f"**{titles[all_.index(each)]}**: {_progress(found)}")
            st.progress(found.share or 0.0)


def _progress(found: MapState) -> str:
    if found.share is None and resources.jobs().training:
        return "a training is running on this server; the map is made when it ends."
    if found.share is None:
        return "waiting for the process that makes maps; it takes a few seconds to start."
    if found.share == 0:
        return "finding the neighbours; the first map on a server takes about ten seconds longer."
    return f"laying out the map, {found.share:.0%}. Once made, it is kept for everybody."
