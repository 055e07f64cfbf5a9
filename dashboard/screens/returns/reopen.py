"""Reopen a month that has closed, or whose figures are final, so that a trust can send for it."""

from datetime import date, timedelta
from functools import partial

import streamlit as st

from dashboard.page import page, session, sign_in_log
from dashboard.page.session import Visit
from dashboard.panels import decision_form
from dashboard.panels.decision_form import Plan
from dashboard.queries.organisations import people
from dashboard.queries.returns import returns_grid
from dashboard.screens.returns import undo
from dashboard.words import decisions as words
from pipelines.keeping import decide
from pipelines.keeping.decide import Decided
from pipelines.keeping.decision_subjects import LONGEST_EXCEPTION
from pipelines.keeping.home import Home, open_home
from pipelines.keeping.month_locks import closed_months
from schemas import wording
from schemas.deadlines import Dates, dates_for
from schemas.periods import Month
from schemas.receipts import Decision

_EVERY = "every"
_USUAL = timedelta(days=14)


@decision_form.around("reopen")
def show(visit: Visit) -> None:
    """Choose a trust and a closed month, say why, and confirm what will happen."""
    today = session.today()
    named = visit.ask(returns_grid, today=today).select("trust_code", "trust_name")
    names = {code: name or code for code, name in named.unique(maintain_order=True).rows()}
    page.section(
        "Reopen a closed month",
        "For a trust with a good reason to send a month after it closed. A month whose figures are "
        "final can be reopened for one trust only, for a short time, with someone accountable.",
    )
    home = open_home(session.home())
    closed = closed_months(names, home.archive.decisions(), home.programme, today)
    trust = st.selectbox(
        "For which trust",
        [_EVERY, *names],
        format_func=lambda code: names.get(code, "Every trust"),
        key="reopen_trust",
    )
    dates = {month: dates_for(month, home.programme.deadlines) for _, month in closed}
    months = sorted(
        {
            month
            for code, month in closed
            if code == trust or (trust == _EVERY and dates[month].locked >= today)
        },
        reverse=True,
    )
    if not months:
        page.html(f'<p class="fs-note">{words.none_closed(trust == _EVERY)}</p>')
        return
    month = st.selectbox(
        "Month", months, format_func=lambda m: wording.month_of(m.first_day), key="reopen_month"
    )
    page.facts(words.dates(dates[month], today))
    locked = dates[month].locked < today
    owner = _owner(visit, trust, today) if locked else None
    until = _until(dates[month], today, locked)
    reason = st.text_input(decision_form.WHY, key="reopen_reason", max_chars=500)
    code = None if trust == _EVERY else trust
    take = partial(_open, trust=code, month=month, until=until, owner=owner)
    whom, label = names.get(trust, "every trust"), wording.month_of(month.first_day)
    question = words.reopen(whom, label, wording.day_of(until or dates[month].locked), owner)
    done = f"{label} is open again for {whom}."
    plan = Plan(question, "Yes, reopen it", done, reason, take, undo.straight_away)
    decision_form.offer("reopen", "Reopen this month", plan)


def _owner(visit: Visit, trust: str, today: date) -> str | None:
    """Who is accountable for an exception: someone in the programme team or the trust."""
    emails = [
        row["email"]
        for row in visit.ask(people).iter_rows(named=True)
        if row["valid_from"] <= today <= (row["valid_to"] or today)
        and (row["role"] == "programme" or trust in (row["trusts"] or "").split())
        and row["role"] in ("programme", "trust")
    ]
    return st.selectbox("Who is accountable", list(dict.fromkeys(emails)), key="reopen_owner")


def _until(dates: Dates, today: date, locked: bool) -> date | None:
    if locked:
        return st.date_input(
            f"Last day it can be sent, at most {LONGEST_EXCEPTION.days} days from today",
            value=today + _USUAL,
            min_value=today,
            max_value=today + LONGEST_EXCEPTION,
            format="DD/MM/YYYY",
            key="exception_until",
        )
    return st.date_input(
        f"Last day it can be sent (if left empty: {wording.day_of(dates.locked)}, the last before "
        "it is final)",
        value=None,
        min_value=today,
        max_value=dates.locked,
        format="DD/MM/YYYY",
        key="reopen_until",
    )


def _open(
    home: Home,
    decided: Decided,
    *,
    trust: str | None,
    month: Month,
    until: date | None,
    owner: str | None,
) -> Decision:
    taken = decide.reopen(home, trust, str(month), decided, until, owner)
    sign_in_log.log("reopen", trust=trust, month=str(month), decision=taken.id)
    return taken
