"""What people decided about returns, and what became of each attempt to send one, in words."""

from collections.abc import Mapping
from datetime import date

from dashboard.words import phrases

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


def reopen(whom: str, month: str, until: str | None) -> str:
    """What opening a closed month again will do."""
    ends = f"until the end of {until}" if until else "with no last day"
    return (
        f"Open {month} again for {whom}, {ends}? A return for it is then accepted, counts as late, "
        "and changes figures that people may have seen. Your name and your reason are kept."
    )


def attempt(outcome: str, problems: int, kept: str | None, known: str | None) -> str:
    """What became of an attempt to send a file.

    `kept` is the return it was kept as; `known` the return that the same file was already.
    """
    if kept:
        return f"Kept as {kept}"
    if known:
        return f"The same file as {known}, which is kept already"
    if outcome == "errors":
        return f"Refused: {phrases.counted(problems, 'problem')} found"
    if outcome == "unreadable":
        return "Refused: the file could not be used"
    if outcome == "queries":
        return f"Not sent yet: {phrases.counted(problems, 'query', 'queries')} to answer"
    return "Checked, and not kept"


def codes(problems: Mapping[str, int]) -> str:
    """Which problems, by code: E04 (2), W01."""
    return phrases.listed([f"{c} ({n})" if n > 1 else c for c, n in problems.items()], "None")


def about(decision: Mapping[str, object]) -> str:
    """What a decision is about: a return, or whose month and measure, and until when."""
    parts = [decision["return_id"], decision["query"]]
    if not decision["return_id"] and decision["month"]:
        month = phrases.month(date.fromisoformat(f"{decision['month']}-01"))
        whose = [decision["trust_code"] or "Every trust", decision["ward_code"]]
        parts += [*whose, decision["measure"], month]
    parts.append(decision["label"])
    if decision["undoes"]:
        parts.append("an earlier decision")
    if decision["expires"]:
        parts.append(f"until {decision['expires']}")
    return ", ".join(str(part) for part in parts if part) or "The whole programme"


def named(decision: Mapping[str, object]) -> str:
    """A decision in one line: Return withdrawn (Z01/2026-03/1)."""
    return f"{KINDS[str(decision['kind'])]} ({about(decision)})"
