"""Undo a decision about a chart, by another decision: nothing is ever deleted."""

from collections.abc import Mapping
from functools import partial

import polars as pl
import streamlit as st

from dashboard import audit
from dashboard.charts.table import Column, html
from dashboard.page import page
from dashboard.page.session import Visit
from dashboard.panels import chart_decisions, decision_form
from dashboard.panels.chart_decisions import ROLES, Unit
from dashboard.panels.decision_form import Plan
from pipelines.keeping import decide
from pipelines.keeping.decide import Decided
from pipelines.keeping.home import Home
from schemas import wording
from schemas.receipts import Decision

_COLUMNS = (
    Column("from", "From", row_header=True),
    Column("reason", "Why"),
    Column("by", "Decided by"),
    Column("at", "Decided"),
)


def offer(visit: Visit, unit: Unit, events: pl.DataFrame, key: str, what: str) -> None:
    """The decisions behind a unit's events that are in force, and a way to undo one."""
    decisions = chart_decisions.standing(set(events["event_id"]))
    days = dict(events.select("event_id", "day").iter_rows())
    with decision_form.around(key):
        if decisions:
            page.html(_table(visit, decisions, days, what))
            _form(unit, decisions, days, key, what)


def _table(
    visit: Visit, decisions: Mapping[str, Decision], days: Mapping[str, object], what: str
) -> str:
    rows = [_row(decision, days, visit) for decision in decisions.values()]
    return html(f"Decisions you can undo: {what}", _COLUMNS, rows)


def _form(
    unit: Unit, decisions: Mapping[str, Decision], days: Mapping[str, object], key: str, what: str
) -> None:
    chosen = st.selectbox(
        f"Undo {what}",
        list(decisions),
        format_func=lambda name: f"{wording.month_of(days[name])}: {_words(decisions[name])}",
        key=f"{key}_chosen",
    )
    reason = st.text_input(
        "Why undo it? Your reason is saved with your name. Do not name anyone.",
        key=f"{key}_reason",
        max_chars=200,
    )
    decided = f"{_words(decisions[chosen])} ({wording.month_of(days[chosen])})"
    plan = Plan(
        f"Undo “{decided}”? The chart will look as if this had never been decided. The decision "
        "and your reason stay in the history.",
        "Yes, undo it",
        f"Undone: {decided}.",
        reason,
        partial(_undo, unit=unit, decision_id=chosen),
        partial(straight_away, unit=unit),
        ROLES,
    )
    decision_form.offer(key, "Undo", plan)


def _row(decision: Decision, days: Mapping[str, object], visit: Visit) -> dict[str, object]:
    return {
        "from": wording.month_of(days[decision.id]),
        "reason": _words(decision),
        "by": chart_decisions.by(decision, visit),
        "at": wording.moment(decision.decided_at),
    }


def _words(decision: Decision) -> str:
    return decision.label or decision.reason


def straight_away(home: Home, decided: Decided, saved: Decision, *, unit: Unit) -> Decision:
    """Undo what has just been decided about a unit's charts."""
    visit = chart_decisions.require(unit)
    undone = decide.undo(home, saved.id, decided)
    _log(visit, unit, undone)
    return undone


def _undo(home: Home, decided: Decided, *, unit: Unit, decision_id: str) -> Decision:
    visit = chart_decisions.require(unit)
    undone = decide.undo(home, decision_id, decided)
    _log(visit, unit, undone)
    return undone


def _log(visit: Visit, unit: Unit, undone: Decision) -> None:
    release = str(visit.facts["release_id"])
    audit.record("undo", visit.scope, release, unit=unit[1], decision=undone.undoes)
