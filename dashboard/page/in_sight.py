"""Brings into sight what a click has just made: a form may be longer than the window."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files

import streamlit as st

_bring = st.components.v2.component(
    "feeling-safe.in_sight",
    js=(files(__package__) / "in_sight.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


@contextmanager
def in_sight(key: str, moment: object) -> Iterator[None]:
    """Bring into sight what is drawn within, once for each moment; then leave the person alone."""
    with st.container(key=f"in_sight_{key}"):
        yield
        _bring(key=f"bring_{key}", data=str(moment))
