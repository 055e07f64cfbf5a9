"""The programme as it was known on an earlier day: which day was asked for, and its release.

The day lives in the address as `as-at=2026-03-03`, so that a view can be shared by its link, and in
the session, so that it lasts from screen to screen until the person goes back to today.
"""

import re
from datetime import date, datetime
from pathlib import Path

import polars as pl
import streamlit as st

from pipelines.keeping.home import open_home
from pipelines.releasing.build import build
from pipelines.releasing.release_checks import ReleaseError
from schemas import wording

KEY = "as-at"
ROLES = ("programme", "trust")  # a region reads today's figures only
_DAY = "the day whose figures are shown"
_MOST = 64
_LINK = re.compile(r'href="(?!https?:|mailto:|#|be")([^"#?]*)(\?[^"#]*)?(#[^"]*)?"')


def chosen(role: str, first: date, today: date) -> date | None:
    """The earlier day that was asked for, from the programme's first to yesterday; or None."""
    asked = st.query_params.get(KEY)
    day = st.session_state.get(_DAY) if asked is None else _day(asked)
    if role not in ROLES or day is None or not first <= day < today:
        leave()
        return None
    st.session_state[_DAY] = day
    if asked is None:
        st.query_params[KEY] = day.isoformat()
    return day


def go(day: date) -> None:
    """Show the programme as it was known on a day, from the next run on."""
    st.session_state[_DAY] = day
    st.query_params[KEY] = day.isoformat()


def leave() -> None:
    """Go back to today's figures."""
    st.session_state.pop(_DAY, None)
    if KEY in st.query_params:
        del st.query_params[KEY]


def release(home: Path, current: Path, day: date, now: datetime) -> Path | None:
    """The release as at a day, made if it isn't there; None, with a sentence, if it can't be."""
    made = _made.get((home, current.name, day))
    if made is not None and made.is_file():
        return made
    try:
        with st.spinner(f"Working out the figures as they were known on {wording.day_of(day)}"):
            made = build(open_home(home), now, as_at=day)
    except (ReleaseError, OSError, pl.exceptions.PolarsError):
        leave()
        st.error(
            f"The figures as they were known on {wording.day_of(day)} could not be worked out: "
            "what follows are today's. Choose another day, or tell the programme team."
        )
        return None
    if len(_made) >= _MOST:
        _made.clear()
    _made[home, current.name, day] = made
    return made


def with_day(markup: str) -> str:
    """The same markup, whose links to other screens lead to the same day."""
    day = st.session_state.get(_DAY)
    if day is None:
        return markup
    return _LINK.sub(lambda found: _with_day(found, day), markup)


def _with_day(found: re.Match[str], day: date) -> str:
    path, query, anchor = (part or "" for part in found.groups())
    mark = "&amp;" if query else "?"
    return f'href="{path}{query}{mark}{KEY}={day.isoformat()}{anchor}"'


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_made: dict[tuple[Path, str, date], Path] = {}
