"""What people decided about returns, and what became of each attempt to send one, in words."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from schemas import wording
from schemas.deadlines import Dates

NO_NAMES: Mapping[str, str] = MappingProxyType({})
KINDS = {
    "rebase": "Limits begin anew",
    "annotation": "Note on a chart",
    "query_answer": "Query answered",
    "withdrawal": "Return withdrawn",
    "reopened_month": "Month opened again",
    "lock_exception": "Month opened again after it was final",
    "undo": "Decision taken back",
}


def withdraw(return_id: str, trust: str, month: str, active: bool, before: str | None) -> str:
    """What withdrawing a return will do; `before` is the version that takes its place."""
    if not active:
        then = "It is not in use, so no figure changes."
    elif before:
        then = f"Its figures leave every chart, and {before} is in use again."
    else:
        then = "Its figures leave every chart, and the month counts as missing until it is sent."
    return (
        f"Withdraw {return_id}, {trust}, {month}? {then} The file stays in the archive, with your "
        "name and your reason."
    )


def reopen(whom: str, month: str, until: str, owner: str | None = None) -> str:
    """What opening a closed month again will do; `owner` answers for one that is final."""
    what = "changes figures that people may have seen"
    if owner:
        what = "changes figures that were final; until then they count as provisional again"
    names = (
        f"Your name, your reason and that {owner} answers for it"
        if owner
        else ("Your name and your reason")
    )
    return (
        f"Open {month} again for {whom}, until the end of {until}? A return for it is then "
        f"accepted, counts as late unless one came in time, and {what}. {names} are kept."
    )


def dates(of_month: Dates, today: date) -> dict[str, str]:
    """The three dates of a month, by what they are."""
    be = "were final after" if of_month.locked < today else "are final after"
    return {
        "Was due": wording.day_of(of_month.due),
        "Closed after": wording.day_of(of_month.closed),
        f"Its figures {be}": wording.day_of(of_month.locked),
    }


def none_closed(every: bool) -> str:
    """Why there is no month to choose."""
    if every:
        return "No month is closed and not yet final. Choose one trust for a month that is final."
    return "No month is closed for this trust."


def attempt(outcome: str, problems: int, kept: str | None, known: str | None) -> str:
    """What became of an attempt to send a file.

    `kept` is the return it was kept as; `known` the return that the same file was already.
    """
    if kept:
        return f"Kept as {kept}"
    if known:
        return f"The same file as {known}, which is kept already"
    if outcome == "errors":
        return f"Refused: {wording.counted(problems, 'problem')} found"
    if outcome == "unreadable":
        return "Refused: the file could not be used"
    if outcome == "queries":
        return f"Not sent yet: {wording.counted(problems, 'query', 'queries')} to answer"
    return "Checked, and not kept"


def codes(problems: Mapping[str, int]) -> str:
    """Which problems, by code: E04 (2), W01."""
    return wording.listed(
        [f"{c} ({n})" if n > 1 else c for c, n in problems.items()], nothing="None"
    )


def about(decision: Mapping[str, object], names: Mapping[str, str] = NO_NAMES) -> str:
    """What a decision is about: a return, or whose month and measure, and until when.

    `names` says what to call trusts, wards (Z01-ALDER1) and measures; a code stands for any other.
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
        parts.append(f"{decision['owner']} answers for it")
    return ", ".join(str(part) for part in parts if part) or "The whole programme"


def named(decision: Mapping[str, object], names: Mapping[str, str] = NO_NAMES) -> str:
    """A decision in one line: Return withdrawn (Z01/2026-03/1)."""
    return f"{KINDS[str(decision['kind'])]} ({about(decision, names)})"


def _whose(decision: Mapping[str, object], names: Mapping[str, str]) -> str:
    trust, ward = decision["trust_code"], decision["ward_code"]
    if ward:
        return names.get(f"{trust}-{ward}", f"{trust}, {ward}")
    return names.get(str(trust), str(trust)) if trust else "Every trust"


def _when(text: str) -> str:
    """A month, or a day, as a decision holds it."""
    if len(text) > len("2026-03"):
        return wording.day_of(date.fromisoformat(text))
    return wording.month_of(date.fromisoformat(f"{text}-01"))
