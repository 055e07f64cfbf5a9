"""Checks that wards belong to the trust and were open, and that statements are known."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

import polars as pl

from pipelines.checking.parse_dates import DELETE_TOTAL, read_as
from pipelines.checking.typed_return import TypedReturn, TypedRow
from pipelines.reading.compared import clean, is_total
from pipelines.reading.text_sheets import Cell
from pipelines.registers.excel_codes import MONTH, as_excel_keeps
from pipelines.registers.successors import move_of
from schemas.periods import Month
from schemas.problems import Problem, Severity
from schemas.returns import EVERY_WARD
from schemas.wording import day_of, listed, nearest, quoted, some


def unknown_wards(sent: TypedReturn) -> Iterator[Problem]:
    """E01: a ward code that is not in the register for the trust."""
    for entry, field in _ward_cells(sent):
        code = entry[field]
        if code is None or code in sent.ward_names:
            continue
        if entry.sheet == "events" and code == EVERY_WARD:
            continue
        fix = (
            f"{spoilt(entry.cells[field])}{_suggestion(entry, field, sent)}If it is a new ward, "
            "ask the programme team to add it."
        )
        if is_total(entry.cells[field].text):
            fix = DELETE_TOTAL
        yield entry.error(
            "E01",
            field,
            f"{quoted(entry.cells[field].text)} is not a ward of {sent.trust} on the register.",
            fix,
        )


def _ward_cells(sent: TypedReturn) -> Iterator[tuple[TypedRow, str]]:
    for sheet in ("wards", "monthly", "charter", "confidence", "events", "breakdowns"):
        for entry in sent.rows(sheet):
            yield entry, "ward_code"
    for entry in sent.rows("standards"):
        if entry["org_level"] == "ward":
            yield entry, "org_code"


def spoilt(cell: Cell) -> str:
    """A hint where a spreadsheet has probably turned a code into a date or a number."""
    text = clean(cell.text)
    if cell.kind == "date" or _DATE.fullmatch(text):
        what, such_as = "a date", "MAR1 becomes 1 March"
    elif cell.kind == "number" or _NUMBER.fullmatch(text):
        what, such_as = "a number", "0012 becomes 12, and 1E5 becomes 100000"
    else:
        return ""
    return (
        f"Excel may have turned what you typed into {what} ({such_as}). Set the cell's format to "
        "Text and type the code again. "
    )


_DATE = re.compile(
    rf"\d{{1,2}}[-/. ]?{MONTH}([-/. ]?(\d{{4}}|\d{{2}}))?|{MONTH}[-/. ](\d{{4}}|\d{{1,2}})"
    r"|\d{4}-\d{2}-\d{2}.*|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})",
    re.I,
)
_NUMBER = re.compile(r"[1-9]\d*|\d+\.\d+(E\+?\d+)?", re.I)


def _before_excel(cell: Cell, codes: Iterable[str]) -> str | None:
    """The code on the register that Excel would have turned into what stands in the cell."""
    if not spoilt(cell):
        return None
    kept = as_excel_keeps(clean(cell.text))
    return next((code for code in codes if kept and as_excel_keeps(code) == kept), None)


def _suggestion(entry: TypedRow, field: str, sent: TypedReturn) -> str:
    code = entry[field]
    before = _before_excel(entry.cells[field], sent.ward_names)
    if before:
        return f"Did you mean {before} ({sent.ward_names[before]})? "
    if came := _came_from(code, sent):
        return came
    named = {code: code for code in sent.ward_names}
    named |= {name: code for code, name in sent.ward_names.items()}
    guess = nearest(code, named)
    if guess:
        return f"Did you mean {named[guess]} ({sent.ward_names[named[guess]]})? "
    open_now = sent.context.register.wards_open(sent.trust, sent.month)["ward_code"]
    wards = some([f"{code} ({sent.ward_names[code]})" for code in open_now])
    return f"Your wards are {wards}. " if wards else ""


def _came_from(code: str, sent: TypedReturn) -> str:
    """The new code of a ward that came from another trust, if this is its old one."""
    wards = sent.context.register.wards.filter(
        pl.col("ward_code") == code,
        pl.col("successor_trust_code") == sent.trust,
        pl.col("successor_ward_code").is_not_null(),
    )
    for row in wards.sort("valid_from").iter_rows(named=True):
        moved = move_of(sent.context.register, row["trust_code"], code, sent.month.last_day)
        if moved and moved[1] in sent.ward_names:
            new = f"{moved[1]} ({sent.ward_names[moved[1]]})"
            return f"{code} of {row['trust_code']} became {new} on {day_of(moved[2])}: use that. "
    return ""


def outside_open_dates(sent: TypedReturn) -> Iterator[Problem]:
    """E12: a row for another month than the cover's, or for a ward that was not open in it."""
    cover = sent.cover.cells.get("period")
    for entry in sent.rows("monthly"):
        period = entry["period"]
        if period and Month.of(period) != sent.month and sent.baseline:
            yield entry.error(
                "E12",
                "period",
                f"{read_as(entry.cells['period'])}This row is for {Month.of(period).label}, but "
                f"the baseline on the cover is for {sent.baseline.label}.",
                "Correct the month here or on the cover, or delete the row.",
            )
        elif period and Month.of(period) != sent.month:
            yield entry.error(
                "E12",
                "period",
                f"{read_as(entry.cells['period']) or (read_as(cover) if cover else '')}This row "
                f"is for {Month.of(period).label}, but the return is for {sent.month.label}.",
                "Correct the month, or send each month's figures in a separate file.",
            )
        elif moved := _moved(entry["ward_code"], sent):
            trust, code, day = moved
            where = f"ward {code}" if trust == sent.trust else f"ward {code} of {trust}"
            yield entry.error(
                "E12",
                "ward_code",
                f"Ward {entry['ward_code']} became {where} on {day_of(day)}.",
                f"Use the code {code}."
                if trust == sent.trust
                else f"Delete the row, and send its figures in the return of {trust}.",
            )
        elif entry["ward_code"] in sent.ward_names and (closed := _closed(entry, sent)):
            yield entry.error(
                "E12",
                "ward_code",
                f"Ward {entry['ward_code']} was not open in {sent.month.label}: {closed}.",
                "Delete the row. If the dates are wrong, ask the programme team to correct the "
                "register.",
            )


