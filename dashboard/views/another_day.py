"""Choose the day whose figures are shown: the programme as it was known then."""

from datetime import timedelta

import streamlit as st

from dashboard.views import as_at, door, page
from dashboard.views.visit import Visit
from dashboard.words import phrases


def show(visit: Visit) -> None:
    """A date, and what it will show; the form of “About these data”."""
    if visit.scope.role not in as_at.ROLES:
        return
    first, last = visit.facts["first_month"], door.today() - timedelta(days=1)
    page.section(
        "As known on another day",
        "Every figure as it was at the end of a day in the past: without the returns, corrections "
        "and decisions that came later. What you may see is decided by today’s register.",
        anchor="another-day",
    )
    if last < first:
        page.html('<p class="fs-note">The programme has no earlier day yet.</p>')
        return
    with st.form("another_day", border=False):
        day = st.date_input(
            "Day",
            value=visit.facts["as_at"] or last,
            min_value=first,
            max_value=last,
            format="DD/MM/YYYY",
            key="another_day_chosen",
        )
        asked = st.form_submit_button("Show the figures of that day")
    page.html(
        f'<p class="fs-note">Any day from {phrases.day(first)} to {phrases.day(last)}. The first '
        "look at a day takes some seconds.</p>"
    )
    if asked:
        as_at.go(day)
        st.rerun()
