"""Ask the programme team to withdraw a return that was sent, and see where the request is."""

from functools import partial

import streamlit as st

from dashboard.page import page, session, sign_in_log
from dashboard.page.session import Visit
from dashboard.panels import decision_form
from dashboard.panels.decision_form import Plan
from dashboard.words import decisions as words
from pipelines.keeping import withdrawal_requests
from pipelines.keeping.decide import Decided
from pipelines.keeping.decisions import withdrawn
from pipelines.keeping.home import Home, open_home
from pipelines.keeping.withdrawal_requests import Request
from schemas import wording
from schemas.receipts import Decision, Receipt

_KEY, _CANCEL = "ask_to_withdraw", "cancel_request"
_WHY = "Why? The programme team will read it. Do not name anyone."
_ROLES = ("trust",)


def show(visit: Visit, receipt: Receipt, trust: str) -> None:
    """Where the trust's last request about this return is, and a way to ask or to cancel it."""
    decisions = open_home(session.home()).archive.decisions()
    last = withdrawal_requests.newest_about(decisions, receipt.return_id)
    gone = receipt.return_id in withdrawn(decisions)
    if gone and last is None:
        return
    page.section(
        "Ask to withdraw it",
        ""
        if last
        else "For a return that should never have been sent, such as one for the wrong "
        "month. To correct a figure, send the month again instead.",
    )
    with decision_form.around(_KEY), decision_form.around(_CANCEL):
        if last is not None:
            page.lead(_standing(last))
        if last is not None and last.waits:
            _cancel(last)
        elif not gone:
            _ask(receipt, trust)


def _standing(request: Request) -> str:
    asked, ended = request.asked, request.ended
    return words.standing(
        ended.kind if ended else None,
        wording.moment(asked.decided_at),
        wording.moment(ended.decided_at) if ended else "",
        ended.reason if ended else "",
    )


def _ask(receipt: Receipt, trust: str) -> None:
    reason = st.text_input(_WHY, key=f"{_KEY}_reason", max_chars=500)
    plan = Plan(
        words.request(receipt.return_id, trust),
        "Yes, ask them",
        "The programme team has been asked.",
        reason,
        partial(_save_request, return_id=receipt.return_id),
        _undo,
        _ROLES,
        figures=False,
    )
    decision_form.offer(_KEY, "Ask to withdraw it", plan)


def _cancel(request: Request) -> None:
    reason = st.text_input(
        "Why cancel the request? Do not name anyone.", key=f"{_CANCEL}_reason", max_chars=500
    )
    plan = Plan(
        "Cancel the request? The return stays in use. The request stays in the history.",
        "Yes, cancel the request",
        "The request has been cancelled.",
        reason,
        partial(_save_cancelling, request=request.asked.id),
        _undo,
        _ROLES,
        figures=False,
    )
    decision_form.offer(_CANCEL, "Cancel the request", plan)


def _save_request(home: Home, decided: Decided, *, return_id: str) -> Decision:
    trusts = session.admit(*_ROLES).scope.trusts
    taken = withdrawal_requests.ask(home, return_id, decided, trusts)
    sign_in_log.log("ask_to_withdraw", version=return_id, decision=taken.id)
    return taken


def _save_cancelling(home: Home, decided: Decided, *, request: str) -> Decision:
    trusts = session.admit(*_ROLES).scope.trusts
    taken = withdrawal_requests.cancel(home, request, decided, trusts)
    sign_in_log.log("undo", undone=request, decision=taken.id)
    return taken


def _undo(home: Home, decided: Decided, saved: Decision) -> Decision:
    """Undo asking or cancelling: a request that waits is cancelled, a cancelled one waits again."""
    trusts = session.admit(*_ROLES).scope.trusts
    taken = withdrawal_requests.undo(home, saved, decided, trusts)
    sign_in_log.log("undo", undone=taken.undoes, decision=taken.id)
    return taken
