"""The findings of a check in sentences: errors, queries and notes, and where they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipelines.workbooks.problem_report import title_of
from schemas import wording
from schemas.problems import Problem

_MOST_NAMED = 6


@dataclass(frozen=True)
class Line:
    """One finding, or the same finding in several cells; fields in the order people look."""

    sheet: str
    rows: str
    wards: str
    column: str
    entered: str
    problem: str
    fix: str


def lines(problems: Iterable[Problem]) -> list[Line]:
    """The findings as lines, with one line for the same finding in several cells."""
    same: dict[tuple[str | None, ...], list[Problem]] = {}
    for problem in problems:
        key = (problem.sheet, problem.column, problem.code, problem.message, problem.fix)
        same.setdefault(key, []).append(problem)
    return [_line(group) for group in same.values()]


def heading(code: str, queries: Sequence[Problem], before: bool = False) -> str:
    """The heading over the queries of one kind; `before`: they were explained last time."""
    sheets = [f"“{name}”" for name in dict.fromkeys(query.sheet for query in queries) if name]
    where = f" on the sheet {wording.listed(sheets)}" if sheets else ""
    when = ", explained last time" if before else ""
    return f"{wording.counted(len(queries), 'query', 'queries')}{where} ({code}){when}"


def field_label(code: str, queries: int, before: bool) -> str:
    """The label of the field for an explanation; `before`: last time's is filled in."""
    if before:
        return f"Explained last time{f', for all {queries:,}' if queries > 1 else ''} ({code})"
    if queries > 1:
        return f"One explanation for all {queries:,} ({code})"
    return f"Your explanation ({code})"


def lacking(without: Sequence[Problem], queries: Sequence[Problem]) -> list[str]:
    """A sentence for each kind of query of which some, or all, have no explanation yet."""
    sentences = []
    for code in dict.fromkeys(problem.code for problem in without):
        left, every = (sum(p.code == code for p in group) for group in (without, queries))
        some = "" if left == every else f" for {left:,} of its {every:,} queries"
        sentences.append(
            f"{code} needs an explanation{some}: say why the figures are right, or correct the "
            "file."
        )
    return sentences


def place(problem: Problem) -> str:
    """Where a query is: Row 5, ALDER1, “Occupied bed days”."""
    parts = [
        f"row {problem.row}" if problem.row else None,
        problem.ward,
        f"“{title_of(problem)}”" if problem.column else problem.cell,
    ]
    return wording.starting(", ".join(part for part in parts if part)) or "The whole return"


def query_place(finding: Mapping[str, object], with_trust: bool) -> str:
    """Where an open query (`queries.findings`) is: March 2026, Alder Ward, monthly D5 (W04)."""
    trust = [str(finding["trust_name"] or finding["trust_code"])] if with_trust else []
    ward = str(finding["ward_name"] or "the whole return")
    where = [" ".join(str(finding[k]) for k in ("sheet", "cell") if finding[k])]
    parts = [wording.month_of(finding["month"]), *trust, ward, *where]
    return f"{', '.join(filter(None, parts))} ({finding['code']})"


def _line(group: list[Problem]) -> Line:
    first = group[0]
    return Line(
        sheet=first.sheet or "",
        rows=_some(p.row for p in group) or _without_row(first),
        wards=_some(p.ward for p in group) or "–",
        column=title_of(first) or "–",
        entered=_some(p.value for p in group) or "Blank" * bool(first.cell) or "–",
        problem=first.message,
        fix=first.fix,
    )


def _without_row(problem: Problem) -> str:
    if problem.ward:
        return "No row"
    return "Whole sheet" if problem.sheet else "Whole file"


def _some(values: Iterable[object]) -> str:
    """The different values in a group: the first few, and how many more."""
    texts = list(dict.fromkeys(str(value) for value in values if value not in (None, "")))
    more = len(texts) - _MOST_NAMED
    if more <= 1:
        return wording.listed(texts, nothing="")
    return f"{', '.join(texts[:_MOST_NAMED])} and {more} more"
