"""Who a visitor is: an unguessable name in a cookie, so that runs are found again after a reload. Nothing else."""

import re
import secrets

import streamlit as st

from ui.shared.state import state

COOKIE = "siamese_lab_visitor"
DAYS = 30
NAME = "[0-9a-f]{32}"


def visitor() -> str:
    """Return this visitor's name, a new one at the first visit."""
    here = state()
    if not here.visitor:
        known = st.context.cookies.get(COOKIE)
        fits = isinstance(known, str) and re.fullmatch(NAME, known)
        here.visitor = known if known and fits else secrets.token_hex(16)
    return here.visitor


def remember_visitor() -> None:
    """Leave the name with the browser. Without cookies a reload starts anew, but for the run that the link names."""
    cookie = f"{COOKIE}={visitor()}; max-age={DAYS * 86_400}; path=/; SameSite=Lax"
    st.html(f"<script>document.cookie = '{cookie}'</script>", unsafe_allow_javascript=True)
