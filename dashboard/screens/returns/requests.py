"""Requests of trusts to withdraw a return: the programme team grants or refuses each."""

from functools import partial

import polars as pl
import streamlit as st

from dashboard.charts.table import Column, html
from dashboard.page import page, session, sign_in_log
from dashboard.page.session import Visit
from dashboard.panels import decision_form
from dashboard.panels.decision_form import Plan
from dashboard.queries.returns import receipts
from dashboard.screens.returns import history, undo, withdraw
from dashboard.words import decisions as words
from pipelines.keeping import withdrawal_requests
from pipelines.keeping.decide import Decided
from pipelines.keeping.home import Home, open_home
from pipelines.keeping.withdrawal_requests import Request
from schemas import wording
from schemas.receipts import Decision

_KEY = "request"
_GRANT, _REFUSE = "Withdraw the return", "Refuse, so that it stays in use"
_COLUMNS = (
    Column("return_id", "Return", row_header=True, whole=True),
    Column("trust", "Trust"),
    Column("asked", "Asked"),
    Column("by", "By"),
    Column("why", "Why"),
)


def mention(visit: Visit) -> None:
    """A sentence that requests are waiting, which leads to them; nothing if none are."""
    if visit.facts["as_at"] is not None:
        return
    # Whoever has just answered one need not wait for figures to see it gone.
    if sentence := _mentioned(visit) if session.figures_due() else visit.keep(_mentioned):
        page.html(
            '<p class="fs-lead"><a href="returns?look=Withdraw+or+reopen" target="_self">'
            f"{sentence}</a></p>"
        )


def _mentioned(visit: Visit) -> str:
    """Read once for each release: every request and every answer has a new one built."""
    return words.asked(len(_waiting()))


@decision_form.around(_KEY)
def show(visit: Visit) -> None:
    """Every request that waits, and the decision about one of them; nothing if none do."""
    waiting, names = _waiting(), history.names(visit)
    if not waiting:
        return
    page.section(
        "Requests to withdraw a return",
        "The figures stay on the charts until you decide. The trust will read why you refuse.",
    )
    rows = [_row(each, names) for each in waiting.values()]
    page.html(html("Waiting for your answer, oldest first", _COLUMNS, rows))
    left, right = st.columns(2)
    chosen = left.selectbox(
        "Request",
        list(waiting),
        format_func=lambda name: f"{waiting[name].return_id}, {_trust(waiting[name], names)}",
        key="request_chosen",
    )
    answer = right.selectbox("Your answer", (_GRANT, _REFUSE), key="request_answer")
    reason = st.text_input(decision_form.WHY, key=f"{_KEY}_reason", max_chars=500)
    plan = _plan(visit, waiting[chosen], reason, grants=answer == _GRANT)
    if plan is None:
        st.info("The figures of this return are still being worked out: answer in a moment.")
        return
    decision_form.offer(_KEY, "Answer the request", plan)


def _waiting() -> dict[str, Request]:
    return withdrawal_requests.waiting(open_home(session.home()).archive.decisions())


def _plan(visit: Visit, request: Request, reason: str, *, grants: bool) -> Plan | None:
    """What an answer will do; None if the figures of the return are still being worked out."""
    return_id = request.return_id
    found = visit.ask(receipts).filter(pl.col("return_id") == return_id)
    if grants:
        return None if found.is_empty() else withdraw.plan(visit, found.row(0, named=True), reason)
    return Plan(
        f"Refuse to withdraw {return_id}? It stays in use. The trust will see your reason.",
        "Yes, refuse",
        f"The request to withdraw {return_id} has been refused.",
        reason,
        partial(_refuse, request=request.asked.id),
        undo.straight_away,
        figures=False,
    )


def _row(request: Request, names: dict[str, str]) -> dict[str, object]:
    return {
        "return_id": request.return_id,
        "trust": _trust(request, names),
        "asked": wording.moment(request.asked.decided_at),
        "by": request.asked.decided_by,
        "why": request.asked.reason,
    }


def _trust(request: Request, names: dict[str, str]) -> str:
    code = request.return_id.partition("/")[0]
    return names.get(code, code)


def _refuse(home: Home, decided: Decided, *, request: str) -> Decision:
    taken = withdrawal_requests.refuse(home, request, decided)
    sign_in_log.log("refuse_request", request=request, decision=taken.id)
    return taken
