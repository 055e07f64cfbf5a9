"""Explain queries left open when a return was received: one or several, saved together."""

from html import escape

import polars as pl
import streamlit as st

from dashboard.page import filters, page, session, sign_in_log
from dashboard.page.session import Visit
from dashboard.panels import decision_form
from dashboard.words import findings as words
from pipelines.keeping import decide
from pipelines.keeping.decide import DecisionError
from pipelines.keeping.free_text import LONGEST
from pipelines.keeping.home import open_home
from schemas import wording
from schemas.receipts import query_key

SHOWN = 10
_SAVED = "explanations saved"


def form(visit: Visit, queries: pl.DataFrame) -> None:
    """Each open query (`queries.findings`) with a field to explain it, one page at a time."""
    if _SAVED in st.session_state:
        return  # until the figures are there, those just explained would be asked about again
    shown = filters.paged(queries, SHOWN, "queries", "queries")
    if visit.facts["as_at"] is not None:  # nothing can be saved on an earlier day
        for rows in _by_query(shown).values():
            _show(visit, rows)
        return
    with st.form("explain queries", border=False):
        texts = {about: _field(visit, about, rows) for about, rows in _by_query(shown).items()}
        pressed = st.form_submit_button("Save explanations", type="primary")
    if pressed:
        _save({about: text for about, text in texts.items() if text.strip()})


def _by_query(shown: pl.DataFrame) -> dict[tuple[str, str], list[dict[str, object]]]:
    """The same query about one cell is explained once."""
    found: dict[tuple[str, str], list[dict[str, object]]] = {}
    for row in shown.iter_rows(named=True):
        key = query_key(str(row["code"]), row["sheet"], row["cell"])
        found.setdefault((str(row["return_id"]), key), []).append(row)
    return found


def _field(visit: Visit, about: tuple[str, str], rows: list[dict[str, object]]) -> str:
    place = _show(visit, rows)
    return st.text_input(
        f"Your explanation, {place}",
        key=f"explanation {' '.join(about)}",
        max_chars=LONGEST,
        label_visibility="collapsed",  # the query is shown above it
        placeholder="Your explanation. Do not name anyone.",
    )


def _show(visit: Visit, rows: list[dict[str, object]]) -> str:
    """Show a query and where it is; returns the place."""
    place = words.query_place(rows[0], visit.scope.has_several)
    messages = " ".join(dict.fromkeys(escape(str(row["message"])) for row in rows))
    st.html(f'<p class="fs-query"><strong>{escape(place)}</strong><br>{messages}</p>')
    return place


def _save(explanations: dict[tuple[str, str], str]) -> None:
    """Save every explanation or, if one is refused, none; what was typed stays on the screen."""
    if not explanations:
        st.error("Write at least one explanation first. Queries without one stay open.")
        return
    visit = session.admit("trust", "programme")
    page.only_today(visit)
    own = None if visit.scope.sees_everything else visit.scope.trusts
    home, now = open_home(session.home()), session.now()
    with st.spinner("Saving"):
        try:
            with session.builder().saving():
                decide.answer_queries(home, explanations, visit.scope.email, now, own)
                number = session.saved()
            for version in sorted({return_id for return_id, _ in explanations}):
                sign_in_log.log("answer", version=version)
        except DecisionError as refused:
            st.error(f"Nothing was saved. {refused}")
            return
        saved = f"{wording.counted(len(explanations), 'explanation')} saved."
        st.session_state[_SAVED] = saved, number
        session.builder().wait(number, decision_form.PATIENCE)
    st.rerun()


def show_result() -> None:
    """Show what has just been saved, until its figures have been worked out."""
    if _SAVED in st.session_state:
        saved, number = st.session_state[_SAVED]
        if decision_form.tell(number, saved, saved):
            del st.session_state[_SAVED]
