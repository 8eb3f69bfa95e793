"""The downloads of the Embeddings page, each named after its network."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from siamese_core.jobs.download import slug
from siamese_core.projection.export import metadata_tsv, vectors_tsv
from ui.embeddings import charts, network_space
from ui.embeddings.layouts import View
from ui.embeddings.network_space import Space

TSV, HTML = "text/tab-separated-values", "text/html"


def exports(view: View) -> None:
    """Draw the downloads: vectors and metadata for the Embedding Projector, and the map."""
    of = view.space
    st.subheader("Download", anchor=False)
    with st.container(horizontal=True, gap="small"):
        vectors = file_name("vectors", view) + ".tsv"
        _download("Vectors (TSV)", lambda: vectors_tsv(network_space.embeddings(of)), vectors, TSV)
        _download("Metadata (TSV)", lambda: _metadata(of), file_name("metadata", view) + ".tsv", TSV)
        _download("Map (HTML)", lambda: _html(view), file_name("map", view) + ".html", HTML)
    st.caption(
        f"Vectors are the embeddings; metadata are the label of each {network_space.words(of).one}, and whether it "
        "is doubtful. Load both files "
        "in the [Embedding Projector](https://projector.tensorflow.org). For the map as PNG, press the camera at its "
        "upper right corner. None of these files holds your drawings."
    )


def file_name(what: str, view: View) -> str:
    """Return the name, without its ending, of a file on a network, such as "siamese-lab-map-shipped"."""
    return f"siamese-lab-{what}-{slug(view.title) or slug(view.space.network) or 'network'}"


def _download(label: str, make: Callable[[], bytes], name: str, mime: str) -> None:
    st.download_button(label, make, file_name=name, mime=mime, icon=":material/download:", on_click="ignore")


def _html(view: View) -> bytes:
    digits, at = network_space.shown(view.space).digits, view.layout
    figure = charts.space_map(at.xy, digits.labels, digits.class_names, at.explained)
    return figure.update_layout(title=view.title, margin={"t": 60}, height=None).to_html(include_plotlyjs=True).encode()


def _metadata(of: Space) -> bytes:
    shown = network_space.shown(of)
    names = np.array(shown.digits.class_names)[shown.digits.labels]
    return metadata_tsv(names, shown.indices, of.split, network_space.doubtful(of))
