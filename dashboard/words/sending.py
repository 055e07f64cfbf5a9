"""The sentences of Send a return: its months, what is left to do, what sending would change."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from dashboard import numbers
from pipelines.accepting.preview import Preview
from pipelines.sending import OpenMonth
from schemas import wording
from schemas.problems import Problem, Severity
from schemas.receipts import Receipt
from schemas.returns import columns_of


def is_in_use(look: Preview) -> bool:
    """Whether the return in use is this very file."""
    return look.active is not None and look.active.sha256 == look.checked.sha256


def changing(look: Preview) -> str:
    """How much a resubmission changes."""
    cells = 0 if look.changes is None else look.changes.height
    if is_in_use(look):
        return "It is exactly this file, and nothing changes."
    if not cells:
        return "Your file says the same in every cell."
    return f"Your file changes {wording.counted(cells, 'cell')}."


def change(row: Mapping[str, object]) -> dict[str, str]:
    """One changed cell (`pipelines.checking.version_changes`) as a table reads it."""
    sheet = str(row["sheet"])
    column = columns_of(sheet)[str(row["field"])].title
    many = sheet in ("standards", "events")  # there a ward has several rows
    where = (row["about"] if many else row["ward_code"]) or "The whole return"
    return {
        "ward": str(where),
        "what": column if sheet == "monthly" else f"{column} ({sheet})",
        "before": _cell_text(row["before"], row["state_before"]),
        "after": _cell_text(row["after"], row["state_after"]),
    }


def _cell_text(text: object, state: object) -> str:
    if state is None:
        return "No such row"
    if state == "missing":
        return "Blank"
    if state == "nil":
        return "0 (nil return)"
    return str(text) if text is not None else numbers.STATES.get(str(state), "Blank")


def need(months: Sequence[OpenMonth], today: date) -> str:
    """The screen's first sentence: what is there to send?"""
    waiting = [choice for choice in months if choice.active is None]
    if not months:
        return "There is no month to send now: none is open for your trust."
    if not waiting:
        return "Every open month has been sent. You can send one again to correct it."
    late = [choice for choice in waiting if choice.due < today]
    oldest = waiting[0]
    past = f", {len(late):,} of them past the due day" if late and len(waiting) > 1 else ""
    due = "was due" if oldest.due < today else "is due"
    return (
        f"{wording.counted(len(waiting), 'month')} to send{past}. "
        f"{oldest.month.label} {due} by {wording.day_of(oldest.due)}."
    )


def month(choice: OpenMonth, today: date) -> str:
    """A month to choose, with what has become of it, short enough for a phone."""
    if choice.active:
        return f"{choice.month.label}: sent, version {choice.active.version}"
    verb = "was due" if choice.due < today else "due"
    return f"{choice.month.label}: {verb} {choice.due.day} {choice.due:%b %Y}"


def found(problems: Iterable[Problem], carried: int = 0) -> str:
    """How much of what was found in a return, as its summary.

    `carried` is how many of its queries were answered when the month was sent last.
    """
    severities = [problem.severity for problem in problems]
    errors, queries = severities.count(Severity.ERROR), severities.count(Severity.QUERY)
    if errors:
        return (
            f"There {_are(errors)} in your return, so it has not been "
            "sent and nothing of it is kept. Correct the file, then upload it again."
        )
    if not queries:
        return "Your return has no problems. It has not been sent yet."
    left = queries - carried
    if not left:
        its = f"{wording.counted(queries, 'query', 'queries')} {_was(queries)}"
        return f"Your return can be sent: {its} answered last time."
    once = f"once {wording.counted(left, 'query', 'queries')} {'is' if left == 1 else 'are'}"
    more = f" {carried:,} more {_was(carried)} answered last time." * bool(carried)
    return f"Your return can be sent {once} answered.{more}"


def found_in_use() -> str:
    """The summary of a file that need not be sent."""
    return "This very file has been sent before and is in use: you need not send it again."


def to_do(queries: int, active: Receipt | None, carried: int = 0) -> str:
    """What is left to do before a return can be sent, and what sending it does."""
    kept = "it is kept as a new version" if active else "it is kept"
    kept = f"Once sent, {kept}, and its figures are on your charts at once."
    if not queries:
        return kept
    why = (
        "If the figures are right, say why, without names: the programme team reads it. If not, "
        "correct the file and choose it again."
    )
    again = (
        "What was said last time about the very same figures stands there already: by sending, "
        "you confirm it. Change it if it is no longer so."
    )
    return " ".join([*[why] * (queries > carried), *[again] * bool(carried), kept])


def to_do_again(queries: int) -> str:
    """What sending the very file that is in use does."""
    answers = " Answers that you add or change are kept with it." if queries else ""
    return f"Sending it again changes no figure and shows its receipt.{answers}"


def _are(problems: int) -> str:
    return f"{'is' if problems == 1 else 'are'} {wording.counted(problems, 'problem')}"


def _was(queries: int) -> str:
    return "was" if queries == 1 else "were"
