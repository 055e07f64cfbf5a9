"""What people decided about returns, and the outcome of each attempt to send one, in words."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from schemas import wording
from schemas.deadlines import Dates

NO_NAMES: Mapping[str, str] = MappingProxyType({})
_NOT_YET = "The figures don’t show this yet: they are being worked out."
_DUE = (
    "<strong>New figures are on their way.</strong> What you saved is safe, but the figures below "
    "don’t include it yet. This screen will show them as soon as they are ready."
)
RECALCULATED = "Every figure has been recalculated."
STRAIGHT_AWAY = "Undone straight after it was saved"
KINDS = {
    "rebase": "New limits started",
    "annotation": "Event recorded",
    "change_test": "Test of change recorded",
    "query_answer": "Query explained",
    "withdrawal": "Return withdrawn",
    "withdrawal_request": "Withdrawal asked for",
    "request_refused": "Request to withdraw refused",
    "reopened_month": "Month reopened",
    "lock_exception": "Month reopened after it was final",
    "undo": "Decision undone",
}


def saved(took: float | None, undone: bool) -> str:
    """What is said until there are figures; `took` is how many seconds they took last time."""
    return f"{'Undone' if undone else 'Saved'}. {_NOT_YET}{_last_time(took)}"


def due(took: float | None) -> str:
    """The same on every screen, as markup."""
    return f"{_DUE}{_last_time(took)}"


def working(what: str, took: float | None) -> str:
    """What is going on, and how many seconds it took last time."""
    return f"{what}.{_last_time(took)}" if took and took >= 1 else what


def _last_time(took: float | None) -> str:
    return f" Last time, this took {wording.about_as_long(took)}." if took else ""


def withdraw(return_id: str, trust: str, month: str, active: bool, before: str | None) -> str:
    """What withdrawing a return will do; `before` is the version that takes its place."""
    if not active:
        then = "It is not in use, so no figure changes."
    elif before:
        then = f"Its figures are taken off every chart, and {before} comes back into use."
    else:
        then = (
            "Its figures are taken off every chart, and the month counts as missing until it is "
            "sent again."
        )
    return (
        f"Withdraw {return_id}, {trust}, {month}? {then} The file stays in the archive, with your "
        "name and your reason."
    )


def asked(number: int) -> str:
    """How many requests to withdraw a return wait for the programme team; empty if none do."""
    if not number:
        return ""
    requests, wait = ("request", "waits") if number == 1 else ("requests", "wait")
    return f"{number:,} {requests} to withdraw a return {wait} for your answer."


def request(return_id: str, trust: str) -> str:
    """What asking for a withdrawal will do."""
    return (
        f"Ask the programme team to withdraw {return_id}, {trust}? Its figures stay on the charts "
        "until they decide. They will see your name and your reason."
    )


def standing(kind: str | None, asked_at: str, ended_at: str, reason: str) -> str:
    """Where a trust's request is; `kind` is the decision that ended it, None while it waits."""
    if kind is None:
        return (
            f"Your trust asked at {asked_at} to withdraw this return. It stays in use until the "
            "programme team decides."
        )
    if kind == "withdrawal":
        return (
            f"Your trust asked at {asked_at} to withdraw this return. It was withdrawn at "
            f"{ended_at}."
        )
    return (
        f"Your trust asked at {asked_at} to withdraw this return. The programme team refused at "
        f"{ended_at}: “{reason}”"
    )


def reopen(whom: str, month: str, until: str, owner: str | None = None) -> str:
    """What reopening a closed month will do; `owner` is accountable for one that is final."""
    what = "will change figures that people may have seen"
    if owner:
        what = "will change figures that were final; until then they count as provisional again"
    names = (
        f"Your name, your reason and {owner} as the person accountable"
        if owner
        else "Your name and your reason"
    )
    return (
        f"Reopen {month} for {whom} until the end of {until}? A return for it will be accepted, "
        f"will count as late unless one came in time, and {what}. {names} will be recorded."
    )


