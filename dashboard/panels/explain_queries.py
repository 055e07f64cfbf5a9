"""Explain queries left open when a return was received: one or several, saved together."""

from html import escape

import polars as pl
import streamlit as st

from dashboard.page import filters, last_save, page, progress, session, sign_in_log
from dashboard.page.last_save import LastSave
from dashboard.page.session import Visit
from dashboard.words import findings as words
from pipelines.keeping import decide
from pipelines.keeping.decide import Decided, DecisionError
from pipelines.keeping.free_text import LONGEST
from pipelines.keeping.home import Home, open_home
from schemas import wording
from schemas.receipts import Decision, query_key

SHOWN = 10
_KEY = "explanations"
_ROLES = ("trust", "programme")


def form(visit: Visit, queries: pl.DataFrame) -> None:
    """Each open query (`queries.findings`) with a field to explain it, one page at a time."""
    if last_save.is_due(_KEY):
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
    visit, due, held = session.admit(*_ROLES), session.due(), last_save.held()
    page.only_today(visit)
    home, now = open_home(session.home()), session.now()
    saved = f"{wording.counted(len(explanations), 'explanation')} saved."
    last = LastSave(_KEY, saved, None, _undo, _ROLES)
    with progress.working("Saving", "explanations"):
        try:
            with session.builder().saving():
                last.saved = decide.answer_queries(
                    home, explanations, visit.scope.email, now, _own(visit)
                )
                last.number, held.last = session.saved(due), last
            for version in sorted({return_id for return_id, _ in explanations}):
                sign_in_log.log("answer", version=version)
        except DecisionError as refused:
            st.error(f"Nothing was saved. {refused}")
            return
        session.builder().wait(last.number, last_save.PATIENCE)
    st.rerun()


def _own(visit: Visit) -> frozenset[str] | None:
    return None if visit.scope.sees_everything else visit.scope.trusts


def _undo(home: Home, decided: Decided, saved: list[Decision]) -> list[Decision]:
    """Undo all the explanations that were saved together, or bring all of them back."""
    undone = decide.undo_answers(home, saved, decided, _own(session.admit(*_ROLES)))
    for each in undone:
        sign_in_log.log("undo", undone=each.undoes, decision=each.id)
    return undone


def show_result() -> None:
    """Show what has just been saved, with a way to undo it."""
    last_save.show(_KEY)
