"""The findings of a check in sentences: errors, queries and notes, and where they are."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pipelines.workbooks.problem_report import title_of
from pipelines.workbooks.ward_part import WardPart
from schemas import wording
from schemas.london_time import london_day
from schemas.problems import Problem, Severity

_MOST_NAMED = 6
_QUOTED, _DIGITS = re.compile("“[^“”]*”"), re.compile("[0-9]+")
FICTIONAL = "Fictional: every trust, ward, person and figure is made up."
EXACT = (
    "Exact figures, including small numbers, of this ward only. For the people who work with its "
    "figures: do not pass it on."
)
TASK = (
    "Write beside each finding what is right, or why the figure is as it is, without naming "
    "anyone. Then give this back to the person who sends your trust’s return."
)


@dataclass(frozen=True)
class Line:
    """One finding, or the same finding in several cells; fields in the order people look."""

    sheet: str
    cells: str
    wards: str
    column: str
    entered: str
    problem: str
    fix: str
    times: int = 1


def lines(problems: Iterable[Problem]) -> list[Line]:
    """The findings as lines, with one line for the same finding in several cells."""
    same: dict[tuple[str | None, ...], list[Problem]] = {}
    for problem in problems:
        key = (problem.sheet, problem.column, problem.code, problem.message, problem.fix)
        same.setdefault(key, []).append(problem)
    return [_line(group) for group in same.values()]


def row_by_row(problems: Sequence[Problem]) -> list[Line]:
    """A line for each finding, in the order of the sheet's rows; the whole file and sheet first."""
    sheets = list(dict.fromkeys(problem.sheet for problem in problems))
    ordered = sorted(problems, key=lambda p: (sheets.index(p.sheet), p.row or 0))
    return [_line([problem]) for problem in ordered]


def mistakes(problems: Iterable[Problem]) -> list[Line]:
    """A line for each kind of mistake on a sheet, whatever was entered; the most frequent first.

    Where the sentences differ, as they quote what was entered, the first is given as an example.
    """
    same: dict[tuple[str | None, ...], list[Problem]] = {}
    for problem in problems:
        key = (problem.sheet, problem.code, _form(problem.message), _form(problem.fix))
        same.setdefault(key, []).append(problem)
    groups = sorted(same.values(), key=len, reverse=True)
    return sorted(map(_line, groups), key=lambda line: bool(line.sheet))


def part_of(part: WardPart, trust: str, at: datetime) -> str:
    """What a ward's part holds, out of which check, and what isn't in it."""
    checked = f"Checked at {wording.moment(at)}"
    found = f"{checked}: {found_in(part)} in {part.name}’s rows of the return of {trust}."
    if not part.left_out:
        return found
    more = wording.counted(part.left_out, "more finding")
    verb = "names" if part.left_out == 1 else "name"
    return f"{found} {more} also {verb} another ward, so only the person who sends it can see it."


def found_in(part: WardPart) -> str:
    """How much was found in a ward's part: 2 errors and 1 query."""
    kinds = ((Severity.ERROR, "error", "errors"), (Severity.QUERY, "query", "queries"))
    counts = [(sum(f.severity is kind for f in part.findings), *names) for kind, *names in kinds]
    return wording.listed([wording.counted(count, *names) for count, *names in counts if count])


def until(due: date, at: datetime) -> str:
    """By when the return with a ward's part in it is needed."""
    verb = "was" if due < london_day(at) else "is"
    return f"The return {verb} due by {wording.day_of(due)}."


def where(problem: Problem) -> str:
    """The cell of a finding with its sheet, as in “monthly D5”."""
    return " ".join(filter(None, (problem.sheet, _cell(problem)))) or "Whole file"


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
            f"{code} needs an explanation{some}: say why the figures are right, or correct them."
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
        cells=_some(map(_cell, group)) or _without_row(first),
        wards=_some(p.ward for p in group) or "–",
        column=_some(map(title_of, group)) or "–",
        entered=_some(p.value for p in group) or "Blank" * bool(first.cell) or "–",
        problem=_one_of([p.message for p in group]),
        fix=_one_of([p.fix for p in group]),
        times=len(group),
    )


def _one_of(sentences: Sequence[str]) -> str:
    return f"{'For example: ' * (len(set(sentences)) > 1)}{sentences[0]}"


def _form(sentence: str) -> str:
    """A sentence without what it quotes and counts, so that the same mistake reads the same."""
    return _DIGITS.sub("0", _QUOTED.sub("“”", sentence))


def _cell(problem: Problem) -> str:
    return problem.cell or (f"Row {problem.row}" if problem.row else "")


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