def _moved(code: str | None, sent: TypedReturn) -> tuple[str, str, date] | None:
    """Where a ward of this trust had moved by the month."""
    if code is None or code in sent.wards:
        return None
    return move_of(sent.context.register, sent.trust, code, sent.month.first_day)


def _closed(entry: TypedRow, sent: TypedReturn) -> str | None:
    ward = sent.wards.get(entry["ward_code"])
    if ward is None:
        return "the register does not list it for that month"
    if ward["open_from"] > sent.month.last_day:
        return f"the register says it opens on {day_of(ward['open_from'])}"
    if ward["open_to"] and ward["open_to"] < sent.month.first_day:
        return f"the register says it closed on {day_of(ward['open_to'])}"
    return None


def no_baseline(sent: TypedReturn) -> Iterator[Problem]:
    """E12: a row of a baseline for a ward that brings none, or that took part in the month."""
    if sent.baseline is None:
        return
    wards = sent.baseline.window.wards
    for entry in sent.rows("monthly"):
        code = entry["ward_code"]
        if code not in sent.ward_names:
            continue
        if wards and code not in wards:
            yield entry.error(
                "E12",
                "ward_code",
                f"Ward {code} brings no baseline: only {listed(wards)} may.",
                "Delete the row, or ask the programme team to add the ward.",
            )
        elif sent.context.register.takes_part(sent.trust, code, sent.month):
            yield entry.error(
                "E12",
                "ward_code",
                f"Ward {code} had already joined in {sent.month.label}: that month is no baseline.",
                f"Delete the row. Its figures belong in the return for {sent.month.label}; if that "
                "is closed, ask the programme team to reopen it.",
            )


def missing_wards(sent: TypedReturn) -> Iterator[Problem]:
    """N06: a ward that was open has no row, and had none in the version in use (see W18)."""
    if sent.baseline:
        return
    returned = {entry["ward_code"] for entry in sent.rows("monthly")}
    if sent.past.in_use is not None:
        returned |= set(sent.past.in_use.filter(sheet="monthly")["ward_code"])
    wards = sent.context.register.wards_open(sent.trust, sent.month)
    wards = wards.filter(pl.col("in_collaborative") == "yes")
    missing = [
        f"{row['ward_code']} ({row['ward_name']})"
        for row in wards.iter_rows(named=True)
        if row["ward_code"] not in returned
    ]
    if missing:
        yield Problem(
            Severity.NOTE,
            "N06",
            f"No row for {listed(missing)}, open in {sent.month.label}.",
            "It will count as missing. To change that, add a row; if nothing was collected, "
            "choose “Nothing was collected” under “Row status”.",
            sheet="monthly",
        )


RULES = (unknown_wards, outside_open_dates, no_baseline, missing_wards)
