"""The programme as it was known on an earlier day: which day was chosen, and its release.

The day is in the address as `as-at=2026-03-03`, so that a view can be shared by its link, and in
the session, so that it carries over from screen to screen until the person goes back to today.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import streamlit as st

from pipelines.keeping.home import open_home
from pipelines.releasing.build import build
from pipelines.releasing.release_checks import ReleaseError
from schemas import wording

KEY = "as-at"
ROLES = ("programme", "trust")  # readers see today's figures only
_DAY = "the day whose figures are shown"
_MOST = 64
_OFFER, _CHOSEN = "another_day", "another_day_chosen"
_LINK = re.compile(r'href="(?!https?:|mailto:|#|be")([^"#?]*)(\?[^"#]*)?(#[^"]*)?"')


def chosen(role: str, first: date, today: date) -> date | None:
    """The earlier day that was chosen, from the programme's first to yesterday; or None."""
    in_address = st.query_params.get(KEY)
    day = st.session_state.get(_DAY) if in_address is None else _day(in_address)
    if role not in ROLES or day is None or not first <= day < today:
        leave()
        if in_address is not None and day != today:
            st.warning(
                "The address of this page asks for the figures of a day that can’t be shown. You "
                "are looking at today’s figures instead."
            )
        return None
    st.session_state[_DAY] = day
    if in_address is None:
        st.query_params[KEY] = day.isoformat()
    return day


def offer(facts: Mapping[str, object], today: date) -> None:
    """A choice of an earlier day for the screen it is on, with what that will show."""
    first, last = facts["first_month"], today - timedelta(days=1)
    place = st.popover("As known on another day", type="tertiary", key=_OFFER, on_change="rerun")
    if not place.open:
        return
    with place:
        if not isinstance(first, date) or last < first:
            st.html('<p class="fs-note">The programme has no earlier day yet.</p>')
            return
        st.html(
            '<p class="fs-note">Every figure as it was known at the end of an earlier day, without '
            "the returns, corrections and decisions that came later. What you may see depends on "
            f"today’s register. Choose a day from {wording.day_of(first)} to "
            f"{wording.day_of(last)}. It takes a few seconds to open the first time.</p>"
        )
        with st.form("another_day_form", border=False):
            st.date_input(
                "Day",
                value=facts["as_at"] or last,
                min_value=first,
                max_value=last,
                format="DD/MM/YYYY",
                key=_CHOSEN,
            )
            st.form_submit_button("Show that day’s figures", on_click=_go_and_close)


def _go_and_close() -> None:
    go(st.session_state[_CHOSEN])
    st.session_state[_OFFER] = False


def go(day: date) -> None:
    """Show the programme as it was known on a day, from the next run onwards."""
    st.session_state[_DAY] = day
    st.query_params[KEY] = day.isoformat()


def leave() -> None:
    """Go back to today's figures."""
    st.session_state.pop(_DAY, None)
    if KEY in st.query_params:
        del st.query_params[KEY]


def release(home: Path, current: Path, day: date, now: datetime) -> Path | None:
    """The release as at a day, built if need be; None, with a message, if it can't be built."""
    built = _built.get((home, current.name, day))
    if built is not None and built.is_file():
        return built
    try:
        what = f"Working out the figures as known on {wording.day_of(day)}"
        with st.spinner(what, show_time=True):
            built = build(open_home(home), now, as_at=day)
    except (ReleaseError, OSError, pl.exceptions.PolarsError):
        leave()
        st.error(
            f"The figures as known on {wording.day_of(day)} could not be worked out, so you are "
            "seeing today’s. Choose another day, or tell the programme team."
        )
        return None
    if len(_built) >= _MOST:
        _built.clear()
    _built[home, current.name, day] = built
    return built


def with_day(markup: str) -> str:
    """The same markup, with links to other screens leading to the same day."""
    day = st.session_state.get(_DAY)
    if day is None:
        return markup
    return _LINK.sub(lambda link: _with_day(link, day), markup)


def _with_day(link: re.Match[str], day: date) -> str:
    path, query, anchor = (part or "" for part in link.groups())
    mark = "&amp;" if query else "?"
    return f'href="{path}{query}{mark}{KEY}={day.isoformat()}{anchor}"'


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_built: dict[tuple[Path, str, date], Path] = {}
