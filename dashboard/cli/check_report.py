"""A check's findings as a person reads them: what to correct, where, and how."""

import shutil
import textwrap
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from schemas.problems import Outcome, Problem, Severity

if TYPE_CHECKING:
    from pipelines.checking.check import Checked

_HEADINGS = {
    Severity.ERROR: ("1 error to correct", "{} errors to correct"),
    Severity.QUERY: ("1 query to explain", "{} queries to explain"),
    Severity.NOTE: ("1 note, nothing to do", "{} notes, nothing to do"),
}
_CLOSING = {
    Outcome.CLEAN: "Nothing is wrong. You can send it: feeling-safe submit",
    Outcome.QUERIES: "You can send it with an explanation for each query: feeling-safe submit "
    "shows how.",
    Outcome.ERRORS: "Nothing has been saved. Correct the errors in the file, save it, and check it "
    "again.",
    Outcome.UNREADABLE: "Nothing has been saved.",
}


def report(checked: "Checked", closing: bool = True) -> str:
    """Everything found in a file, worst first, then in row order."""
    blocks = ["\n".join(_wrapped(_about(checked), ""))]
    for severity in Severity:
        found = [p for p in checked.problems if p.severity is severity]
        if found:
            blocks += [_heading(severity, len(found)), *_by_sheet(found)]
    if closing:
        blocks.append("\n".join(_wrapped(_CLOSING[checked.outcome], "")))
    return "\n\n".join(blocks)


def _about(checked: "Checked") -> str:
    about = [checked.filename]
    if checked.trust:
        about.append(f"trust {checked.trust}")
    if checked.month:
        about.append(checked.label)
    if checked.rows:
        about.append(f"{checked.rows} row{'s' if checked.rows > 1 else ''}")
    return " · ".join(about)


def _heading(severity: Severity, count: int) -> str:
    one, many = _HEADINGS[severity]
    text = one if count == 1 else many.format(count)
    return f"{text}\n{'-' * len(text)}"


def _by_sheet(problems: list[Problem]) -> Iterator[str]:
    """A block for each finding; one found in many rows is listed once."""
    same: dict[tuple[str | None, ...], list[Problem]] = {}
    for problem in problems:
        key = (problem.sheet, problem.column, problem.code, problem.message, problem.fix)
        same.setdefault(key, []).append(problem)
    groups = sorted(same.values(), key=lambda group: group[0].sheet or "")
    for sheet, in_sheet in groupby(groups, key=lambda group: group[0].sheet):
        if sheet:
            yield f"Sheet “{sheet}”"
        for group in in_sheet:
            yield "\n".join(_block(group))


def _block(group: list[Problem]) -> Iterator[str]:
    first = group[0]
    yield from _wrapped(f"{_place(group)} [{first.code}]".strip(), "  ")
    values = list(dict.fromkeys(p.value for p in group if p.value))
    if values:
        yield from _wrapped(", ".join(values), "    You entered:  ")
    yield from _wrapped(first.message, "    Problem:      ")
    yield from _wrapped(first.fix, "    How to fix:   ")


def _place(group: list[Problem]) -> str:
    """Where a finding is, such as `Row 3, ward ALDER1, “Patients who feel safe” (cell G3)`."""
    rows = list(dict.fromkeys(p.row for p in group if p.row))
    wards = list(dict.fromkeys(p.ward for p in group if p.ward))
    cells = list(dict.fromkeys(p.cell for p in group if p.cell))
    parts = [_several("Row", "Rows", rows), _several("ward", "wards", wards), _title(group[0])]
    place = ", ".join(part for part in parts if part)
    return f"{place} ({_several('cell', 'cells', cells)})" if cells else place or _whole(group[0])


def _whole(problem: Problem) -> str:
    return "The whole sheet" if problem.sheet else "The whole file"


def _several(one: str, many: str, values: list[object]) -> str:
    if not values:
        return ""
    texts = [str(value) for value in values]
    if len(texts) == 1:
        return f"{one} {texts[0]}"
    return f"{many} {', '.join(texts[:-1])} and {texts[-1]}"


def _title(problem: Problem) -> str:
    from schemas.returns import SHEETS, columns_of

    if not problem.column:
        return ""
    known = columns_of(problem.sheet) if problem.sheet in SHEETS else {}
    return f"“{known[problem.column].title if problem.column in known else problem.column}”"


def _wrapped(text: str, indent: str) -> list[str]:
    width = min(max(shutil.get_terminal_size((100, 24)).columns, 60), 100)
    lines = [
        line
        for part in text.splitlines() or [""]
        for line in textwrap.wrap(
            part,
            width,
            initial_indent=indent,
            subsequent_indent=" " * len(indent),
            break_long_words=False,
            break_on_hyphens=False,
        )
    ]
    return lines or [indent]