def dates(of_month: Dates, today: date) -> dict[str, str]:
    """The three dates of a month, by label."""
    be = "were final after" if of_month.locked < today else "will be final after"
    return {
        "Was due": wording.day_of(of_month.due),
        "Closed after": wording.day_of(of_month.closed),
        f"Figures {be}": wording.day_of(of_month.locked),
    }


def none_closed(every: bool) -> str:
    """Why there is no month to choose."""
    if every:
        return "No month is closed but not yet final. For a month that is final, choose one trust."
    return "No month is closed for this trust."


def attempt(outcome: str, findings: int, received: str | None, known: str | None) -> str:
    """The outcome of an attempt to send a file.

    `received` is the return it was accepted as; `known` the earlier return with the same file.
    """
    if received:
        return f"Accepted as {received}"
    if known:
        return f"The same file as {known}, which was received earlier"
    if outcome == "errors":
        return f"Refused: {wording.counted(findings, 'finding')}"
    if outcome == "unreadable":
        return "Refused: the file could not be used"
    if outcome == "queries":
        return f"Not sent yet: {wording.counted(findings, 'finding')}, with queries to explain"
    return "Checked but not sent"


def codes(findings: Mapping[str, int]) -> str:
    """Findings by code: E04 (2), W01."""
    return wording.listed(
        [f"{c} ({n})" if n > 1 else c for c, n in findings.items()], nothing="None"
    )


def about(decision: Mapping[str, object], names: Mapping[str, str] = NO_NAMES) -> str:
    """What a decision is about: a return, or whose month and measure, and until when.

    `names` gives the names of trusts, wards (Z01-ALDER1) and measures; others appear as codes.
    """
    parts = [decision["return_id"], decision["query"]]
    if not decision["return_id"] and decision["month"]:
        measure = decision["measure"]
        parts += [_whose(decision, names), measure and names.get(str(measure), str(measure))]
        parts.append(_when(str(decision["month"])))
    parts.append(decision["label"])
    if decision["undoes"]:
        parts.append("an earlier decision")
    if decision["expires"]:
        parts.append(f"until {wording.day_of(date.fromisoformat(str(decision['expires'])[:10]))}")
    if decision["owner"]:
        parts.append(f"{decision['owner']} is accountable")
    return ", ".join(str(part) for part in parts if part) or "The whole programme"


def named(decision: Mapping[str, object], names: Mapping[str, str] = NO_NAMES) -> str:
    """A decision in one line: Return withdrawn (Z01/2026-03/1)."""
    return f"{KINDS[str(decision['kind'])]} ({about(decision, names)})"


def undone(about: str) -> str:
    """An undo in one line, by what it is in the end about."""
    return f"Undone: {about}"


def undo(about: str) -> tuple[str, str, str]:
    """Undoing a decision in force: the question, the word for yes, and what is said afterwards."""
    question = (
        f"Undo “{about}”? It will no longer apply. The decision and your reason stay in the "
        "history."
    )
    return question, "Yes, undo it", f"Undone: {about}."


def bring_back(about: str) -> tuple[str, str, str]:
    """Undoing an undo: the question, the word for yes, and what is said afterwards."""
    question = (
        f"Bring back “{about}”? It will apply again. Both decisions and your reason stay in the "
        "history."
    )
    return question, "Yes, bring it back", f"Applies again: {about}."


def straight_away(done: str, undone: bool) -> str:
    """What was saved last or, if it has been undone since, that it was."""
    return f"Undone: “{done}”" if undone else done


def _whose(decision: Mapping[str, object], names: Mapping[str, str]) -> str:
    trust, ward = decision["trust_code"], decision["ward_code"]
    if ward:
        return names.get(f"{trust}-{ward}", f"{trust}, {ward}")
    return names.get(str(trust), str(trust)) if trust else "Every trust"


def _when(text: str) -> str:
    """A month or a day, in words, as a decision records it."""
    if len(text) > len("2026-03"):
        return wording.day_of(date.fromisoformat(text))
    return wording.month_of(date.fromisoformat(f"{text}-01"))
