"""A chart that can be explored by ear and keyboard, beside its table (decision 191)."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import streamlit as st

SCRIPT = "/listen/chart2music.mjs"  # where the server answers with `script`
LABEL = "Show as a table, listen, and how to read it"
KEYS = (
    "Left and right arrows move month by month. Page Down goes on to what stands out and what is "
    "usual, Page Up back. Shift and End plays all, Control stops it. Space says it again, H these "
    "keys."
)
_BOX = (
    '<div class="fs-listen"><div class="fs-listen-chart">Listen: choose this, then use the arrow '
    'keys.</div><div class="fs-listen-words"></div></div>'
)


_FILES = files(__package__)


@cache
def script() -> bytes:
    """Chart2Music, which no page loads before somebody asks to listen."""
    return (_FILES / "chart2music.mjs").read_bytes()


_component = st.components.v2.component(
    "feeling-safe.listen",
    html=_BOX,
    js=(_FILES / "listen.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def offer(heard: Mapping[str, object], key: str) -> None:
    """A place to listen to a chart; `heard` is from `charts.audible`."""
    _component(key=f"{key}_listen", data={**heard, "script": SCRIPT, "keys": KEYS})
