"""What the screen for sending a return says: months, problems and receipts in sentences."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard import numbers
from dashboard.words import phrases
from pipelines.sending import Look, OpenMonth
from pipelines.workbooks.report import title_of
from schemas.problems import Problem, Severity
from schemas.receipts import Receipt
from schemas.returns import columns_of

_MOST_NAMED = 6


@dataclass(frozen=True)
class Line:
    """One problem, or the same problem in several cells, in the order in which people look."""

    sheet: str
    rows: str
    wards: str
    column: str
    entered: str
    problem: str
    fix: str


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
        f"{phrases.counted(len(waiting), 'month')} to send{past}. "
        f"{oldest.month.label} {due} by {phrases.day(oldest.due)}."
    )


def month(choice: OpenMonth, today: date) -> str:
    """A month to choose, with what has become of it, short enough for a phone."""
    if choice.active:
        return f"{choice.month.label}: sent, version {choice.active.version}"
    verb = "was due" if choice.due < today else "due"
    return f"{choice.month.label}: {verb} {choice.due.day} {choice.due:%b %Y}"


def found(problems: Iterable[Problem]) -> str:
    """How much of what was found in a return, as its summary."""
    severities = [problem.severity for problem in problems]
    errors, queries = severities.count(Severity.ERROR), severities.count(Severity.QUERY)
    if errors:
        return (
            f"There {_are(errors)} in your return, so it has not been "
            "sent and nothing of it is kept. Correct the file, then upload it again."
        )
    if queries:
        return (
            f"Your return can be sent once {phrases.counted(queries, 'query', 'queries')} "
            f"{'is' if queries == 1 else 'are'} answered."
        )
    return "Your return has no problems. It has not been sent yet."


def lines(problems: Iterable[Problem]) -> list[Line]:
    """The problems sheet by sheet, with the same problem in several cells told once."""
    same: dict[tuple[str | None, ...], list[Problem]] = {}
    for problem in problems:
        key = (problem.sheet, problem.column, problem.code, problem.message, problem.fix)
        same.setdefault(key, []).append(problem)
    return [_line(group) for group in same.values()]


def is_in_use(look: Look) -> bool:
    """Whether the return in use is this very file."""
    return look.active is not None and look.active.sha256 == look.checked.sha256


def found_in_use() -> str:
    """The summary of a file that need not be sent."""
    return "This very file has been sent before and is in use: you need not send it again."


def to_do_again(queries: int) -> str:
    """What sending the very file that is in use does."""
    answers = " Answers that you add or change are kept with it." if queries else ""
    return f"Sending it again changes no figure and shows its receipt.{answers}"


def to_do(queries: int, active: Receipt | None) -> str:
    """What is left to do before a return can be sent, and what sending it does."""
    kept = "it is kept as a new version" if active else "it is kept"
    kept = f"Once sent, {kept}, and its figures are on your charts at once."
    if not queries:
        return kept
    return (
        "If the figures are right, say why, without names: the programme team reads it. If not, "
        f"correct the file and choose it again. {kept}"
    )


def asked(code: str, lines: Sequence[Line]) -> str:
    """The heading over the queries of one kind."""
    sheets = [f"“{sheet}”" for sheet in dict.fromkeys(line.sheet for line in lines) if sheet]
    where = f" on the sheet {phrases.listed(sheets)}" if sheets else ""
    return f"{phrases.counted(len(lines), 'query', 'queries')}{where} ({code})"


def changing(look: Look) -> str:
    """How much a resubmission changes."""
    cells = 0 if look.changes is None else look.changes.height
    if is_in_use(look):
        return "It is exactly this file, and nothing changes."
    if not cells:
        return "Your file says the same in every cell."
    return f"Your file changes {phrases.counted(cells, 'cell')}."


def change(row: Mapping[str, object]) -> dict[str, str]:
    """One changed cell (`pipelines.checking.changes`) as a table reads it."""
    sheet = str(row["sheet"])
    column = columns_of(sheet)[str(row["field"])].title
    many = sheet in ("standards", "events")  # there a ward has several rows
    where = (row["about"] if many else row["ward_code"]) or "The whole return"
    return {
        "ward": str(where),
        "what": column if sheet == "monthly" else f"{column} ({sheet})",
        "before": _cell(row["before"], row["state_before"]),
        "after": _cell(row["after"], row["state_after"]),
    }


def lacking(without: Sequence[Problem], queries: Sequence[Problem]) -> list[str]:
    """For each kind of query: that some, or all, have no reason yet."""
    said = []
    for code in dict.fromkeys(problem.code for problem in without):
        left, every = (sum(p.code == code for p in some) for some in (without, queries))
        what = "a reason" if left == every else f"a reason for {left:,} of its {every:,} queries"
        said.append(f"{code} needs {what}: say why the figures are right, or correct the file.")
    return said


def place(problem: Problem) -> str:
    """Where a query stands: Row 5, ALDER1, “Occupied bed days”."""
    parts = [
        f"row {problem.row}" if problem.row else None,
        problem.ward,
        f"“{title_of(problem)}”" if problem.column else problem.cell,
    ]
    return phrases.starting(", ".join(part for part in parts if part)) or "The whole return"


def asked_where(finding: Mapping[str, object], with_trust: bool) -> str:
    """Where an open query (`queries.findings`) stands: March 2026, Alder Ward, monthly D5 (W04)."""
    trust = [str(finding["trust_name"] or finding["trust_code"])] if with_trust else []
    ward = str(finding["ward_name"] or "the whole return")
    where = [f"{finding['sheet']} {finding['cell']}"] if finding["sheet"] else []
    parts = [phrases.month(finding["month"]), *trust, ward, *where]
    return f"{', '.join(parts)} ({finding['code']})"


def _cell(text: object, state: object) -> str:
    if state is None:
        return "No such row"
    if state == "missing":
        return "Blank"
    if state == "nil":
        return "0 (nil return)"
    return str(text) if text is not None else numbers.STATES.get(str(state), "Blank")


def _line(group: list[Problem]) -> Line:
    first = group[0]
    return Line(
        sheet=first.sheet or "",
        rows=_some(p.row for p in group) or "Whole sheet" * bool(first.sheet) or "Whole file",
        wards=_some(p.ward for p in group) or "–",
        column=title_of(first) or "–",
        entered=_some(p.value for p in group) or "Blank" * bool(first.cell) or "–",
        problem=first.message,
        fix=first.fix,
    )


def _are(problems: int) -> str:
    return f"{'is' if problems == 1 else 'are'} {phrases.counted(problems, 'problem')}"


def _some(values: Iterable[object]) -> str:
    """The different values of a group; the first few, and how many more."""
    texts = list(dict.fromkeys(str(value) for value in values if value not in (None, "")))
    more = len(texts) - _MOST_NAMED
    if more <= 1:
        return phrases.listed(texts, "")
    return f"{', '.join(texts[:_MOST_NAMED])} and {more} more"
