"""Answer queries that were left open when a return was kept: one or several, saved together."""

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
_DONE, _TROUBLE = "answers saved", "answers trouble"


def form(visit: Visit, asked: pl.DataFrame) -> None:
    """Each open query (`queries.findings`) with room for an answer, a page of them at a time."""
    shown = filters.paged(asked, SHOWN, "queries", "queries")
    if visit.facts["as_at"] is not None:  # of an earlier day there is nothing to save
        for rows in _by_query(shown).values():
            _say(visit, rows)
        return
    with st.form("answers to queries", border=False):
        said = {about: _field(visit, about, rows) for about, rows in _by_query(shown).items()}
        pressed = st.form_submit_button("Save these answers", type="primary")
    if pressed:
        _save({about: text for about, text in said.items() if text.strip()})


def _by_query(shown: pl.DataFrame) -> dict[tuple[str, str], list[dict[str, object]]]:
    """What was asked about one cell is answered together."""
    found: dict[tuple[str, str], list[dict[str, object]]] = {}
    for row in shown.iter_rows(named=True):
        key = query_key(str(row["code"]), row["sheet"], row["cell"])
        found.setdefault((str(row["return_id"]), key), []).append(row)
    return found


def _field(visit: Visit, about: tuple[str, str], rows: list[dict[str, object]]) -> str:
    place = _say(visit, rows)
    return st.text_input(
        f"Your answer, {place}",
        key=f"answer {' '.join(about)}",
        max_chars=LONGEST,
        label_visibility="collapsed",  # what was asked stands above it
        placeholder="Your answer. Do not name a person.",
    )


def _say(visit: Visit, rows: list[dict[str, object]]) -> str:
    """What was asked, and about which place; gives the place."""
    place = words.asked_where(rows[0], visit.scope.sees_everything)
    messages = " ".join(dict.fromkeys(escape(str(row["message"])) for row in rows))
    st.html(f'<p class="fs-asked"><strong>{escape(place)}</strong><br>{messages}</p>')
    return place


def _save(said: dict[tuple[str, str], str]) -> None:
    """Keep every answer or, where one can't be kept, none; what was typed stays on the screen."""
    if not said:
        st.error("Write at least one answer first. Queries without one stay as they are.")
        return
    visit = session.admit("trust", "programme")
    page.only_today(visit)
    own = None if visit.scope.sees_everything else visit.scope.trusts
    home, now = open_home(session.home()), session.now()
    with st.spinner("Working out the figures"):
        try:
            decide.answer_queries(home, said, visit.scope.email, now, own)
            for version in sorted({return_id for return_id, _ in said}):
                sign_in_log.log("answer", version=version)
        except DecisionError as refused:
            st.error(f"Nothing was saved. {refused}")
            return
        saved = f"{wording.counted(len(said), 'answer')} saved."
        st.session_state.update({_DONE: saved, _TROUBLE: decision_form.released(home, now)})
    st.rerun()


def show_result() -> None:
    """Say once what has just been saved."""
    if done := st.session_state.pop(_DONE, None):
        st.success(done)
    if trouble := st.session_state.pop(_TROUBLE, None):
        st.error(trouble)
