"""The report of a network, to take home: JSON for a program, HTML for a reader."""

import html
import json

import streamlit as st

from siamese_core.jobs.download import slug
from siamese_core.metrics.counting import Counted
from siamese_core.metrics.summary import report
from ui.evaluate import charts
from ui.shared.resources import Loaded

SHORT = (str, int, float)


def report_panel(loaded: Loaded, title: str, counted: Counted, share: float) -> None:
    """Draw the downloads."""
    st.subheader("Report", anchor=False)
    name = f"siamese-lab-evaluation-{slug(title) or 'network'}"
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Report (HTML)", lambda: _html(title, loaded, counted, share).encode(), f"{name}.html", "text/html",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            "Report (JSON)", lambda: as_json(title, loaded, counted, share).encode(), f"{name}.json",
            "application/json", icon=":material/download:", on_click="ignore",
        )  # fmt: skip
    st.caption(
        "At the network's own threshold. The command `python -m siamese_core evaluate DIR --json` gives the same."
    )


def as_json(title: str, loaded: Loaded, counted: Counted, share: float) -> str:
    """Return the report as JSON."""
    return json.dumps({"model": title, **_report(loaded, counted, share)}, indent=1)


def _report(loaded: Loaded, counted: Counted, share: float) -> dict[str, object]:
    return report(counted, loaded.model.threshold, loaded.model.calibration, share)


def _html(title: str, loaded: Loaded, counted: Counted, share: float) -> str:
    shown = {key: value for key, value in _report(loaded, counted, share).items() if isinstance(value, SHORT)}
    rows = "".join(f"<tr><th>{html.escape(key)}</th><td>{value}</td></tr>" for key, value in shown.items())
    figure = charts.histogram(counted.curves, loaded.model.threshold, None)
    chart = figure.to_html(full_html=False, include_plotlyjs=True)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<body style='font-family: sans-serif; max-width: 60rem; margin: 2rem auto'><h1>{html.escape(title)}</h1>"
        f"{chart}<table>{rows}</table></body></html>"
    )
