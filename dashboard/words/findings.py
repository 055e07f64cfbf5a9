"""What was found in a return, in sentences: its problems and queries, and where they stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipelines.workbooks.problem_report import title_of
from schemas import wording
from schemas.problems import Problem

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


def lines(problems: Iterable[Problem]) -> list[Line]:
    """The problems sheet by sheet, with the same problem in several cells told once."""
    same: dict[tuple[str | None, ...], list[Problem]] = {}
    for problem in problems:
        key = (problem.sheet, problem.column, problem.code, problem.message, problem.fix)
        same.setdefault(key, []).append(problem)
    return [_line(group) for group in same.values()]


def asked(code: str, queries: Sequence[Problem], before: bool = False) -> str:
    """The heading over the queries of one kind; `before`: they were answered last time."""
    sheets = [f"“{name}”" for name in dict.fromkeys(query.sheet for query in queries) if name]
    where = f" on the sheet {wording.listed(sheets)}" if sheets else ""
    when = ", answered last time" if before else ""
    return f"{wording.counted(len(queries), 'query', 'queries')}{where} ({code}){when}"


def room(code: str, queries: int, before: bool) -> str:
    """What stands over the room for a reason; `before`: what was said last time is in it."""
    if before:
        return f"Answered last time{f', for all {queries:,}' if queries > 1 else ''} ({code})"
    return f"One reason for all {queries:,} ({code})" if queries > 1 else f"Your reason ({code})"


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
    return wording.starting(", ".join(part for part in parts if part)) or "The whole return"


def asked_where(finding: Mapping[str, object], with_trust: bool) -> str:
    """Where an open query (`queries.findings`) stands: March 2026, Alder Ward, monthly D5 (W04)."""
    trust = [str(finding["trust_name"] or finding["trust_code"])] if with_trust else []
    ward = str(finding["ward_name"] or "the whole return")
    where = [f"{finding['sheet']} {finding['cell']}"] if finding["sheet"] else []
    parts = [wording.month_of(finding["month"]), *trust, ward, *where]
    return f"{', '.join(parts)} ({finding['code']})"


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


def _some(values: Iterable[object]) -> str:
    """The different values of a group; the first few, and how many more."""
    texts = list(dict.fromkeys(str(value) for value in values if value not in (None, "")))
    more = len(texts) - _MOST_NAMED
    if more <= 1:
        return wording.listed(texts, nothing="")
    return f"{', '.join(texts[:_MOST_NAMED])} and {more} more"
