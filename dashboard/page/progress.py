"""What is going on while somebody waits, for how long already, and how long it took last time."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from dashboard import how_long
from dashboard.page import session
from dashboard.words import decisions as words


@contextmanager
def working(what: str, kind: str = "") -> Iterator[None]:
    """Say what is going on; `kind` tells apart what takes another time under the same words."""
    name = f"{what} {kind}".rstrip()
    took = how_long.last(session.shared, name)
    with (
        st.spinner(words.working(what, took), show_time=True),
        how_long.noted(session.shared, name),
    ):
        yield


def figures_took() -> float | None:
    """How many seconds it took last time to work out the figures."""
    return how_long.last(session.shared, how_long.FIGURES)
