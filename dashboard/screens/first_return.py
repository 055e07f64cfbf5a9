"""Before a trust's first return: what it is, when to send it, and a workbook to practise with."""

from collections.abc import Mapping

from dashboard.page import page, session
from dashboard.page.session import Visit
from dashboard.queries.learning import forums
from dashboard.queries.organisations import wards
from dashboard.queries.returns import receipts
from dashboard.screens.send import send
from dashboard.screens.send.as_kept import months_to_send
from dashboard.words import learning as learning_words
from dashboard.words import sending as words
from pipelines.keeping.home import open_home
from pipelines.sending import OpenMonth, coming_month


def show(visit: Visit) -> None:
    """A section for each of a person's trusts that has never sent a return."""
    sent = set(visit.ask(receipts)["trust_code"])
    for trust in sorted(visit.scope.trusts - sent):
        if month := _first(visit, trust):
            _section(visit, trust, month)


def _first(visit: Visit, trust: str) -> OpenMonth | None:
    """The month to begin with: the oldest that can be sent, or the next one to come."""
    if waiting := months_to_send(visit, trust):
        return waiting[0]
    return coming_month(open_home(session.home()), trust, visit.today, visit.scope.trusts)


def _section(visit: Visit, trust: str, month: OpenMonth) -> None:
    named = visit.ask(wards, trust=trust)
    name = str(named["trust_name"][0]) if named.height else trust
    page.section(
        f"The first return of {name}" if visit.scope.has_several else "Your first return",
        words.FIRST_RETURN,
    )
    page.facts(_facts(visit, month, tuple(named["ward_name"])))
    label = f"Download the workbook for {month.month.label} to practise with"
    send.workbook_button(visit, trust, month, label)


def _facts(visit: Visit, month: OpenMonth, its: tuple[str, ...]) -> Mapping[str, str]:
    contact = session.programme().contact
    coming = learning_words.coming(visit.ask(forums), visit.today)
    return {
        "First month": month.month.label,
        "You can send it": words.opens(month, visit.today),
        "It is due by": words.due(month),
        "Your wards in the register": words.registered(its),
        **({"Next learning forum": coming} if coming else {}),
        **({"Ask for help": contact} if contact else {}),
    }
