"""Take back what was decided about a chart: by another decision, for nothing is ever erased."""

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
    """The decisions behind some events of a unit that still stand, and a way to take one back."""
    stands = chart_decisions.taken(set(events["event_id"]))
    decision_form.show_result(key)
    if not stands:
        return
    days = dict(events.select("event_id", "day").iter_rows())
    rows = [_row(decision, days, visit) for decision in stands.values()]
    page.html(html(f"Decisions that stand: {what}", _COLUMNS, rows))
    chosen = st.selectbox(
        f"Take back {what}",
        list(stands),
        format_func=lambda name: f"{wording.month_of(days[name])}: {_words(stands[name])}",
        key=f"{key}_chosen",
    )
    reason = st.text_input(
        "Why are they wrong? Kept with your name. Do not name a person.",
        key=f"{key}_reason",
        max_chars=200,
    )
    said = f"{_words(stands[chosen])} ({wording.month_of(days[chosen])})"
    plan = Plan(
        f"Take back “{said}”? The chart will be as if it had never been decided. The decision and "
        "your reason stay in the history.",
        "Yes, take it back",
        f"Taken back: {said}.",
        reason,
        partial(_undo, unit=unit, decision_id=chosen),
        ROLES,
    )
    decision_form.offer(key, "Take it back…", plan)


def _row(decision: Decision, days: dict[str, object], visit: Visit) -> dict[str, object]:
    return {
        "from": wording.month_of(days[decision.id]),
        "reason": _words(decision),
        "by": chart_decisions.by(decision, visit),
        "at": wording.moment(decision.decided_at),
    }


def _words(decision: Decision) -> str:
    return decision.label or decision.reason


def _undo(home: Home, decided: Decided, *, unit: Unit, decision_id: str) -> Decision:
    visit = chart_decisions.require(unit)
    undone = decide.undo(home, decision_id, decided)
    release = str(visit.facts["release_id"])
    audit.record("undo", visit.scope, release, unit=unit[1], decision=decision_id)
    return undone
