"""Makes the workbook a trust fills in, pre-filled from the register and what it has sent."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from pipelines.registers.in_words import InWords, in_words
from pipelines.registers.register import Register
from pipelines.registers.successors import merger_of
from pipelines.workbooks.overview import Span
from pipelines.workbooks.template_lists import Reference
from pipelines.workbooks.template_sheets import write_workbook
from schemas.periods import Month
from schemas.programme import Breakdown, Programme
from schemas.returns import EVERY_WARD, SHEETS, TEMPLATE_VERSION, columns_of, sheets_of
from schemas.sheets.confidence import QUESTION

Rows = dict[str, list[dict[str, Any]]]

CARRIED_ON = (  # cover answers that rarely change; the declaration must be made again each month
    "submitted_by_role",
    "contact_email",
    "incident_source",
    "category_mapping",
    "includes_leave_incidents",
    "staff_on_staff_source",
)

_OF_THIS_TEMPLATE = ("template_version", "trust_name")


def template(
    programme: Programme,
    register: Register,
    trust_code: str,
    month: Month,
    previous: pl.DataFrame | None = None,
    in_use: pl.DataFrame | None = None,
) -> bytes:
    """The workbook to fill in, with details from `previous`, the trust's return before this month.

    If the month was sent already, `in_use` is its version in use, and the workbook holds exactly
    what that holds: a correction starts from it, so nothing in it can be lost unseen. Both are
    frames of `schemas.cells`. Raises ValueError with a sentence if the trust was not in the
    register in that month.
    """
    if in_use is None:
        return filled(programme, register, trust_code, month, {}, previous)
    due = rows_to_fill_in(programme, register, trust_code, month, in_use=in_use)
    return filled(programme, register, trust_code, month, due)


def rows_to_fill_in(
    programme: Programme,
    register: Register,
    trust_code: str,
    month: Month,
    previous: pl.DataFrame | None = None,
    in_use: pl.DataFrame | None = None,
) -> Rows:
    """The rows of each sheet that `template` writes, by sheet; arguments and errors are the same.

    Of a version in use, the cover has only what was sent.
    """
    trust = _trust(register, trust_code, month)
    if in_use is None:
        return _prefilled(programme, register, trust, month, rows_of(previous))
    due, sent = _prefilled(programme, register, trust, month, {}), rows_of(in_use)
    there = {_statement(row) for row in sent.get("standards", []) if row["org_level"] == "trust"}
    due["trust_standards"] = [r for r in due["trust_standards"] if _statement(r) not in there]
    return {sheet: _sent_and_due(sheet, sent.get(sheet, []), due[sheet]) for sheet in due}


def filled(
    programme: Programme,
    register: Register,
    trust_code: str,
    month: Month,
    values: Mapping[str, Sequence[Mapping[str, Any]]],
    previous: pl.DataFrame | None = None,
) -> bytes:
    """The same workbook with values in it.

    `values` gives rows by sheet, each a mapping of field to int, str, date or None; the cover is
    one row. Cover answers are added to the pre-filled ones; other sheets are replaced.
    """
    trust = _trust(register, trust_code, month)
    rows = _prefilled(programme, register, trust, month, rows_of(previous))
    for sheet, given in values.items():
        new = [dict(row) for row in given]
        rows[sheet] = [rows["cover"][0] | new[0]] if sheet == "cover" and new else new
    wards = register.wards_open(trust_code, month)
    words, rated = in_words(register, month), register.sets_in_use(programme.standards_set, month)
    reference = Reference(
        choices=_choices(
            wards["ward_code"].to_list(), list(words.items.values()), programme.breakdowns
        ),
        statements={
            (words.sets[set_id], words.statements[set_id, code]): text
            for set_id, code, text in rated.select("set_id", "statement_id", "short_text").rows()
        },
        beds=dict(wards.select("ward_code", "beds").iter_rows()),
        used=frozenset() if previous is None else used_in(previous),
    )
    shown = {sheet: [_in_words(sheet, row, words) for row in its] for sheet, its in rows.items()}
    span = Span(month.label, month, month.days)
    return write_workbook(programme, trust, span, shown, reference)


def _trust(register: Register, trust_code: str, month: Month) -> Mapping[str, Any]:
    trust = register.trust(trust_code, month)
    if trust is None:
        merged = merger_of(register, trust_code, month.first_day)
        why = merged or "check its code and the month"
        raise ValueError(f"Trust {trust_code} was not in the register in {month.label}: {why}.")
    return trust


def _prefilled(
    programme: Programme, register: Register, trust: Mapping[str, Any], month: Month, last: Rows
) -> Rows:
    wards = list(register.wards_open(trust["trust_code"], month).iter_rows(named=True))
    codes = [ward["ward_code"] for ward in wards]
    rated = register.sets_in_use(programme.standards_set, month)
    of_each, of_trust = _statements(rated, wards), _statements_of_trust(rated)
    last = {**last, "trust_standards": _of_trust(last)}
    rows = {
        "cover": [_cover(trust, month, last)],
        "wards": wards,
        "monthly": [
            {"period": str(month), "ward_code": code, "return_status": "data"} for code in codes
        ],
        "charter": _carried(last, "charter", [{"ward_code": code} for code in codes]),
        "confidence": [
            {"ward_code": code, "question_id": item}
            for code in codes
            for item in register.items_of(QUESTION, month)["question_id"]
        ],
        "standards": _carried(last, "standards", of_each),
        "trust_standards": _carried(last, "trust_standards", of_trust),
        "events": [],
        "breakdowns": [
            {"ward_code": code, "breakdown": each.name, "category": category}
            for code in codes
            for each in programme.breakdowns
            for category in each.every
        ],
    }
    return {sheet: rows[sheet] for sheet in sheets_of(programme)}


def _cover(trust: Mapping[str, Any], month: Month, last: Rows) -> dict[str, Any]:
    before = (last.get("cover") or [{}])[0]
    return {field: before.get(field) for field in CARRIED_ON} | {
        "template_version": TEMPLATE_VERSION,
        "trust_code": trust["trust_code"],
        "trust_name": trust["trust_name"],
        "period": str(month),
        "data_status": "provisional",
    }


def _statements(rated: pl.DataFrame, wards: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A row for each statement and each ward or site that it applies to."""
    bodies = {
        "ward": [ward["ward_code"] for ward in wards],
        "site": sorted({ward["site_code"] for ward in wards if ward["site_code"]}),
    }
    return [
        {
            "set_id": row["set_id"],
            "statement_id": row["statement_id"],
            "org_level": row["applies_to"],
            "org_code": body,
        }
        for row in rated.iter_rows(named=True)
        for body in bodies.get(row["applies_to"], ())
    ]


