"""The visitor's name: random, kept in a cookie, so that runs are found again after a reload.

The cookie holds nothing else.
"""

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
    """Store the name in a cookie. Without cookies, a reload finds only the run that the link names."""
    cookie = f"{COOKIE}={visitor()}; max-age={DAYS * 86_400}; path=/; SameSite=Lax"
    st.html(f"<script>document.cookie = '{cookie}'</script>", unsafe_allow_javascript=True)
