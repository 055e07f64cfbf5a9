"""Open a month again after it has closed: a decision with a reason."""

from datetime import date, datetime
from functools import partial

import streamlit as st

from dashboard.queries.receipts import receipts
from dashboard.views import deciding, door, page
from dashboard.views.deciding import Plan
from dashboard.views.door import Visit
from dashboard.words import decisions as words
from dashboard.words import phrases
from pipelines.keeping import decide
from pipelines.keeping.decisions import closed_months
from pipelines.keeping.home import Home, open_home
from schemas.receipts import Decision

_EVERY = "every"


def show(visit: Visit) -> None:
    """Choose a trust and a closed month, say why, and confirm what will happen."""
    named = visit.ask(receipts).select("trust_code", "trust_name")
    names = dict(named.unique().sort("trust_name").rows())
    page.section(
        "Open a closed month again",
        "For a trust that has good reason to send a month after it closed.",
    )
    deciding.tell("reopen")
    home = open_home(door.home())
    taken = home.archive.decisions()
    closed = closed_months(names, taken, home.programme, visit.today)
    trust = st.selectbox(
        "For whom",
        [_EVERY, *names],
        format_func=lambda code: names.get(code, "Every trust"),
        key="reopen_trust",
    )
    months = sorted({m for code, m in closed if trust in (_EVERY, code)}, reverse=True)
    if not months:
        page.html('<p class="fs-note">No month is closed for this choice.</p>')
        return
    month = st.selectbox(
        "Month", months, format_func=lambda m: phrases.month(m.first_day), key="reopen_month"
    )
    until = st.date_input(
        "Last day it may be sent (empty: no last day)",
        value=None,
        min_value=visit.today,
        format="DD/MM/YYYY",
        key="reopen_until",
    )
    reason = st.text_input(deciding.WHY, key="reopen_reason", max_chars=500)
    whom, said = names.get(trust, "every trust"), phrases.month(month.first_day)
    question = words.reopen(whom, said, phrases.day(until) if until else None)
    code = None if trust == _EVERY else trust
    take = partial(_open_again, trust=code, month=str(month), reason=reason, until=until)
    done = f"{said} is open again for {whom}."
    deciding.offer("reopen", "Open this month", Plan(question, "Yes, open it", done, reason, take))


def _open_again(
    home: Home,
    by: str,
    at: datetime,
    *,
    trust: str | None,
    month: str,
    reason: str,
    until: date | None,
) -> Decision:
    return decide.reopen(home, trust, month, by, at, reason, until)