def _statements_of_trust(rated: pl.DataFrame) -> list[dict[str, Any]]:
    """A row for each statement that is for a trust as a whole."""
    rows = rated.filter(pl.col("applies_to") == "trust").select("set_id", "statement_id")
    return list(rows.iter_rows(named=True))


def _of_trust(last: Rows) -> list[dict[str, Any]]:
    """Last time's ratings of the trust as a whole, on whichever sheet they stood."""
    among = [row for row in last.get("standards", []) if row.get("org_level") == "trust"]
    aside = ("org_level", "org_code")
    moved = [{field: row[field] for field in row if field not in aside} for row in among]
    return [*moved, *last.get("trust_standards", [])]


def _statement(row: Mapping[str, Any]) -> tuple[Any, Any]:
    return row["set_id"], row["statement_id"]


def _in_words(sheet: str, row: Mapping[str, Any], words: InWords) -> dict[str, Any]:
    """A row with words in place of every code: of choices, and of its set, statement or item."""
    columns = columns_of(sheet)
    shown = {f: columns[f].in_words(value) if f in columns else value for f, value in row.items()}
    if "question_id" in row:
        shown["question_id"] = words.items.get(row["question_id"], row["question_id"])
    if "statement_id" in row:
        shown["set_id"] = words.sets.get(row["set_id"], row["set_id"])
        shown["statement_id"] = words.statements.get(_statement(row), row["statement_id"])
    return shown


def _carried(last: Rows, sheet: str, due: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each row that is due, with last time's answers."""
    keys = SHEETS[sheet].Config.unique
    before = {tuple(row.get(key) for key in keys): row for row in last.get(sheet, [])}
    return [before.get(tuple(row.get(key) for key in keys), {}) | row for row in due]


def _sent_and_due(
    sheet: str, sent: list[dict[str, Any]], due: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The rows that were sent, then the rows that may be added; never a row that must be filled."""
    if sheet == "cover":
        return [{k: v for k, v in row.items() if k not in _OF_THIS_TEMPLATE} for row in sent]
    if sheet == "monthly":
        return sent
    keys = getattr(SHEETS[sheet].Config, "unique", [])
    there = {tuple(row.get(key) for key in keys) for row in sent}
    return [*sent, *(row for row in due if tuple(row.get(key) for key in keys) not in there)]


def rows_of(cells: pl.DataFrame | None) -> Rows:
    """The cells of a return as rows again; the cover is one row."""
    rows: dict[str, dict[int, dict[str, Any]]] = {}
    for cell in [] if cells is None else cells.iter_rows(named=True):
        number = 0 if cell["sheet"] == "cover" else cell["row"]
        row = rows.setdefault(cell["sheet"], {}).setdefault(number, {})
        row[cell["field"]] = cell["text"]
    return {sheet: list(numbered.values()) for sheet, numbered in rows.items()}


def used_in(previous: pl.DataFrame) -> frozenset[str]:
    """The fields of the sheet “monthly” in which a return has anything."""
    filled = previous.filter(pl.col("sheet") == "monthly", pl.col("text") != "")
    return frozenset(filled["field"])


def _choices(
    wards: list[str], items: list[str], breakdowns: Sequence[Breakdown]
) -> dict[str, list[str]]:
    """Drop-downs that depend on the wards, the items or the breakdowns, by sheet and column."""
    return {
        "monthly.ward_code": wards,
        "charter.ward_code": wards,
        "confidence.ward_code": wards,
        "confidence.question_id": items,
        "events.ward_code": [EVERY_WARD, *wards],
        "breakdowns.ward_code": wards if breakdowns else [],
        "breakdowns.breakdown": [each.name for each in breakdowns],
        "breakdowns.category": list(dict.fromkeys(c for each in breakdowns for c in each.every)),
    }
